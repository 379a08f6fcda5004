// Completion in the shells themselves: each one is asked what it would offer.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { LOCAL_MNEMONIC } from "../../cmd/hanzod/genesis/localAccounts.ts";
import { hanzodOk, type RunningCommand, startHanzod } from "./cli/hanzod.ts";
import { HANZOD } from "./harness/nodeProcess.ts";

const run = promisify(execFile);
let folder = "";
let dev: RunningCommand;
let rpc = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-shell-"));
  await writeFile(join(folder, "hanzod"), `#!/bin/sh\nexec '${process.execPath}' '${HANZOD}' "$@"\n`);
  await chmod(join(folder, "hanzod"), 0o755);
  dev = startHanzod(["dev", "--rest-port", "0", "--grpc-port", "0", "--rpc-port", "0"]);
  rpc = (await dev.waitFor(/^RPC\s+(\S+)/m))[1] ?? "";
  for (const name of ["alice", "alfred", "bob"])
    await hanzodOk(["keys", "import", name, "--home", folder, "--keyring-backend", "test"], { input: LOCAL_MNEMONIC });
});
after(async () => {
  await dev?.end("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

async function isThere(shell: string): Promise<boolean> {
  return run(shell, ["-c", "true"]).then(
    () => true,
    () => false,
  );
}

async function script(shell: string): Promise<string> {
  const path = join(folder, `completion.${shell}`);
  await writeFile(path, await hanzodOk(["completion", shell]));
  return path;
}

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}`, HOME: folder });

/** How each shell is asked for what it offers after words; the last one is being typed. */
const ASK: Readonly<Record<string, (path: string, words: readonly string[]) => readonly string[]>> = {
  bash: (path, words) => [
    "-c",
    `source '${path}'; COMP_WORDS=(${words.map(quoted).join(" ")}); COMP_CWORD=${words.length - 1}; _hanzod; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  // What zsh does on a tab for a function of bash: its own compgen runs it on the words.
  zsh: (path, words) => [
    "-fc",
    `source '${path}'; words=(${words.map(quoted).join(" ")}); CURRENT=${words.length}; COMP_WORDS=($words); COMP_CWORD=${words.length - 1}; ` +
      `compgen -F _hanzod -- ${quoted(words.at(-1) ?? "")} || true`,
  ],
  fish: (path, words) => ["-c", `source '${path}'; complete -C ${quoted(words.join(" "))}`],
};

function quoted(word: string): string {
  return `'${word}'`;
}

async function offered(shell: string, path: string, words: readonly string[]): Promise<readonly string[]> {
  const ask = ASK[shell];
  assert.ok(ask);
  const { stdout } = await run(shell, [...ask(path, words)], { env: environment(), cwd: folder });
  return (
    stdout
      .split("\n")
      .map((line) => line.split("\t")[0] ?? "")
      // zsh itself keeps those that begin with the word; the other shells' answers have passed that already.
      .filter((line) => line !== "" && (shell !== "zsh" || line.startsWith(words.at(-1) ?? "")))
  );
}

for (const shell of ["bash", "zsh", "fish"]) {
  test(`${shell} completes commands, flags, key names and pools`, async (context) => {
    const path = await script(shell);
    if (!(await isThere(shell))) {
      context.diagnostic(`${shell} is not installed here: its script was made, but no ${shell} has read it`);
      return;
    }
    await run(shell, ["-n", path]);
    const at = ["--home", folder, "--keyring-backend", "test", "--node", rpc];
    const cases: readonly (readonly [words: readonly string[], expected: readonly string[]])[] = [
      [["hanzod", "q", "ba"], ["bank"]],
      [["hanzod", "tx", "sign-"], ["sign-batch"]],
      [["hanzod", "tx", "hmm", "swap", "gpu", "100", "--min-"], ["--min-out"]],
      [
        ["hanzod", "tx", "bank", "send", ...at, "--from", "al"],
        ["alfred", "alice"],
      ],
      [["hanzod", ...at, "keys", "show", "b"], ["bob"]],
      [
        ["hanzod", ...at, "genesis", "add-account", "al"],
        ["alfred", "alice"],
      ],
      [
        ["hanzod", "genesis", "va"],
        ["validate", "validate-genesis"],
      ],
      [["hanzod", "export", "--for"], ["--for-zero-height"]],
      [
        ["hanzod", "tx", ...at, "hmm", "swap", "g"],
        ["gpu", "gpu-eu"],
      ],
    ];
    for (const [words, expected] of cases) assert.deepEqual([...(await offered(shell, path, words))].sort(), expected, words.join(" "));
  });
}

// Arguments of `hanzod`, in a process of its own each time: few executions, but of the whole program.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HANZOD } from "../../e2e/harness/nodeProcess.ts";
import type { FuzzTarget } from "../target.ts";

const PATIENCE_MS = 60_000;
const home = join(tmpdir(), "hz-fuzz-no-such-home");
const lines = [
  `keys show nobody --home ${home} --json`,
  `keys add --home ${home}/\u0001`,
  "query bank balance hanzo1 aai --node http://127.0.0.1:1",
  `tx bank send a b 1aai --home ${home} --node http://127.0.0.1:1`,
  `hmm quote gpu 1 --node http://127.0.0.1:1 --json`,
  `status --home ${home}`,
  "sim --seed 1 --blocks 1",
  `start --home ${home} --comet external --abci tcp://127.0.0.1:x`,
  "version --json",
  "completion bash",
];

/** The program's arguments: words between blanks. */
export const commandTarget: FuzzTarget = {
  name: "commandLine",
  share: 0,
  seeds: lines.map((line) => new Uint8Array(Buffer.from(line))),
  async run(bytes) {
    const words = Buffer.from(bytes)
      .toString("utf8")
      .replaceAll("\0", "")
      .split(/\s+/)
      .filter((word) => word !== "")
      .slice(0, 30);
    // These would run for ever or make a real home; the first word decides.
    if (words.length === 0 || ["dev", "demo", "localnet", "testnet", "init"].includes(words[0] ?? "")) return;
    const env = { ...process.env, HANZO_HOME: home };
    const child = spawn(process.execPath, [HANZOD, ...words], { stdio: ["ignore", "ignore", "pipe"], env });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      said += part;
    });
    const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    const [code] = (await once(child, "close")) as [number | null];
    clearTimeout(late);
    assert.notEqual(code, null, `the command hangs: ${words.join(" ")}`);
    assert.doesNotMatch(said, /^\s+at .*:\d+:\d+\)?$/m, `a stack is no message for a person: ${words.join(" ")}\n${said}`);
  },
};

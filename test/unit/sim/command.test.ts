import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { CommanderError } from "commander";
import { simCommand } from "../../../cmd/hanzod/command/sim.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";

const folder = mkdtempSync(join(tmpdir(), "hanzo-sim-"));
after(() => rmSync(folder, { recursive: true }));

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `hanzod sim market …` in this process. The command is synchronous, so nothing else writes meanwhile. */
function sim(...args: readonly string[]): Answer {
  const command = simCommand();
  const answer = { stdout: "", stderr: "" };
  const keep = (stream: keyof Answer, text: unknown): boolean => {
    answer[stream] += String(text);
    return true;
  };
  for (const one of [command, ...command.commands]) {
    one.exitOverride().configureOutput({ writeOut: (text) => keep("stdout", text), writeErr: (text) => keep("stderr", text) });
  }
  const streams = { stdout: process.stdout.write, stderr: process.stderr.write };
  try {
    process.stdout.write = (text: unknown): boolean => keep("stdout", text);
    process.stderr.write = (text: unknown): boolean => keep("stderr", text);
    command.parse(["market", ...args], { from: "user" });
  } finally {
    process.stdout.write = streams.stdout;
    process.stderr.write = streams.stderr;
  }
  return answer;
}

test("a short run writes the report, prints the figures beside the theory, and says where the report is", () => {
  const out = join(folder, "short.html");
  const { stdout, stderr } = sim("--out", out, "--blocks", "150", "--lambda", "0.05,0");
  assert.match(stdout, /^shock +λ +price after 100/m);
  assert.match(stdout, /^demand10 +0\.05 +2\.140 \(2\.140\)/m);
  assert.match(stdout, /^figure +λ +simulated +theory +off by/m);
  assert.ok(stdout.includes(`report: ${out}\nnext: `));
  assert.match(stderr, /^shock demand10: 2 curves, 150 blocks\n/);
  assert.match(readFileSync(out, "utf8"), /<\/html>\n$/);
});

test("the same options write the same bytes", () => {
  const files = ["a.html", "b.html"].map((name) => join(folder, name));
  for (const out of files) sim("--out", out, "--blocks", "120", "--seed", "5");
  const [first, second] = files.map((file) => readFileSync(file));
  assert.deepEqual(first, second);
});

test("with --json the figures are one document and the progress stays off it", () => {
  const { stdout } = sim("--out", join(folder, "json.html"), "--blocks", "120", "--shock", "large", "--json");
  const document = JSON.parse(stdout) as {
    report: string;
    setting: object;
    largeStep: { runs: readonly { rule: string; rises: number }[] };
  };
  assert.equal(document.report, join(folder, "json.html"));
  assert.deepEqual(document.setting, { lambdas: [0, 0.05, 0.2], blocks: 120, seed: 1, shock: "large" });
  assert.deepEqual(new Set(document.largeStep.runs.filter(({ rises }) => rises > 0).map(({ rule }) => rule)), new Set(["sequential"]));
});

const REFUSED: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [["--blocks", "99"], /a whole number from 100 to 100000 is expected/],
  [["--blocks", "1e3"], /a whole number from 100 to 100000 is expected/],
  [["--blocks", "100001"], /a whole number from 100 to 100000 is expected/],
  [["--seed", "-1"], /a whole number from 0 to 4294967295 is expected/],
  [["--seed", "4294967296"], /a whole number from 0 to 4294967295 is expected/],
  [["--lambda", "0,,1"], /numbers like 0\.05 separated by commas are expected, got ""/],
  [["--lambda", "5%"], /got "5%"/],
  [["--lambda", "0.51"], /numbers from 0 to 0\.5 are expected/],
  [["--lambda", "0.1,0.10"], /different numbers are expected/],
  [["--lambda", "0,0.1,0.2,0.3,0.4"], /at most 4 numbers are expected, got 5/],
  [["--shock", "earthquake"], /Allowed choices are demand10, inelastic, supply50, pulse, large, all/],
  [["extra"], /too many arguments/],
];

for (const [args, message] of REFUSED) {
  test(`bad options are refused with what is expected: ${args.join(" ")}`, () => {
    assert.throws(
      () => sim("--out", join(folder, "never.html"), ...args),
      (thrown: unknown) => {
        assert.ok(thrown instanceof CommanderError);
        assert.match(thrown.message, message);
        return true;
      },
    );
  });
}

test("the help names every option with its default", () => {
  const help = simCommand().commands[0]?.helpInformation() ?? "";
  for (const text of [
    '"market.html"',
    "default: 6000",
    "default: 0,0.05,0.2",
    "default: 1)",
    '"demand10", "inelastic"',
    'default: "all"',
    "--json",
  ]) {
    assert.ok(help.replaceAll(/\s+/g, " ").includes(text), `${text} in ${help}`);
  }
});

test("a report that cannot be written is refused before any work", () => {
  const taken = join(folder, "folder");
  mkdirSync(taken);
  for (const out of [taken, join(folder, "missing", "market.html")]) {
    assert.throws(
      () => sim("--out", out, "--blocks", "100000"),
      (thrown: unknown) => thrown instanceof CliError && thrown.message === "the report cannot be written" && thrown.next.includes("--out"),
    );
  }
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { Command } from "commander";
import { createProgram } from "../../../cmd/hanzod/command/program.ts";
import { queryCommand } from "../../../cmd/hanzod/command/query.ts";
import { txCommand } from "../../../cmd/hanzod/command/tx.ts";
import { completionScript } from "../../../cmd/hanzod/completion/completionScript.ts";
import { readWordTree } from "../../../cmd/hanzod/completion/wordTree.ts";

function program(): Command {
  return new Command("hanzod").addCommand(queryCommand()).addCommand(txCommand());
}

/** What bash would offer after these words; the last one is being typed. */
function complete(script: string, words: readonly string[]): readonly string[] {
  const line = words.map((word) => `'${word}'`).join(" ");
  const run = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _hanzod; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", run], { encoding: "utf8", cwd: "/" }).trim().split("\n");
}

test("the word tree holds every chain of commands, by full and by short names, with their flags", () => {
  const tree = new Map(readWordTree(program()).map((node) => [node.path, node]));
  assert.deepEqual(tree.get("")?.commands, ["query", "q", "tx"]);
  assert.ok(tree.get("q bank")?.commands.includes("balances"));
  assert.ok(tree.get("query bank all-balances")?.flags.includes("--resolve-denom"));
  assert.ok(tree.get("tx hmm swap")?.flags.includes("--min-out"));
});

test("every command can show its help, and every command, argument and flag says what it is", async () => {
  const silent: string[] = [];
  const walk = (command: Command, path: string): void => {
    const help = command.createHelp();
    assert.ok(command.helpInformation().startsWith("Usage: hanzod"), path);
    for (const argument of command.registeredArguments)
      if (help.argumentDescription(argument) === "") silent.push(`${path} <${argument.name()}>`);
    for (const option of help.visibleOptions(command))
      if (help.optionDescription(option).trim() === "") silent.push(`${path} ${option.flags}`);
    for (const child of help.visibleCommands(command)) {
      const at = `${path} ${child.name()}`;
      if (help.subcommandDescription(child) === "") silent.push(at);
      if (child.name() !== "help") walk(child, at);
    }
  };
  walk(await createProgram(), "hanzod");
  assert.deepEqual(silent, []);
});

test("a command line loads its command alone, by each of its names; without one, all", async () => {
  const all = (await createProgram()).commands;
  assert.ok(all.length > 20);
  for (const command of all.filter((each) => each.name() !== "completion")) {
    for (const name of [command.name(), ...command.aliases()]) {
      const loaded = (await createProgram([name, "--json"])).commands.map((each) => each.name());
      assert.deepEqual(loaded, [command.name()], name);
    }
  }
  for (const words of [["completion", "bash"], ["--help"], ["strat"]])
    assert.equal((await createProgram(words)).commands.length, all.length);
});

test("bash completes modules, methods and flags and passes over other words", () => {
  const script = completionScript("bash", "hanzod", readWordTree(program()));
  assert.deepEqual(complete(script, ["hanzod", "q", "ba"]), ["bank"]);
  assert.deepEqual(complete(script, ["hanzod", "q", "hmm", "quote-buy"]), ["quote-buy", "quote-buy-exact-out"]);
  assert.deepEqual(complete(script, ["hanzod", "tx", "hmm", "swap", "gpu", "100", "--min"]), ["--min-out"]);
  assert.deepEqual(complete(script, ["hanzod", "tx", "hmm", "sw"]), ["swap"]);
  assert.deepEqual(complete(script, ["hanzod", "q", "--node", "http://x", "hmm", "va"]), ["vault"]);
});

test("scripts of all shells are made of the same tree", () => {
  const tree = readWordTree(program());
  const fish = completionScript("fish", "hanzod", tree);
  assert.ok(fish.includes(`complete -c hanzod -n '__hanzod_at "tx hmm swap"' -l min-out`));
  const zsh = completionScript("zsh", "hanzod", tree);
  assert.ok(zsh.startsWith("autoload") && zsh.endsWith(completionScript("bash", "hanzod", tree)));
});

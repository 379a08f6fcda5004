import type { Command } from "commander";

/** Values that only a home or a node knows. */
export type ValueKind = "keys" | "pools" | "snapshots";

/** What may follow a chain of command words. */
export interface WordNode {
  /** The words so far, separated by blanks; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly string[];
  readonly flags: readonly string[];
  /** What the first argument names; undefined where the shell cannot help. */
  readonly first: ValueKind | undefined;
}

/** Reads the command tree, aliases included, into one node per chain of words. */
export function readWordTree(program: Command): readonly WordNode[] {
  return readNode(program, "");
}

function readNode(command: Command, path: string): readonly WordNode[] {
  const visible = command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== "help");
  const commands = visible.flatMap(namesOf);
  const flags = [
    ...command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => (long === undefined || long === null ? [] : [long])),
    "--help",
  ];
  const below = visible.flatMap((child) => namesOf(child).flatMap((name) => readNode(child, path === "" ? name : `${path} ${name}`)));
  return [{ path, commands, flags, first: firstValue(command) }, ...below];
}

function namesOf(command: Command): readonly string[] {
  return [command.name(), ...command.aliases()];
}

/** Commands whose first argument is the name of a key that is not there yet. */
const NEW_KEY: ReadonlySet<string> = new Set(["add", "import"]);

function firstValue(command: Command): ValueKind | undefined {
  const name = command.registeredArguments[0]?.name();
  if (name === "pool-id") return "pools";
  const parent = command.parent?.name();
  if (parent === "snapshots" && name === "height") return "snapshots";
  const ofKeys = parent === "keys" && name === "name" && !NEW_KEY.has(command.name());
  return ofKeys || (parent === "genesis" && name === "account") ? "keys" : undefined;
}

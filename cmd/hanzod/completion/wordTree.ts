import type { Command } from "commander";

/** What may follow a chain of command words. */
export interface WordNode {
  /** The words so far, separated by blanks; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly string[];
  readonly flags: readonly string[];
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
  return [{ path, commands, flags }, ...below];
}

function namesOf(command: Command): readonly string[] {
  return [command.name(), ...command.aliases()];
}

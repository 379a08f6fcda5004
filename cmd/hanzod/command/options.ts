import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { createOutput, type Output } from "../../shared/output.ts";
import { type Home, resolveHome } from "../node/home.ts";

/** Options that most commands share. */
export interface CommonOptions {
  readonly home?: string;
  readonly json?: boolean;
}

/** Adds `--home` and `--json`. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--home <dir>", "the node's folder (default: $HANZO_HOME, else ~/.hanzod)")
    .option("--json", "print the result as JSON");
}

/** The home that the options name. */
export function homeOf(options: CommonOptions): Home {
  return resolveHome(options.home, process.env);
}

/** The output that the options name. */
export function outputOf(options: CommonOptions): Output {
  return createOutput(options.json === true);
}

/** Parses a port for commander. @throws InvalidArgumentError outside 1…65535 */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError("a port from 1 to 65535 is expected");
  return port;
}

/** Parses a count for commander. @throws InvalidArgumentError below 1 */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("a whole number of at least 1 is expected");
  return count;
}

import type { Command } from "commander";
import type { NodeOptions } from "../client/nodeOption.ts";
import { withCommonOptions } from "../command/options.ts";

/** Options of commands that look for blocks. */
export interface BlockOptions extends NodeOptions {
  readonly from?: readonly string[];
}

/** Adds `--home`, `--json`, `--node` and `--from`. */
export function withBlockOptions(command: Command): Command {
  return withCommonOptions(command)
    .option("--node <url>", "RPC of a node (default: the home's)")
    .option("--from <url...>", "REST of nodes that are asked for blocks which this home and the chain do not have");
}

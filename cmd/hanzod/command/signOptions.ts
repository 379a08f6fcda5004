import type { Command } from "commander";
import { parseSignMode, parseWholeNumber } from "../tx/txOptions.ts";
import { withKeyringOptions } from "./keyringOptions.ts";

/** Adds the options of a command that signs what exists already. */
export function withSignOptions(command: Command): Command {
  return withKeyringOptions(command)
    .option("--node <url>", "RPC of a node (default: the home's)")
    .option("--chain-id <id>", "name of the chain (default: the node's)")
    .option("--offline", "ask no node and send nothing; needs --chain-id, --account-number and --sequence")
    .option("-a, --account-number <n>", "number of the account that signs (default: the chain's)", parseWholeNumber)
    .option("-s, --sequence <n>", "sequence of the account that signs (default: the chain's)", parseWholeNumber)
    .option("--sign-mode <mode>", "direct or amino-json (default: direct)", parseSignMode)
    .option("--output-document <file>", "write the transaction here instead of to standard output");
}

import { Argument, Command } from "commander";
import { QueryPoolsRequest, QueryPoolsResponse } from "#proto/hanzo/hmm/v1/query";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { completionScript, SHELLS, type Shell, VALUES_COMMAND } from "../completion/completionScript.ts";
import { readWordTree, type ValueKind } from "../completion/wordTree.ts";
import { type KeyringOptions, keyringOf, withKeyringOptions } from "./keyringOptions.ts";
import { homeOf } from "./options.ts";
import { folderOf } from "./snapshotChoice.ts";

/** `hanzod completion bash|zsh|fish`. @param program the whole command tree, read when the command runs */
export function completionCommand(program: Command): Command {
  return new Command("completion")
    .description("print a completion script: `source <(hanzod completion bash)`, or `hanzod completion fish | source`")
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(SHELLS))
    .action((shell: Shell) => void process.stdout.write(completionScript(shell, program.name(), readWordTree(program))));
}

/** What completion scripts ask for while somebody types: names of keys, ids of pools, heights of snapshots, one per line. */
export function completionValuesCommand(): Command {
  return withKeyringOptions(new Command(VALUES_COMMAND))
    .addArgument(new Argument("<kind>").choices(["keys", "pools", "snapshots"] satisfies ValueKind[]))
    .option("--node <url>", "RPC of a node (default: the home's)")
    .action(async (kind: ValueKind, options: KeyringOptions & NodeOptions) => {
      const values = await VALUES[kind](options);
      process.stdout.write(values.map((value) => `${value}\n`).join(""));
    });
}

const VALUES: Record<ValueKind, (options: KeyringOptions & NodeOptions) => readonly string[] | Promise<readonly string[]>> = {
  keys: (options) =>
    keyringOf(options)
      .list()
      .map(({ name }) => name),
  pools: poolIds,
  snapshots: (options) =>
    folderOf(homeOf(options))
      .list()
      .map(({ height }) => height.toString()),
};

async function poolIds(options: NodeOptions): Promise<readonly string[]> {
  const client = await nodeClientOf(options);
  const { value } = await client.query("/hanzo.hmm.v1.Query/Pools", QueryPoolsRequest.encode(QueryPoolsRequest.fromPartial({})).finish());
  return QueryPoolsResponse.decode(value).pools.flatMap(({ pool }) => (pool === undefined ? [] : [pool.id]));
}

import { Command } from "commander";
import { CliError } from "../../shared/cliError.ts";
import { toJson } from "../../shared/output.ts";
import type { NodeClient } from "../client/nodeClient.ts";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { reportTx, waitForTx } from "../tx/report.ts";
import { outputOf, parseCount, withCommonOptions } from "./options.ts";

/** Queries that a Cosmos user knows by these names: they ask the consensus engine, and print its answer as it comes. */
export function chainQueries(): readonly Command[] {
  return [
    heightQuery("block", "a block, by height or hash", ["--type <kind>", "height or hash of it is given (default: height)"]),
    heightQuery("block-results", "what came of the transactions of a block, with all events"),
    heightQuery("comet-validator-set", "validators at a height").alias("tendermint-validator-set"),
    txsQuery(),
    waitTxQuery(),
  ];
}

function withNode(command: Command): Command {
  return withCommonOptions(command).option("--node <url>", "RPC of a node (default: the home's)");
}

/** Methods of the RPC by command. */
const METHODS: Readonly<Record<string, string>> = { block: "block", "block-results": "block_results", "comet-validator-set": "validators" };

type BlockOptions = NodeOptions & { readonly type?: string };

function heightQuery(name: string, description: string, option?: readonly [flags: string, description: string]): Command {
  const command = withNode(new Command(name).argument("[height]", "default: the last")).description(description);
  if (option !== undefined) command.option(...option);
  return command.action(async (given: string | undefined, options: BlockOptions) => {
    const client = await nodeClientOf(options);
    print(options.type === "hash" ? await blockByHash(client, given) : await client.call(METHODS[name] ?? name, heightParams(name, given)));
  });
}

function heightParams(name: string, given: string | undefined): object {
  const all = name === "comet-validator-set" ? { page: "1", per_page: "100" } : {};
  if (given === undefined) return all;
  if (!/^[1-9]\d{0,17}$/.test(given))
    throw new CliError(`"${given}" is no height`, { why: "a whole number from 1 on is expected", next: `hanzod q ${name} --help` });
  return { ...all, height: given };
}

async function blockByHash(client: NodeClient, given: string | undefined): Promise<unknown> {
  requireHash(given);
  return client.call("block_by_hash", { hash: Buffer.from(given, "hex").toString("base64") });
}

function requireHash(given: string | undefined): asserts given is string {
  if (given === undefined || !/^[0-9a-fA-F]{64}$/.test(given))
    throw new CliError(`"${given ?? ""}" is no hash`, { why: "64 hexadecimal digits are expected" });
}

type SearchOptions = NodeOptions & { readonly query: string; readonly page: number; readonly limit: number; readonly orderBy: string };

function txsQuery(): Command {
  return withNode(new Command("txs"))
    .description("transactions whose events match, such as --query \"message.sender='hanzo1…'\"")
    .requiredOption("--query <conditions>", "conditions joined by AND, such as tx.height=5")
    .option("--page <n>", "page, from 1 on", parseCount, 1)
    .option("--limit <n>", "transactions per page, at most 100", parseCount, 30)
    .option("--order-by <order>", "asc or desc, by height", "asc")
    .action(async ({ query, page, limit, orderBy, ...options }: SearchOptions) => {
      if (orderBy !== "asc" && orderBy !== "desc") throw new CliError(`order "${orderBy}"`, { why: "asc or desc is expected" });
      const client = await nodeClientOf(options);
      print(await client.call("tx_search", { query, prove: false, page: String(page), per_page: String(limit), order_by: orderBy }));
    });
}

type WaitOptions = NodeOptions & { readonly timeout: number };

function waitTxQuery(): Command {
  return withNode(new Command("wait-tx").alias("event-query-tx-for").argument("<hash>", "hash of the transaction"))
    .description("wait until a transaction is in a block and print what came of it")
    .option("--timeout <seconds>", "give up after so long", parseCount, 60)
    .action(async (hash: string, options: WaitOptions) => {
      requireHash(hash);
      const name = hash.toUpperCase();
      reportTx(outputOf(options), name, await waitForTx(await nodeClientOf(options), name, options.timeout * 1000));
    });
}

function print(answer: unknown): void {
  process.stdout.write(`${toJson(answer)}\n`);
}

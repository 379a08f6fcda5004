import type { Command } from "commander";
import type { NodeOptions } from "../client/nodeOption.ts";
import { outputOf } from "../command/options.ts";
import { marketCommand, openMarket } from "./market.ts";
import { formatPool, formatPools, getPool, listPools, poolJson } from "./poolReport.ts";

/** `hanzod hmm pools`. */
export function poolsCommand(): Command {
  return marketCommand("pools", "all pools: price per hour or GiB, reserves, largest orders, status").action(
    async (options: NodeOptions) => {
      const reports = await listPools(await openMarket(options));
      outputOf(options).result(reports.map(poolJson), formatPools(reports));
    },
  );
}

/** `hanzod hmm pool gpu`. */
export function poolCommand(): Command {
  return marketCommand("pool", "one pool with its last batch")
    .argument("<pool>", "pool, such as gpu")
    .action(async (poolId: string, options: NodeOptions) => {
      const market = await openMarket(options);
      const report = await getPool(market, poolId);
      const { batch } = await market.batch(poolId);
      outputOf(options).result({ ...poolJson(report), batch: batch ?? null }, formatPool(report, batch));
    });
}

import type { Command } from "commander";
import type { QueryInvariantsResponse } from "#proto/hanzo/hmm/v1/query";
import { formatTable } from "../../shared/output.ts";
import type { NodeOptions } from "../client/nodeOption.ts";
import { outputOf } from "../command/options.ts";
import { marketCommand, openMarket } from "./market.ts";
import { formatOrders, listOrders, orderJson } from "./orderReport.ts";

/** `hanzod hmm orders`. */
export function ordersCommand(): Command {
  return marketCommand("orders", "orders that wait for a batch")
    .option("--owner <address>", "those of one account")
    .option("--pool <pool>", "those of one pool")
    .action(async (options: NodeOptions & { owner?: string; pool?: string }) => {
      const reports = await listOrders(await openMarket(options), options);
      outputOf(options).result(reports.map(orderJson), formatOrders(reports));
    });
}

/** `hanzod hmm invariants`: exit code 1 when an identity does not hold. */
export function invariantsCommand(): Command {
  return marketCommand("invariants", "the identities that hold in every block; ends with 1 when one does not").action(
    async (options: NodeOptions) => {
      const answer = await (await openMarket(options)).invariants();
      outputOf(options).result(answer, formatInvariants(answer));
      if (!answer.allHold) process.exitCode = 1;
    },
  );
}

/** The table of identities; the last line counts them. */
export function formatInvariants({ invariants }: QueryInvariantsResponse): string {
  const rows = invariants.map(({ name, holds, detail }) => [name, holds ? "holds" : "BROKEN", detail]);
  const broken = invariants.filter(({ holds }) => !holds).length;
  return `${formatTable(["IDENTITY", "STATE", "DETAIL"], rows)}\n${invariants.length - broken} hold, ${broken} do not`;
}

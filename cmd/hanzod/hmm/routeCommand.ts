import type { Command } from "commander";
import type { QuoteBundleResponse } from "#proto/hanzo/hmm/v1/route";
import type { PoolService } from "#proto/hanzo/hmm/v1/types";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { outputOf, parseCount } from "../command/options.ts";
import { type BundleOptions, readBundle, withBundleOptions } from "./bundleOptions.ts";
import { type Market, marketCommand, marketOf, sameNode } from "./market.ts";
import { refusedAs } from "./refusal.ts";
import { saveRoute } from "./routeFile.ts";
import { formatRoute, routeJson } from "./routeReport.ts";

type RouteOptions = NodeOptions & BundleOptions & { readonly maxLegs?: number; readonly save?: string };

const EXAMPLE = "hanzod hmm route --gpu 1h --vram 40GiB-h --mean-latency 50ms --colocate gpu,vram --save route.json";

/** `hanzod hmm route --gpu 1h --vram 40GiB-h …`. */
export function routeCommand(): Command {
  return withBundleOptions(marketCommand("route", "the cheapest way to buy a bundle within limits, with a proof"))
    .option("--max-legs <n>", "most pools to buy from", parseCount)
    .option("--save <file>", "keep the route for hanzod hmm buy-route")
    .addHelpText("after", `\nExample:\n  ${EXAMPLE}`)
    .action(async (options: RouteOptions) => {
      const bundle = readBundle(options);
      const client = await nodeClientOf(options);
      const market = marketOf(client);
      const route = await market.quoteBundle(bundle, options.maxLegs).catch(noRoute);
      if (options.save !== undefined) saveRoute(options.save, { chainId: await client.chainId(), bundle, route });
      const report = { bundle, route, services: await servicesOf(market, route) };
      const next =
        options.save === undefined
          ? "the same with --save route.json, then hanzod hmm buy-route route.json --from KEY"
          : `hanzod hmm buy-route ${options.save} --from KEY${sameNode(options)}`;
      outputOf(options).result(routeJson(report), formatRoute(report, next));
    });
}

/** A bundle that cannot be met is told with the limit that is in the way; anything else as the node said it. */
export const noRoute = refusedAs(({ name }) =>
  name === "infeasible"
    ? { what: "no route meets these limits", next: "loosen the limit that is named, or ask for less" }
    : { what: "there is no route", next: "hanzod hmm route --help" },
);

/** Where the workers of the legs are. */
async function servicesOf(market: Market, { legs }: QuoteBundleResponse): Promise<ReadonlyMap<string, PoolService>> {
  const found = await Promise.all(
    legs.map(async ({ leg }): Promise<readonly (readonly [string, PoolService])[]> => {
      const { pool } = leg === undefined ? { pool: undefined } : await market.pool(leg.poolId);
      return leg === undefined || pool?.pool?.service === undefined ? [] : [[leg.poolId, pool.pool.service]];
    }),
  );
  return new Map(found.flat());
}

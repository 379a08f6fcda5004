import type { OfflineSigner } from "@cosmjs/proto-signing";
import type { PoolView } from "#proto/hanzo/hmm/v1/query";
import type { QuoteBundleResponse } from "#proto/hanzo/hmm/v1/route";
import { MsgRouteBundleResponse } from "#proto/hanzo/hmm/v1/tx";
import { Bundle, type Need } from "#proto/hanzo/hmm/v1/types";
import { routeMessage } from "../../../app/client/route.ts";
import { CliError } from "../../shared/cliError.ts";
import { formatAverage, formatCredit, formatMicroseconds, formatPrice, formatResource } from "../hmm/amountFormat.ts";
import { parseResourceText } from "../hmm/amountText.ts";
import { allPages, type Market } from "../hmm/market.ts";
import { unitsOf } from "../hmm/resourceUnits.ts";
import { formatShadowPrice } from "../hmm/routeReport.ts";
import { type JobWallet, withWallet } from "./wallet.ts";

/** What the job is told. */
export interface BuyBundleOptions {
  /** `http://host:port` of CometBFT. */
  readonly rpc: string;
  /** A stock cosmjs wallet with one account, which has the credit. */
  readonly wallet: OfflineSigner;
  readonly print: (line: string) => void;
}

/** What the job bought. Amounts are base units; shadow prices are credit per microsecond, times 10^18. */
export interface BundleReport {
  readonly txhash: string;
  readonly height: number;
  readonly cost: string;
  readonly legs: readonly { readonly poolId: string; readonly resource: string; readonly credit: string }[];
  /** Certified distance from the optimum as the chain computed it. */
  readonly gapPpm: string;
  readonly shadowPrices: readonly { readonly limit: string; readonly nuE18: string; readonly reached: string; readonly bound: string }[];
}

/** The bundle of the demonstration: an hour of one GPU with what belongs to it. */
const AMOUNTS: readonly (readonly [resourceClass: string, amount: string])[] = [
  ["disk", "100GiB-h"],
  ["gpu", "1h"],
  ["net", "10GiB"],
  ["ram", "64GiB-h"],
  ["vram", "40GiB-h"],
];
/** What the cost may exceed the quote by: the block in between moves prices a little. */
const SLIPPAGE_PPM = 5000n;
/** Others may use up a pool's window in the block: then the bundle is quoted again. */
const TRIES = 3;

/** Routes a bundle over all pools with a limit on its mean latency that binds, buys it in one transaction, and prints what it cost and why. */
export function buyBundle({ rpc, wallet, print }: BuyBundleOptions): Promise<BundleReport> {
  return withWallet(rpc, wallet, async (job) => {
    const market = job.client.query.hmm;
    const pools = await allPages(market.pools, (page) => page.pools);
    for (let left = TRIES; ; left--) {
      const { bundle, route } = await routeWithin(market, pools);
      printRoute(print, bundle, route, pools);
      try {
        return await buy(job, bundle, route, print);
      } catch (thrown) {
        if (left === 1) throw thrown;
        print("again     the pools moved between quote and block: another route is asked for");
      }
    }
  });
}

/** A bundle with its route. */
export interface Routed {
  readonly bundle: Bundle;
  readonly route: QuoteBundleResponse;
}

/** A route whose mean latency is limited halfway between the fastest possible and the cheapest route's, so that the limit costs something. */
export async function routeWithin(market: Pick<Market, "quoteBundle">, pools: readonly PoolView[]): Promise<Routed> {
  const needs = AMOUNTS.filter(([name]) => pools.some((view) => view.pool?.resourceClass === name)).map(
    ([resourceClass, text]): Need => ({ resourceClass, resource: parseResourceText(unitsOf(resourceClass), text).toString() }),
  );
  const latencies = needs.map(({ resourceClass }) => latenciesOf(pools, resourceClass));
  const slowest = latencies.flat().sort(rising).at(-1) ?? 0n;
  const free = await ask(market, needs, slowest);
  const fastest = latencies.reduce((sum, list) => sum + (list[0] ?? 0n), 0n) / BigInt(Math.max(1, needs.length));
  const reached = BigInt(free.route.shadowPrices.find(({ limit }) => limit === "mean_latency")?.reached || "0");
  const limit = fastest + (reached - fastest) / 2n;
  return limit > fastest && limit < reached ? ask(market, needs, limit) : free;
}

/** Latencies of the pools of a class, the smallest first. */
function latenciesOf(pools: readonly PoolView[], resourceClass: string): readonly bigint[] {
  return pools.flatMap(({ pool }) => (pool?.resourceClass === resourceClass ? [pool.service?.latencyUs ?? 0n] : [])).sort(rising);
}

function rising(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function ask(market: Pick<Market, "quoteBundle">, needs: readonly Need[], meanLatencyUs: bigint): Promise<Routed> {
  const bundle = Bundle.fromPartial({ needs: [...needs], sla: { meanLatencyUs } });
  return { bundle, route: await market.quoteBundle(bundle) };
}

function printRoute(print: (line: string) => void, { needs, sla }: Bundle, route: QuoteBundleResponse, pools: readonly PoolView[]): void {
  const amounts = needs.map(
    ({ resourceClass, resource }) => `${formatResource(unitsOf(resourceClass), BigInt(resource))} ${resourceClass}`,
  );
  print(`bundle    ${amounts.join(", ")}; mean latency at most ${formatMicroseconds(sla?.meanLatencyUs ?? 0n)}`);
  for (const { leg, resourceClass, trade } of route.legs) {
    const units = unitsOf(resourceClass);
    const [resource, credit] = [BigInt(leg?.resource || "0"), BigInt(trade?.credit || "0")];
    const service = pools.find(({ pool }) => pool?.id === leg?.poolId)?.pool?.service;
    const where =
      service === undefined ? "" : ` (${[service.region, formatMicroseconds(service.latencyUs)].filter((part) => part !== "").join(", ")})`;
    const average = resource === 0n ? "-" : formatAverage(units, credit, resource);
    print(
      `leg       ${leg?.poolId}: ${formatResource(units, resource)} for ${formatCredit(credit)}, ${average} AI per ${units.unitName}${where}`,
    );
  }
  for (const { resourceClass, priceE18 } of route.classes) {
    const units = unitsOf(resourceClass);
    print(`price     one more ${units.unitName} of ${resourceClass} costs ${formatPrice(units, BigInt(priceE18 || "0"))} AI`);
  }
  for (const shadow of route.shadowPrices) print(`shadow    ${formatShadowPrice(shadow, sla?.nearRegions ?? [])}`);
}

async function buy(
  { sender, send }: JobWallet,
  bundle: Bundle,
  route: QuoteBundleResponse,
  print: (line: string) => void,
): Promise<BundleReport> {
  const value = routeMessage(bundle, route, { sender, slippagePpm: SLIPPAGE_PPM });
  const sent = await send([{ typeUrl: "/hanzo.hmm.v1.MsgRouteBundle", value }]);
  const [first] = sent.msgResponses;
  if (first === undefined) throw new CliError("the bundle's answer is missing");
  const { cost, trades, gapPpm } = MsgRouteBundleResponse.decode(first.value);
  print(
    `bundle    ${formatCredit(BigInt(cost))} for ${trades.length} legs; the chain checked that no route costs less by more than ${gapPpm} ppm`,
  );
  print(`tx        ${sent.transactionHash}   height ${sent.height}   gas ${sent.gasUsed}`);
  return {
    txhash: sent.transactionHash,
    height: sent.height,
    cost,
    legs: value.legs.map(({ poolId, resource }, i) => ({ poolId, resource, credit: trades[i]?.credit ?? "0" })),
    gapPpm,
    shadowPrices: route.shadowPrices.map(({ limit, nuE18, reached, bound }) => ({ limit, nuE18, reached, bound })),
  };
}

import type { MsgAddSingleSided, MsgAddSingleSidedResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Params } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, minOf } from "#sdk";
import { parseLimit } from "../amounts.ts";
import { type Quote, quoteBuyExactOut, quoteSell } from "../curve/quote.ts";
import { searchLargest } from "../curve/searchLargest.ts";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import { immediateLeft, largestOpenOrder } from "../orders/window.ts";
import type { PoolState } from "../records.ts";
import { priceOrder, type Side, settleTrade } from "../trade.ts";
import { deposit, getStockedPool } from "./deposit.ts";
import { type Proportion, proportionOf } from "./shares.ts";

/** GAS: the search for the part that is traded, up to some fifty quotes. */
const SEARCH_GAS = 10_000n;

/** A deposit of one side, split into what is traded and what is added. */
interface Split {
  readonly quote: Quote;
  readonly added: Proportion;
  /** Base units of the deposited side that both take. */
  readonly cost: bigint;
}

/**
 * Deposits one side: as much of it is traded, with all fees, as lets the rest and the proceeds be added in the proportion of the reserves.
 * It is exactly a trade and a proportional deposit, so it is never cheaper than those. What is left over is not taken.
 * @throws hmm/2 to hmm/7, hmm/9, hmm/29 as in README.md, sdk/5 too few coins
 */
export function addSingleSided(market: Market, ctx: Ctx, request: MsgAddSingleSided): MsgAddSingleSidedResponse {
  ctx.gas(SEARCH_GAS, "hmm single-sided deposit");
  const { sender, poolId } = request;
  const { side, offer } = offerOf(request);
  const least = parseLimit(request.minShares, "min_shares");
  const pool = getStockedPool(market, ctx, poolId);
  const params = market.params.get(ctx);
  const { quote, added } = splitOffer(params, pool, side, offer);
  if (added.shares < least) throw hmmError.slippage(`expected at least ${least} shares, got ${added.shares}`);
  const order = priceOrder(params, pool, side, quote);
  const { trade, pool: traded } = settleTrade(market, ctx, sender, pool, order);
  const { shown } = deposit(market, ctx, sender, traded, added);
  return { trade, ...shown };
}

/** What is deposited, and the direction in which a part of it is traded. @throws hmm/2 unless exactly one side is given */
export function offerOf(request: Pick<MsgAddSingleSided, "resource" | "credit">): { readonly side: Side; readonly offer: bigint } {
  const resource = parseLimit(request.resource, "resource");
  const credit = parseLimit(request.credit, "credit");
  if (resource > 0n === credit > 0n)
    throw hmmError.invalidAmount(`expected exactly one of resource and credit above 0, got ${resource} and ${credit}`);
  return resource > 0n ? { side: "sell", offer: resource } : { side: "buy", offer: credit };
}

/** @throws hmm/5 when the offer is too small, hmm/29 when its trade does not fit the immediate window */
function splitOffer(params: Params, pool: PoolState, side: Side, offer: bigint): Split {
  const split = side === "buy" ? buyAndAdd : sellAndAdd;
  // Below the reserve, whatever the parameters say: a quote needs something to be left.
  const most = minOf(minOf(immediateLeft(params, pool, side), largestOpenOrder(params, pool)), pool.psi - 2n);
  const traded = searchLargest(most + 1n, offer, (psi) => split(pool, psi).cost);
  if (traded > most) {
    const { cost } = split(pool, most);
    throw hmmError.outsideWindow(`expected at most ${cost} ${side === "buy" ? "credit" : "resource"} base units, got ${offer}`);
  }
  const found = split(pool, traded);
  if (found.added.shares === 0n) throw hmmError.zeroOutput(`${offer} base units buy 0 shares`);
  return found;
}

/** Buys resource and adds it with credit. */
function buyAndAdd(pool: PoolState, psi: bigint): Split {
  const quote = quoteBuyExactOut(pool, psi);
  const reserves = { psi: pool.psi - psi, theta: pool.theta + quote.curve };
  const added = proportionOf(reserves, pool.shares, (psi * pool.shares) / reserves.psi);
  return { quote, added, cost: quote.credit + added.theta };
}

/** Sells resource and adds the proceeds with resource. */
function sellAndAdd(pool: PoolState, psi: bigint): Split {
  const quote = quoteSell(pool, psi);
  const reserves = { psi: pool.psi + psi, theta: pool.theta - quote.curve };
  const theta = quote.credit > 0n ? quote.credit : 0n;
  const added = proportionOf(reserves, pool.shares, (theta * pool.shares) / reserves.theta);
  return { quote, added, cost: psi + added.psi };
}

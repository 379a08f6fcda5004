import { EventBundleRouted } from "#proto/hanzo/hmm/v1/events";
import type { MsgRouteBundle, MsgRouteBundleResponse } from "#proto/hanzo/hmm/v1/tx";
import { type Params, PoolStatus, type Trade } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, minOf, type ReadCtx } from "#sdk";
import { parsePositive } from "../amounts.ts";
import { maxOrder } from "../curve/limits.ts";
import { quoteBuyExactOut } from "../curve/quote.ts";
import { hmmError } from "../errors.ts";
import { type Market, openBlock } from "../market.ts";
import { immediateLeft, largestOpenOrder } from "../orders/window.ts";
import { getTradingPool } from "../pool/tradingPool.ts";
import type { PoolState } from "../records.ts";
import { describeTrade, type PricedOrder, priceOrder, settleTrade } from "../trade.ts";
import { spendAllowance } from "./allowRouter.ts";
import { certifiedGap, parseCertificate } from "./certificate.ts";
import { checkRoute, parseLegs, type RouteAmount } from "./checkRoute.ts";
import { createProblem, type RoutePool } from "./problem.ts";

/** GAS: one pool of a class that the bundle needs, read and compared. */
const POOL_GAS = 1000n;

/**
 * Largest amount that can be bought from a pool at once.
 * @param pool with the block open
 * @returns resource base units
 */
export function routeCap(params: Params, pool: PoolState): bigint {
  const least = minOf(maxOrder(pool, params.maxOrderBps), largestOpenOrder(params, pool));
  return minOf(least, immediateLeft(params, pool, "buy"));
}

/** Pools that trade, as routes see them in the block at a height. */
export function routePools(market: Market, ctx: ReadCtx, height: bigint): (PoolState & RoutePool)[] {
  const params = market.params.get(ctx);
  const pools: (PoolState & RoutePool)[] = [];
  for (const [, stored] of market.state.pools.entries(ctx)) {
    if (stored.status !== PoolStatus.POOL_STATUS_ACTIVE || stored.shares === 0n) continue;
    const pool = openBlock(stored, height);
    pools.push({ ...pool, cap: routeCap(params, pool) });
  }
  return pools;
}

/** What routes are computed from: a copy of one state. */
export interface RouteView {
  readonly pools: readonly RoutePool[];
  /** Most legs of a bundle. */
  readonly maxLegs: number;
  /** A purchase from one of the pools as it would execute. @throws hmm/3 when it is not among the pools */
  trade(poolId: string, psi: bigint): Trade;
}

/** Copies what routes need out of a committed state, as the next block meets it. */
export function viewRoutes(market: Market, ctx: ReadCtx): RouteView {
  const params = market.params.get(ctx);
  const pools = routePools(market, ctx, ctx.height + 1n);
  const byId = new Map(pools.map((pool) => [pool.id, pool]));
  return {
    pools,
    maxLegs: params.maxRouteLegs,
    trade(poolId, psi) {
      const pool = byId.get(poolId);
      if (pool === undefined) throw hmmError.unknownPool(`expected a pool that trades, got "${poolId}"`);
      return describeTrade(pool, priceOrder(params, pool, "buy", quoteBuyExactOut(pool, psi)));
    },
  };
}

/** A leg that may execute. */
interface PricedLeg {
  readonly pool: PoolState;
  readonly order: PricedOrder;
}

function priceLeg(market: Market, ctx: Ctx, params: Params, { poolId, psi }: RouteAmount): PricedLeg {
  const pool = openBlock(getTradingPool(market, ctx, poolId), ctx.height);
  const most = routeCap(params, pool);
  if (psi > most)
    throw hmmError.outsideWindow(`leg ${poolId}: expected at most ${most}${pool.denom} to be bought at once in this block, got ${psi}`);
  return { pool, order: priceOrder(params, pool, "buy", quoteBuyExactOut(pool, psi)) };
}

/**
 * Buys the legs of a bundle at once, all or none. They must serve the bundle on the state that they meet; a router who spends somebody else's
 * credit must also prove that nothing much cheaper would have.
 * @throws hmm/2 to hmm/9, hmm/26 to hmm/30 as in README.md, sdk/5 too little credit
 */
export function routeBundle(market: Market, ctx: Ctx, request: MsgRouteBundle): Partial<MsgRouteBundleResponse> {
  const owner = request.owner === "" ? request.sender : request.owner;
  const most = parsePositive(request.maxCost, "max_cost");
  const params = market.params.get(ctx);
  const legs = parseLegs(request.legs, params.maxRouteLegs);
  const priced = legs.map((leg) => priceLeg(market, ctx, params, leg));
  const cost = priced.reduce((sum, { order }) => sum + order.quote.credit, 0n);
  if (cost > most) throw hmmError.slippage(`expected to pay at most ${most} credit base units for all legs, got a price of ${cost}`);
  const gapPpm = proveRoute(market, ctx, request, params, priced, cost, owner !== request.sender);
  if (owner !== request.sender) spendAllowance(market, ctx, owner, request.sender, cost);
  const trades = priced.map(({ pool, order }) => settleTrade(market, ctx, owner, pool, order).trade);
  const shown = { cost: cost.toString(), gapPpm };
  ctx.emit(EventBundleRouted, { ...shown, router: request.sender, owner, legs: legs.length });
  return { ...shown, trades };
}

/**
 * Checks that the legs serve the bundle and, where there is a certificate, how good they are.
 * @returns certified distance from the optimum in ppm; empty without certificate
 */
function proveRoute(
  market: Market,
  ctx: Ctx,
  { bundle, certificate }: MsgRouteBundle,
  params: Params,
  priced: readonly PricedLeg[],
  cost: bigint,
  forOther: boolean,
): string {
  if (bundle === undefined) throw hmmError.invalidBundle("bundle: expected a bundle, got none");
  const legs = priced.map(({ pool, order }) => ({ poolId: pool.id, psi: order.quote.psi }));
  if (certificate === undefined) {
    if (forOther) throw hmmError.certificate("expected a certificate, because the bundle is paid by another account");
    // Whether the legs serve the bundle shows on their own pools; what else there would have been is the payer's own business.
    const own = priced.map(({ pool }) => ({ ...pool, cap: routeCap(params, pool) }));
    checkRoute(createProblem(bundle, own), legs);
    return "";
  }
  const pools = routePools(market, ctx, ctx.height);
  ctx.gas(POOL_GAS * BigInt(pools.length), "hmm route");
  const problem = createProblem(bundle, pools);
  const placed = checkRoute(problem, legs);
  const { gapPpm } = certifiedGap(problem, placed, cost, parseCertificate(problem, certificate));
  if (forOther && gapPpm > BigInt(params.routeTolerancePpm))
    throw hmmError.certificate(
      `expected a cost within ${params.routeTolerancePpm} ppm of the optimum, got a certified gap of ${gapPpm} ppm`,
    );
  return gapPpm.toString();
}

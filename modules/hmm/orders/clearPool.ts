import { EventBatchCleared } from "#proto/hanzo/hmm/v1/events";
import { type Params, Side } from "#proto/hanzo/hmm/v1/types";
import { BPS, type Ctx, E18, ModuleError, minOf } from "#sdk";
import { type BatchFill, type BatchOrder, type BatchResult, clearBatch } from "../curve/batch.ts";
import type { FeeSplit, Reserves } from "../curve/fees.ts";
import { maxReserveRatio, requireReserves } from "../curve/limits.ts";
import { h2, inTheta, outTheta } from "../curve/math.ts";
import { hmmError } from "../errors.ts";
import { bookTrade, type Market, setPool } from "../market.ts";
import { etaOf, minReserveOf } from "../params.ts";
import { tripBreaker } from "../pool/breaker.ts";
import type { PoolState } from "../records.ts";
import { splitOf } from "../trade.ts";
import type { OrderState } from "./record.ts";
import { type BatchDenoms, settleFill } from "./settleFill.ts";

/** Most resource that may leave and enter a pool in one batch, resource base units. */
interface Room {
  readonly out: bigint;
  readonly in: bigint;
}

/** A batch and the reserves that it leaves. */
interface Cleared {
  readonly result: BatchResult;
  readonly after: Reserves;
}

/**
 * Clears orders against their pool at one price and settles them.
 * @param pool active, with the block open
 * @returns orders that still wait, with what was filled taken off, in the order given
 */
export function clearPool(market: Market, ctx: Ctx, pool: PoolState, orders: readonly OrderState[]): readonly OrderState[] {
  const params = market.params.get(ctx);
  const room = blockRoom(params, pool);
  let cleared: Cleared;
  try {
    cleared = clearWithin(params, pool, orders, room);
  } catch (cause) {
    if (!(cause instanceof ModuleError)) throw cause;
    setPool(market, ctx, tripBreaker(market, ctx, pool, cause.message));
    return orders;
  }
  const { result, after } = cleared;
  if (result.fills.length === 0) return orders;
  const denoms = { resource: pool.denom, credit: market.state.vault.get(ctx).creditDenom };
  const settled = settleFills(market, ctx, denoms, orders, result.fills);
  const split = splitOf(params, result.marketFees, result.lpSurplus + settled.creditToLp);
  const stored = bookTrade(pool, after, split);
  recordBatch(market, ctx, stored, result, split, settled);
  // A pool at its limit for the block stops: what drives it there deserves a look.
  const atLimit = (result.netPsi > 0n && result.netPsi >= room.out) || (result.netPsi < 0n && -result.netPsi >= room.in);
  const reason = `the block's net displacement reached ${params.blockLimitBps} bps of the reserve`;
  setPool(market, ctx, atLimit ? tripBreaker(market, ctx, stored, reason) : stored);
  return settled.left;
}

/** What may still move in the block: block_limit_bps of the reserve at its start, less what moved already. */
function blockRoom({ blockLimitBps }: Params, { psi, block }: PoolState): Room {
  const limit = (block.psi * BigInt(blockLimitBps)) / BPS;
  return { out: floorAtZero(psi - block.psi + limit), in: floorAtZero(block.psi + limit - psi) };
}

const floorAtZero = (amount: bigint): bigint => (amount > 0n ? amount : 0n);

/** Clears within the room of the block; once more with less room when the reserves would leave their range. */
function clearWithin(params: Params, pool: PoolState, orders: readonly OrderState[], room: Room): Cleared {
  const etaE18 = etaOf(params);
  const minReserve = minReserveOf(params);
  const list = orders.flatMap(demandOf);
  const clear = (within: Room): Cleared => {
    const result = clearBatch(pool, list, { etaE18, maxOut: within.out, maxIn: within.in });
    const curve = result.netPsi > 0n ? result.curve : -result.curve;
    return { result, after: { psi: pool.psi - result.netPsi, theta: pool.theta + curve } };
  };
  let cleared = clear(room);
  if (!isAllowed(pool, cleared.after, minReserve)) cleared = clear(allowedRoom(pool, room, minReserve));
  requireReserves(pool, cleared.after, minReserve);
  requireKept(pool, cleared.after);
  return cleared;
}

/** An order as steps of demand or supply; identifiers keep their order and stay unique. */
function demandOf(order: OrderState): readonly BatchOrder[] {
  const { id, resource, limitE18, moreResource, moreLimitE18 } = order;
  const side = order.side === Side.SIDE_BUY ? "buy" : "sell";
  const first = resource > 0n ? [{ id: 2n * id, side, psi: resource, limitE18 } as const] : [];
  return moreResource > 0n ? [...first, { id: 2n * id + 1n, side, psi: moreResource, limitE18: moreLimitE18 }] : first;
}

function isAllowed(pool: PoolState, after: Reserves, minReserve: bigint): boolean {
  try {
    requireReserves(pool, after, minReserve);
    return true;
  } catch (cause) {
    if (cause instanceof ModuleError) return false;
    throw cause;
  }
}

/** The largest trades of a room that keep the reserves in their range. */
function allowedRoom(pool: PoolState, room: Room, minReserve: bigint): Room {
  const { num, den } = maxReserveRatio(pool);
  const fits = (after: Reserves): boolean => {
    const x = pool.centreE18 * after.psi;
    const t = E18 * after.theta;
    return after.psi >= minReserve && after.theta >= minReserve && t * den <= num * x && x * den <= num * t;
  };
  const largest = (top: bigint, after: (psi: bigint) => Reserves | undefined): bigint => {
    let low = 0n;
    let high = top + 1n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      const reserves = after(middle);
      if (reserves !== undefined && fits(reserves)) low = middle;
      else high = middle;
    }
    return low;
  };
  const sold = (psi: bigint): Reserves | undefined =>
    psi < pool.psi ? { psi: pool.psi - psi, theta: pool.theta + inTheta(pool, psi) } : undefined;
  const bought = (psi: bigint): Reserves | undefined => {
    const x = pool.centreE18 * (pool.psi + psi);
    if (pool.lambdaE18 * x * x >= h2(pool)) return undefined;
    return { psi: pool.psi + psi, theta: pool.theta - outTheta(pool, psi) };
  };
  return { out: largest(minOf(room.out, pool.psi), sold), in: largest(room.in, bought) };
}

/** H never falls: a batch that would lower it is not executed. */
function requireKept(pool: PoolState, after: Reserves): void {
  const [before, then] = [h2(pool), h2(pool, after.psi, after.theta)];
  if (then < before) throw hmmError.unbalanced(`expected H2 of at least ${before} after the batch, got ${then}`);
}

/** What the fills of a batch come to. */
interface SettledBatch {
  /** Orders that still wait. */
  readonly left: readonly OrderState[];
  /** Orders that took part. */
  readonly orders: number;
  /** Credit base units of returned units above their cap. */
  readonly creditToLp: bigint;
  /** Resource base units. */
  readonly bought: bigint;
  readonly sold: bigint;
}

function settleFills(
  market: Market,
  ctx: Ctx,
  denoms: BatchDenoms,
  orders: readonly OrderState[],
  fills: readonly BatchFill[],
): SettledBatch {
  const byId = new Map(fills.map((fill) => [fill.id, fill]));
  const left: OrderState[] = [];
  let [creditToLp, bought, sold] = [0n, 0n, 0n];
  for (const order of orders) {
    const steps = { first: byId.get(2n * order.id), more: byId.get(2n * order.id + 1n) };
    const settled = settleFill(market, ctx, denoms, order, steps);
    creditToLp += settled.creditToLp;
    if (order.side === Side.SIDE_BUY) bought += settled.psi;
    else sold += settled.psi;
    if (settled.order !== undefined) left.push(settled.order);
  }
  return { left, orders: orders.length, creditToLp, bought, sold };
}

function recordBatch(market: Market, ctx: Ctx, pool: PoolState, result: BatchResult, split: FeeSplit, settled: SettledBatch): void {
  const figures = {
    poolId: pool.id,
    priceE18: ((result.priceNum * E18) / result.priceDen).toString(),
    orders: settled.orders,
    fills: result.fills.length,
    bought: settled.bought.toString(),
    sold: settled.sold.toString(),
    marketFee: result.marketFees.toString(),
  };
  market.state.batches.set(ctx, pool.id, { ...figures, height: ctx.height, surplus: (result.lpSurplus + settled.creditToLp).toString() });
  ctx.emit(EventBatchCleared, {
    ...figures,
    curve: result.curve.toString(),
    burn: split.burn.toString(),
    treasury: split.treasury.toString(),
    lp: split.lp.toString(),
    psi: pool.psi.toString(),
    theta: pool.theta.toString(),
  });
}

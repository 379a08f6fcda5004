// Time-weighted average price. At the end of every block that moved the price, the price that holds from there on is recorded; within a
// block the average therefore sees nothing of that block's orders. It never prices an order: bonds and governance read it.

import type { QueryTwapRequest, QueryTwapResponse } from "#proto/hanzo/hmm/v1/query";
import { BPS, type Ctx, divUp, minOf, notFound, type ReadCtx } from "#sdk";
import type { Market } from "../market.ts";
import type { PoolState, PoolTwapState } from "../records.ts";
import { KEPT_OBSERVATIONS, type Observation, readObservation, writeObservation } from "./observations.ts";

/** An average and the blocks that it covers. */
export interface Average {
  /** Credit base units per resource base unit, times 10¹⁸, rounded down. */
  readonly priceE18: bigint;
  readonly blocks: bigint;
}

/**
 * The accumulator after a block.
 * @param spot marginal price at the end of the block, times 10¹⁸
 * @param height of the block
 * @param clampBps most that the recorded price may move in the block, ≥ 1
 * @returns the same object when the recorded price stays
 */
export function nextTwap(twap: PoolTwapState, spot: bigint, height: bigint, clampBps: bigint): PoolTwapState {
  if (twap.count === 0n) return { cumulativeE18: 0n, priceE18: spot, height, count: 1n };
  // Rounded up: a price of a few units must be able to move.
  const most = divUp(twap.priceE18 * clampBps, BPS);
  const up = spot >= twap.priceE18;
  const step = minOf(up ? spot - twap.priceE18 : twap.priceE18 - spot, most);
  if (step === 0n) return twap;
  return {
    cumulativeE18: sumUntil(twap, height),
    priceE18: up ? twap.priceE18 + step : twap.priceE18 - step,
    height,
    count: twap.count + 1n,
  };
}

/**
 * Records a pool's price at the end of a block.
 * @param spot marginal price, times 10¹⁸
 * @param clampBps most that the recorded price may move, ≥ 1
 * @returns the pool, which the caller stores
 */
export function observe(market: Market, ctx: Ctx, pool: PoolState, spot: bigint, clampBps: bigint): PoolState {
  const twap = nextTwap(pool.twap, spot, ctx.height, clampBps);
  if (twap === pool.twap) return pool;
  writeObservation(market, ctx, pool.id, twap.count - 1n, twap);
  return { ...pool, twap };
}

/** Sum of the prices of all blocks up to a height at or after the observation's. */
function sumUntil({ cumulativeE18, priceE18, height }: Observation, until: bigint): bigint {
  return cumulativeE18 + priceE18 * (until - height);
}

/**
 * Average over the last blocks, the one being executed with the price at its start.
 * @param blocks window, ≥ 1; shortened to what was observed
 * @returns the recorded price over 0 blocks when nothing has passed since the first observation; the centre price when there is none
 */
export function averageE18(market: Market, ctx: ReadCtx, pool: PoolState, blocks: bigint): Average {
  const { twap, id } = pool;
  if (twap.count === 0n) return { priceE18: pool.centreE18, blocks: 0n };
  const end = ctx.height;
  const start = end > blocks ? end - blocks : 0n;
  if (start >= twap.height) return { priceE18: twap.priceE18, blocks: end - start };
  const first = twap.count - minOf(twap.count, KEPT_OBSERVATIONS);
  const oldest = first === twap.count - 1n ? twap : readObservation(market, ctx, id, first);
  const from = start > oldest.height ? start : oldest.height;
  if (from === end) return { priceE18: twap.priceE18, blocks: 0n };
  const before = lastUntil(from, first, oldest, twap.count - 1n, (index) => readObservation(market, ctx, id, index));
  return { priceE18: (sumUntil(twap, end) - sumUntil(before, from)) / (end - from), blocks: end - from };
}

/**
 * Last observation at or before a height, by halving.
 * @param low number of an observation at or before it, `found`
 * @param high number of one after it, or `low`
 */
function lastUntil(height: bigint, low: bigint, found: Observation, high: bigint, read: (index: bigint) => Observation): Observation {
  let [from, to, best] = [low, high, found];
  while (to - from > 1n) {
    const middle = (from + to) >> 1n;
    const observation = read(middle);
    if (observation.height <= height) [from, best] = [middle, observation];
    else to = middle;
  }
  return best;
}

/** Average price over the window of the parameters, times 10¹⁸. */
export function twapE18(market: Market, ctx: ReadCtx, pool: PoolState): bigint {
  return averageE18(market, ctx, pool, market.params.get(ctx).twapWindowBlocks).priceE18;
}

/** Average price of a pool. @throws gRPC NotFound */
export function queryTwap(market: Market, ctx: ReadCtx, { poolId, blocks }: QueryTwapRequest): QueryTwapResponse {
  const pool = market.state.pools.find(ctx, poolId);
  if (pool === undefined) throw notFound(`expected the identifier of a pool, got "${poolId}"`);
  const average = averageE18(market, ctx, pool, blocks === 0n ? market.params.get(ctx).twapWindowBlocks : blocks);
  return { priceE18: average.priceE18.toString(), blocks: average.blocks, height: ctx.height };
}

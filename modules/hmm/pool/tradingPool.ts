import type { ReadCtx } from "#sdk";
import { hmmError } from "../errors.ts";
import { getActivePool, type Market } from "../market.ts";
import type { PoolState } from "../records.ts";

/** An active pool that has reserves to trade with. @throws hmm/3 unknown, hmm/4 when it is paused or waits for its first deposit */
export function getTradingPool(market: Market, ctx: ReadCtx, poolId: string): PoolState {
  const pool = getActivePool(market, ctx, poolId);
  if (pool.shares === 0n) throw hmmError.poolPaused(`pool "${poolId}" has no reserves yet`);
  return pool;
}

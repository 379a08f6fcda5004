import { PoolStatus } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import type { Market } from "../market.ts";
import type { PoolState } from "../records.ts";
import { changeStatus } from "./status.ts";

/**
 * Pauses a pool without asking anybody: for the parameters' breaker blocks, or until the authority resumes it. A pool that is paused
 * already stays as it is.
 * @param detail what tripped the breaker, for the event
 * @returns the pool, which the caller stores
 */
export function tripBreaker(market: Market, ctx: Ctx, pool: PoolState, detail: string): PoolState {
  if (pool.status !== PoolStatus.POOL_STATUS_ACTIVE) return pool;
  const { breakerBlocks } = market.params.get(ctx);
  const resumeHeight = breakerBlocks === 0n ? 0n : ctx.height + breakerBlocks;
  return changeStatus(market, ctx, pool, { status: PoolStatus.POOL_STATUS_PAUSED, reason: "breaker", resumeHeight, detail });
}

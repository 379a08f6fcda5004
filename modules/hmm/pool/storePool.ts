import type { Ctx } from "#sdk";
import type { Market } from "../market.ts";
import type { PoolState } from "../records.ts";
import { isSettled } from "./settled.ts";

/**
 * Stores a changed pool with its mark in `moving` exact: for changes after which nothing may be left to do at the end of the block. Unlike
 * setPool it may run after the pools were closed.
 */
export function storePool({ state }: Market, ctx: Ctx, pool: PoolState): void {
  state.pools.set(ctx, pool.id, pool);
  const settled = isSettled(pool);
  if (state.moving.has(ctx, pool.id) !== settled) return;
  if (settled) state.moving.delete(ctx, pool.id);
  else state.moving.set(ctx, pool.id, true);
}

/** Whether the beginning of a block has something to do for a pool: its curve moves, or it resumes by itself. */
export function isScheduled({ ramp, resumeHeight }: PoolState): boolean {
  return ramp !== undefined || resumeHeight !== 0n;
}

/** Makes a pool's mark in `scheduled` exact. */
export function markScheduled({ state }: Market, ctx: Ctx, pool: PoolState): void {
  const scheduled = isScheduled(pool);
  if (state.scheduled.has(ctx, pool.id) === scheduled) return;
  if (scheduled) state.scheduled.set(ctx, pool.id, true);
  else state.scheduled.delete(ctx, pool.id);
}

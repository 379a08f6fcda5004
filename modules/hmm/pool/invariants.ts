import type { ReadCtx } from "#sdk";
import type { Market } from "../market.ts";
import { isSettled } from "./settled.ts";
import { isScheduled } from "./storePool.ts";

/** At the end of a block `moving` holds exactly the pools that are not settled, and `scheduled` those that the next block's beginning changes. */
export function movingIsExact({ state }: Market, ctx: ReadCtx): string | undefined {
  for (const [id, pool] of state.pools.entries(ctx)) {
    if (state.moving.has(ctx, id) === isSettled(pool)) return `pool "${id}": expected ${isSettled(pool) ? "no mark" : "a mark"} in moving`;
    if (state.scheduled.has(ctx, id) !== isScheduled(pool))
      return `pool "${id}": expected ${isScheduled(pool) ? "a mark" : "no mark"} in scheduled`;
  }
  for (const [name, marks] of [["moving", state.moving] as const, ["scheduled", state.scheduled] as const]) {
    for (const [id] of marks.entries(ctx)) if (!state.pools.has(ctx, id)) return `mark of "${id}" in ${name}: expected a pool, got none`;
  }
  return undefined;
}

/** The fresh shares of a pool's positions add up to the pool's, and each of these positions is listed. */
export function freshIsExact({ state }: Market, ctx: ReadCtx): string | undefined {
  const sums = new Map<string, bigint>();
  for (const [[owner, poolId], { freshShares }] of state.positions.entries(ctx)) {
    if (state.fresh.has(ctx, [poolId, owner]) !== freshShares > 0n)
      return `position of ${owner} in pool "${poolId}": expected ${freshShares > 0n ? "a" : "no"} mark in fresh`;
    sums.set(poolId, (sums.get(poolId) ?? 0n) + freshShares);
  }
  for (const [id, { block }] of state.pools.entries(ctx)) {
    const sum = sums.get(id) ?? 0n;
    if (sum !== block.freshShares) return `pool "${id}": expected positions of ${block.freshShares} fresh shares together, got ${sum}`;
  }
  return undefined;
}

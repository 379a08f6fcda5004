// The batches of a block: every pool with waiting orders clears them at one price (whitepaper §4.2, Eq. 4; hmm: uniform-price net clearing).

import { PoolStatus } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { getPool, type Market, openBlock } from "../market.ts";
import { clearPool } from "./clearPool.ts";
import { closeOrder } from "./close.ts";
import type { OrderState } from "./record.ts";

/**
 * Clears the waiting orders of all pools, in the order of their identifiers, beginning behind the pool at which the last block stopped. The work
 * of one block is bounded; what is beyond waits for the next block, and then comes first.
 */
export function clearPools(market: Market, ctx: Ctx): void {
  const { state } = market;
  if (state.waiting.first(ctx) === undefined) return;
  const { maxBatchOrders, maxBlockOrders } = market.params.get(ctx);
  const cursor = state.batchCursor.find(ctx);
  let budget = maxBlockOrders;
  let last: string | undefined;
  for (const poolId of rotated(
    Array.from(state.waiting.entries(ctx), ([id]) => id),
    cursor,
  )) {
    if (budget === 0) break;
    const orders = firstOrders(market, ctx, poolId, Math.min(maxBatchOrders, budget));
    budget -= orders.length;
    last = poolId;
    const pool = openBlock(getPool(market, ctx, poolId), ctx.height);
    const left = pool.status === PoolStatus.POOL_STATUS_ACTIVE ? clearPool(market, ctx, pool, orders) : orders;
    for (const order of left) if (order.expiresHeight <= ctx.height) closeOrder(market, ctx, order, "expired");
  }
  // Only a block that could not finish moves the cursor: otherwise it would be written in every block.
  if (budget === 0 && last !== undefined) state.batchCursor.set(ctx, last);
}

/** Identifiers behind the cursor first, then the others. */
function rotated(ids: readonly string[], cursor: string | undefined): readonly string[] {
  if (cursor === undefined) return ids;
  return [...ids.filter((id) => id > cursor), ...ids.filter((id) => id <= cursor)];
}

/** The oldest orders of a pool. */
function firstOrders({ state }: Market, ctx: Ctx, poolId: string, most: number): readonly OrderState[] {
  const orders: OrderState[] = [];
  for (const [, order] of state.orders.by.pool(ctx, poolId)) {
    if (orders.length >= most) break;
    orders.push(order);
  }
  return orders;
}

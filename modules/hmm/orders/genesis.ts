// Waiting orders and last batches in genesis files.

import type { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import { OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import type { AddressCodec, Ctx, ReadCtx } from "#sdk";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import { type OrderState, orderFromProto, orderToProto } from "./record.ts";

/** The part of a genesis that this folder answers for. */
export type OrdersGenesis = Pick<GenesisState, "orders" | "lastOrderId" | "batches" | "batchCursor">;

/** A genesis's orders, read and checked. */
export interface CheckedOrders extends Omit<OrdersGenesis, "orders"> {
  readonly orders: readonly OrderState[];
}

function refuse(detail: string): never {
  throw hmmError.invalidGenesis(detail);
}

/**
 * Reads and checks waiting orders and last batches.
 * @param poolIds identifiers of the genesis's pools
 * @throws hmm/16 naming the field, what was expected and what came; math/2, math/4 for malformed numbers
 */
export function checkOrders(address: AddressCodec, poolIds: ReadonlySet<string>, genesis: OrdersGenesis): CheckedOrders {
  const { lastOrderId, batches, batchCursor } = genesis;
  const orders = genesis.orders.map(orderFromProto);
  let before = 0n;
  for (const order of orders) {
    if (order.id <= before || order.id > lastOrderId)
      refuse(`orders: expected rising identifiers up to last_order_id ${lastOrderId}, got ${order.id} after ${before}`);
    before = order.id;
    checkOrder(address, poolIds, order);
  }
  let name = "";
  for (const { poolId } of batches) {
    if (poolId <= name || !poolIds.has(poolId)) refuse(`batches: expected rising identifiers of pools, got "${poolId}" after "${name}"`);
    name = poolId;
  }
  return { orders, lastOrderId, batches, batchCursor };
}

function checkOrder(address: AddressCodec, poolIds: ReadonlySet<string>, order: OrderState): void {
  const at = `orders.${order.id}`;
  const { side, kind } = order;
  address.parse(order.owner);
  if (!poolIds.has(order.poolId)) refuse(`${at}.pool_id: expected a pool "${order.poolId}", got none`);
  if (side !== Side.SIDE_BUY && side !== Side.SIDE_SELL) refuse(`${at}.side: expected 1 (buy) or 2 (sell), got ${side}`);
  if (kind < OrderKind.ORDER_KIND_TRADER || kind > OrderKind.ORDER_KIND_RETURN) refuse(`${at}.kind: expected 1 to 4, got ${kind}`);
  if (order.resource + order.moreResource === 0n) refuse(`${at}.resource: expected at least 1, got 0`);
  if (order.limitE18 === 0n) refuse(`${at}.limit_e18: expected at least 1, got 0`);
  if (side === Side.SIDE_SELL && order.escrow !== 0n) refuse(`${at}.escrow: expected 0 for a sale, got ${order.escrow}`);
}

/** Writes orders, their counts and the last batches. */
export function initOrders({ state }: Market, ctx: Ctx, { orders, lastOrderId, batches, batchCursor }: CheckedOrders): void {
  const counts = new Map<string, bigint>();
  for (const order of orders) {
    state.orders.set(ctx, order.id, order);
    counts.set(order.poolId, (counts.get(order.poolId) ?? 0n) + 1n);
  }
  for (const [poolId, count] of counts) state.waiting.set(ctx, poolId, count);
  if (lastOrderId > 0n) state.lastOrderId.set(ctx, lastOrderId);
  for (const batch of batches) state.batches.set(ctx, batch.poolId, batch);
  if (batchCursor !== "") state.batchCursor.set(ctx, batchCursor);
}

/** Reads orders and last batches, in the order of their keys. */
export function exportOrders({ state }: Market, ctx: ReadCtx): OrdersGenesis {
  return {
    orders: Array.from(state.orders.entries(ctx), ([, order]) => orderToProto(order)),
    lastOrderId: state.lastOrderId.get(ctx),
    batches: Array.from(state.batches.entries(ctx), ([, batch]) => batch),
    batchCursor: state.batchCursor.find(ctx) ?? "",
  };
}

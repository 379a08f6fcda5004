import { EventOrderClosed } from "#proto/hanzo/hmm/v1/events";
import { OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { offerEnded } from "../capacity/offerEnded.ts";
import { buybackEnded } from "../capacity/settleExpired.ts";
import { getPool, type Market } from "../market.ts";
import { SIDE_NAMES } from "./place.ts";
import type { OrderState } from "./record.ts";

/** Why an order stops waiting. */
export type CloseReason = "filled" | "cancelled" | "expired";

/** What came back of an order's escrow, in base units. */
export interface Refund {
  readonly resource: bigint;
  readonly credit: bigint;
}

/** Ends an order: what is left of its escrow goes back to where it came from. */
export function closeOrder(market: Market, ctx: Ctx, order: OrderState, reason: CloseReason): Refund {
  const { state } = market;
  state.orders.delete(ctx, order.id);
  const waiting = (state.waiting.find(ctx, order.poolId) ?? 1n) - 1n;
  if (waiting === 0n) state.waiting.delete(ctx, order.poolId);
  else state.waiting.set(ctx, order.poolId, waiting);
  const refund = releaseEscrow(market, ctx, order);
  ctx.emit(EventOrderClosed, {
    orderId: order.id,
    poolId: order.poolId,
    owner: order.owner,
    side: SIDE_NAMES[order.side],
    reason,
    filled: order.filled.toString(),
    credit: order.credit.toString(),
    refund: (order.side === Side.SIDE_BUY ? refund.credit : refund.resource).toString(),
  });
  return refund;
}

function releaseEscrow(market: Market, ctx: Ctx, order: OrderState): Refund {
  const { needs, account, state } = market;
  switch (order.kind) {
    case OrderKind.ORDER_KIND_CAPACITY:
      offerEnded(market, ctx, order);
      return { resource: order.resource, credit: 0n };
    case OrderKind.ORDER_KIND_BUYBACK:
      buybackEnded(market, ctx, order);
      return { resource: 0n, credit: order.escrow };
    default:
  }
  if (order.side === Side.SIDE_BUY) {
    if (order.escrow > 0n) needs.bank.send(ctx, account, order.owner, state.vault.get(ctx).creditDenom, order.escrow);
    return { resource: 0n, credit: order.escrow };
  }
  if (order.resource > 0n) needs.bank.send(ctx, account, order.owner, getPool(market, ctx, order.poolId).denom, order.resource);
  return { resource: order.resource, credit: 0n };
}

import type { Params, Trade } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import type { Market } from "../market.ts";
import type { PoolState } from "../records.ts";
import { type PricedOrder, settleTrade } from "../trade.ts";
import { lastHeight, type OrderDraft, placeOrder } from "./place.ts";
import { immediateLeft, requireOpenSize } from "./window.ts";

/** A priced order, whose it is, and what it was priced on. */
export interface OwnOrder {
  readonly sender: string;
  readonly params: Params;
  /** With the block open. */
  readonly pool: PoolState;
  readonly order: PricedOrder;
}

/** What became of an order: exactly one of the two is set. */
export interface OrderOutcome {
  readonly trade: Trade | undefined;
  /** 0 when the order executed. */
  readonly orderId: bigint;
}

/** What a waiting order needs besides what the priced order says. */
export type WaitingTerms = Pick<OrderDraft, "side" | "resource" | "limitE18" | "moreResource" | "moreLimitE18" | "escrow">;

/**
 * Executes an order at once while it fits the block's immediate window; otherwise it waits for the batch.
 * @param waiting terms of the waiting order, worked out only when it must wait
 * @throws hmm/21 when the order is large; sdk/5 when the sender lacks the coins
 */
export function executeOrQueue(
  market: Market,
  ctx: Ctx,
  { sender, params, pool, order }: OwnOrder,
  waiting: () => WaitingTerms,
): OrderOutcome {
  requireOpenSize(params, pool, order.quote.psi);
  if (order.quote.psi <= immediateLeft(params, pool, order.side)) {
    return { trade: settleTrade(market, ctx, sender, pool, order).trade, orderId: 0n };
  }
  const draft = { ...waiting(), owner: sender, poolId: pool.id, expiresHeight: lastHeight(params, ctx, 0n) };
  return { trade: undefined, orderId: placeOrder(market, ctx, draft).id };
}

import type { MsgCancelOrder, MsgCancelOrderResponse } from "#proto/hanzo/hmm/v1/tx";
import { OrderKind } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import { closeOrder } from "./close.ts";

/**
 * Takes a waiting order back. Buy-backs cannot be taken back: they are what an expired commitment owes.
 * @throws hmm/19 unknown order, hmm/20 somebody else's, or a buy-back
 */
export function cancelOrder(market: Market, ctx: Ctx, { sender, orderId }: MsgCancelOrder): MsgCancelOrderResponse {
  const order = market.state.orders.find(ctx, orderId);
  if (order === undefined) throw hmmError.unknownOrder(`expected the identifier of a waiting order, got ${orderId}`);
  if (order.owner !== sender) throw hmmError.notOwner(`expected order ${orderId} to belong to ${sender}, got one of ${order.owner}`);
  if (order.kind === OrderKind.ORDER_KIND_BUYBACK)
    throw hmmError.notOwner(`order ${orderId} buys back commitment ${order.commitmentId} and cannot be cancelled`);
  const { resource, credit } = closeOrder(market, ctx, order, "cancelled");
  return { resource: resource.toString(), credit: credit.toString() };
}

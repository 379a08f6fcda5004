// Stateless checks of orders.
import type { MsgBuyExactOut, MsgCancelOrder, MsgPlaceOrder, MsgSell, MsgSellExactOut, MsgSwap } from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import { parseLimit, parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import { requirePoolId } from "../poolId.ts";
import { parseLimitPrice } from "./limitPrice.ts";

/** @throws hmm/2 unless a side is buy or sell */
export function requireSide(side: Side): void {
  if (side !== Side.SIDE_BUY && side !== Side.SIDE_SELL) throw hmmError.invalidAmount(`side: expected 1 (buy) or 2 (sell), got ${side}`);
}

/** Checks by method name. */
export const orderChecks = {
  swap(req: MsgSwap): void {
    requirePoolId(req.poolId);
    parsePositive(req.creditIn, "credit_in");
    parseLimit(req.minOut, "min_out");
  },
  buyExactOut(req: MsgBuyExactOut): void {
    requirePoolId(req.poolId);
    parsePositive(req.amountOut, "amount_out");
    parsePositive(req.maxCredit, "max_credit");
  },
  sell(req: MsgSell): void {
    requirePoolId(req.poolId);
    parsePositive(req.amountIn, "amount_in");
    parseLimit(req.minCredit, "min_credit");
  },
  sellExactOut(req: MsgSellExactOut): void {
    requirePoolId(req.poolId);
    parsePositive(req.creditOut, "credit_out");
    parsePositive(req.maxIn, "max_in");
  },
  placeOrder(req: MsgPlaceOrder): void {
    requirePoolId(req.poolId);
    requireSide(req.side);
    parsePositive(req.resource, "resource");
    parseLimitPrice(req.limitE18, "limit_e18");
  },
  cancelOrder(req: MsgCancelOrder): void {
    if (req.orderId === 0n) throw hmmError.unknownOrder("order_id: expected the identifier of a waiting order, got 0");
  },
} as const;

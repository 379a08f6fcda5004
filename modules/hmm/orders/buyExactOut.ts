import type { MsgBuyExactOut, MsgBuyExactOutResponse } from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { parsePositive } from "../amounts.ts";
import { quoteBuyExactOut } from "../curve/quote.ts";
import { hmmError } from "../errors.ts";
import { type Market, openBlock } from "../market.ts";
import { getTradingPool } from "../pool/tradingPool.ts";
import { priceOrder } from "../trade.ts";
import { executeOrQueue } from "./executeOrQueue.ts";
import { buyLimit } from "./place.ts";

/**
 * Buys an exact amount for the least credit.
 * @throws hmm/2 to hmm/9, hmm/21 as in README.md, sdk/5 too little credit
 */
export function buyExactOut(market: Market, ctx: Ctx, request: MsgBuyExactOut): Partial<MsgBuyExactOutResponse> {
  const { sender, poolId } = request;
  const wanted = parsePositive(request.amountOut, "amount_out");
  const most = parsePositive(request.maxCredit, "max_credit");
  const pool = openBlock(getTradingPool(market, ctx, poolId), ctx.height);
  const params = market.params.get(ctx);
  const order = priceOrder(params, pool, "buy", quoteBuyExactOut(pool, wanted));
  if (order.quote.credit > most)
    throw hmmError.slippage(`expected to pay at most ${most} credit base units, got a price of ${order.quote.credit}`);
  const limitOf = (): bigint => buyLimit(params, most, wanted);
  return executeOrQueue(market, ctx, { sender, params, pool, order }, () => ({
    side: Side.SIDE_BUY,
    resource: wanted,
    limitE18: limitOf(),
    escrow: most,
  }));
}

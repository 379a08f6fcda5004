import type { MsgSell, MsgSellResponse } from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { parseLimit, parsePositive } from "../amounts.ts";
import { quoteSell } from "../curve/quote.ts";
import { hmmError } from "../errors.ts";
import { type Market, openBlock } from "../market.ts";
import { getTradingPool } from "../pool/tradingPool.ts";
import { priceOrder } from "../trade.ts";
import { executeOrQueue } from "./executeOrQueue.ts";
import { sellLimit } from "./place.ts";

/**
 * Sells an exact amount for the most credit.
 * @throws hmm/2 to hmm/10, hmm/21 as in README.md, sdk/5 too little resource
 */
export function sell(market: Market, ctx: Ctx, { sender, poolId, amountIn, minCredit }: MsgSell): Partial<MsgSellResponse> {
  const sold = parsePositive(amountIn, "amount_in");
  const least = parseLimit(minCredit, "min_credit");
  const pool = openBlock(getTradingPool(market, ctx, poolId), ctx.height);
  const params = market.params.get(ctx);
  const order = priceOrder(params, pool, "sell", quoteSell(pool, sold));
  if (order.quote.credit < least)
    throw hmmError.slippage(`expected at least ${least} credit base units, got ${order.quote.credit} for ${sold}${pool.denom}`);
  return executeOrQueue(market, ctx, { sender, params, pool, order }, () => ({
    side: Side.SIDE_SELL,
    resource: sold,
    limitE18: sellLimit(params, least, sold),
  }));
}

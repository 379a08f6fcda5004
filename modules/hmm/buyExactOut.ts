import type { MsgBuyExactOut, MsgBuyExactOutResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parsePositive } from "./amounts.ts";
import { hmmError } from "./errors.ts";
import { getActivePool, type Market } from "./market.ts";
import { quoteBuyExactOut } from "./quote.ts";
import { priceOrder, settleTrade } from "./trade.ts";

/**
 * Buys an exact amount for the least credit.
 * @throws hmm/2 to hmm/9 as in README.md, sdk/5 too little credit
 */
export function buyExactOut(market: Market, ctx: Ctx, { sender, poolId, amountOut, maxCredit }: MsgBuyExactOut): MsgBuyExactOutResponse {
  const wanted = parsePositive(amountOut, "amount_out");
  const most = parsePositive(maxCredit, "max_credit");
  const pool = getActivePool(market, ctx, poolId);
  const order = priceOrder(market.params.get(ctx), pool, "buy", quoteBuyExactOut(pool, wanted));
  if (order.quote.credit > most)
    throw hmmError.slippage(`expected to pay at most ${most} credit base units, got a price of ${order.quote.credit}`);
  return { trade: settleTrade(market, ctx, sender, pool, order) };
}

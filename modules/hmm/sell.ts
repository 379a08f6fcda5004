import type { MsgSell, MsgSellResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parseLimit, parsePositive } from "./amounts.ts";
import { hmmError } from "./errors.ts";
import { getActivePool, type Market } from "./market.ts";
import { quoteSell } from "./quote.ts";
import { priceOrder, settleTrade } from "./trade.ts";

/**
 * Sells an exact amount for credit.
 * @throws hmm/2 to hmm/10 as in README.md, sdk/5 too little resource
 */
export function sell(market: Market, ctx: Ctx, { sender, poolId, amountIn, minCredit }: MsgSell): MsgSellResponse {
  const sold = parsePositive(amountIn, "amount_in");
  const least = parseLimit(minCredit, "min_credit");
  const pool = getActivePool(market, ctx, poolId);
  const order = priceOrder(market.params.get(ctx), pool, "sell", quoteSell(pool, sold));
  if (order.quote.credit < least) throw hmmError.slippage(`expected at least ${least} credit base units, got ${order.quote.credit}`);
  return { trade: settleTrade(market, ctx, sender, pool, order) };
}

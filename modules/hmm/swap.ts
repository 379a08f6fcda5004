import type { MsgSwap, MsgSwapResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parseLimit, parsePositive } from "./amounts.ts";
import { hmmError } from "./errors.ts";
import { getActivePool, type Market } from "./market.ts";
import { quoteBuyExactIn } from "./quote.ts";
import { priceOrder, settleTrade } from "./trade.ts";

/**
 * Buys as much as the offered credit pays for. Only what that costs is charged.
 * @throws hmm/2 to hmm/9 as in README.md, sdk/5 too little credit
 */
export function swap(market: Market, ctx: Ctx, { sender, poolId, creditIn, minOut }: MsgSwap): MsgSwapResponse {
  const offer = parsePositive(creditIn, "credit_in");
  const least = parseLimit(minOut, "min_out");
  const pool = getActivePool(market, ctx, poolId);
  const order = priceOrder(market.params.get(ctx), pool, "buy", quoteBuyExactIn(pool, offer));
  if (order.quote.psi < least) throw hmmError.slippage(`expected at least ${least}${pool.denom}, got ${order.quote.psi}${pool.denom}`);
  return { trade: settleTrade(market, ctx, sender, pool, order), refund: (offer - order.quote.credit).toString() };
}

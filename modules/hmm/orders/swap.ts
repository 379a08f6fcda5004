import type { MsgSwap, MsgSwapResponse } from "#proto/hanzo/hmm/v1/tx";
import { type Params, Side } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { parseLimit, parsePositive } from "../amounts.ts";
import { quoteBuyExactIn } from "../curve/quote.ts";
import { hmmError } from "../errors.ts";
import { type Market, openBlock } from "../market.ts";
import { getTradingPool } from "../pool/tradingPool.ts";
import { priceOrder } from "../trade.ts";
import { executeOrQueue, type WaitingTerms } from "./executeOrQueue.ts";
import { buyLimit } from "./place.ts";

/**
 * Buys as much as the offered credit pays for. Only what that costs is charged.
 * @throws hmm/2 to hmm/9, hmm/21 as in README.md, sdk/5 too little credit
 */
export function swap(market: Market, ctx: Ctx, { sender, poolId, creditIn, minOut }: MsgSwap): Partial<MsgSwapResponse> {
  const offer = parsePositive(creditIn, "credit_in");
  const least = parseLimit(minOut, "min_out");
  const pool = openBlock(getTradingPool(market, ctx, poolId), ctx.height);
  const params = market.params.get(ctx);
  const order = priceOrder(params, pool, "buy", quoteBuyExactIn(pool, offer));
  const { psi, credit } = order.quote;
  if (psi < least) throw hmmError.slippage(`expected at least ${least}${pool.denom}, got ${psi}${pool.denom}`);
  const { trade, orderId } = executeOrQueue(market, ctx, { sender, params, pool, order }, () => demandSteps(params, offer, least, psi));
  return trade === undefined ? { refund: "0", orderId } : { trade, refund: (offer - credit).toString(), orderId };
}

/**
 * Demand of an offer of credit in two steps: the least acceptable amount at whatever average spends the whole offer on it, and what the offer
 * would buy beyond that now, at a price at which the offer covers both.
 */
function demandSteps(params: Params, offer: bigint, least: bigint, quoted: bigint): WaitingTerms {
  const whole = buyLimit(params, offer, quoted);
  const both = { side: Side.SIDE_BUY, escrow: offer };
  if (least === 0n || least === quoted) return { ...both, resource: quoted, limitE18: whole };
  return { ...both, resource: least, limitE18: buyLimit(params, offer, least), moreResource: quoted - least, moreLimitE18: whole };
}

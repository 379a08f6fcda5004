import type { MsgSellExactOut, MsgSellExactOutResponse } from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { parsePositive } from "../amounts.ts";
import { quoteSellExactOut } from "../curve/quote.ts";
import { hmmError } from "../errors.ts";
import { type Market, openBlock } from "../market.ts";
import { getTradingPool } from "../pool/tradingPool.ts";
import { priceOrder } from "../trade.ts";
import { executeOrQueue } from "./executeOrQueue.ts";
import { sellLimit } from "./place.ts";

/**
 * Sells the least resource that brings an amount of credit.
 * @throws hmm/2 to hmm/10, hmm/21 as in README.md, sdk/5 too little resource
 */
export function sellExactOut(market: Market, ctx: Ctx, request: MsgSellExactOut): Partial<MsgSellExactOutResponse> {
  const { sender, poolId } = request;
  const wanted = parsePositive(request.creditOut, "credit_out");
  const most = parsePositive(request.maxIn, "max_in");
  const pool = openBlock(getTradingPool(market, ctx, poolId), ctx.height);
  const params = market.params.get(ctx);
  const order = priceOrder(params, pool, "sell", quoteSellExactOut(pool, wanted));
  const { psi } = order.quote;
  if (psi > most)
    throw hmmError.slippage(`expected to sell at most ${most}${pool.denom}, got ${psi}${pool.denom} for ${wanted} credit base units`);
  return executeOrQueue(market, ctx, { sender, params, pool, order }, () => ({
    side: Side.SIDE_SELL,
    resource: psi,
    limitE18: sellLimit(params, wanted, psi),
  }));
}

import type { MsgPlaceOrder, MsgPlaceOrderResponse } from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { parsePositive } from "../amounts.ts";
import { requireOrderSize } from "../curve/limits.ts";
import type { Market } from "../market.ts";
import { getTradingPool } from "../pool/tradingPool.ts";
import { parseLimitPrice } from "./limitPrice.ts";
import { buyEscrow, lastHeight, placeOrder } from "./place.ts";
import { requireOpenSize } from "./window.ts";

/**
 * Lets a limit order wait for the batches of this and the next blocks, in which it may be filled in parts.
 * @throws hmm/2, hmm/3, hmm/4, hmm/7, hmm/21 as in README.md, sdk/5 when the sender lacks the escrow
 */
export function placeLimitOrder(market: Market, ctx: Ctx, request: MsgPlaceOrder): MsgPlaceOrderResponse {
  const { sender, poolId, side } = request;
  const resource = parsePositive(request.resource, "resource");
  const limitE18 = parseLimitPrice(request.limitE18, "limit_e18");
  const pool = getTradingPool(market, ctx, poolId);
  const params = market.params.get(ctx);
  requireOrderSize(pool, resource, params.maxOrderBps);
  requireOpenSize(params, pool, resource);
  const escrow = side === Side.SIDE_BUY ? buyEscrow(params, resource, limitE18) : 0n;
  const expiresHeight = lastHeight(params, ctx, request.blocks);
  const { id } = placeOrder(market, ctx, { owner: sender, poolId, side, resource, limitE18, escrow, expiresHeight });
  return { orderId: id, escrow: (side === Side.SIDE_BUY ? escrow : resource).toString(), expiresHeight };
}

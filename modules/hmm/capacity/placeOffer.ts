import { OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, minOf } from "#sdk";
import { hmmError } from "../errors.ts";
import { getActivePool, type Market } from "../market.ts";
import { lastHeight, recordOrder } from "../orders/place.ts";
import type { OrderState } from "../orders/record.ts";
import type { CommitmentState } from "./record.ts";

/**
 * Lets units of a live commitment wait for a buyer. The order ends before the commitment does.
 * @param units resource base units that are neither sold nor on offer, > 0
 * @param askE18 least price with all fees, credit per resource base unit, times 10¹⁸, > 0
 * @throws hmm/4 when the pool does not trade, or has no reserves to trade with
 */
export function placeOffer(market: Market, ctx: Ctx, commitment: CommitmentState, units: bigint, askE18: bigint): OrderState {
  const { id, worker, poolId, expiresHeight } = commitment;
  if (getActivePool(market, ctx, poolId).shares === 0n)
    throw hmmError.poolPaused(`pool "${poolId}" has no reserves yet: MsgAddLiquidity brings the first, from a commitment without offers`);
  const last = lastHeight(market.params.get(ctx), ctx, 0n);
  market.state.commitments.set(ctx, id, { ...commitment, onOffer: commitment.onOffer + units });
  return recordOrder(market, ctx, {
    owner: worker,
    poolId,
    side: Side.SIDE_SELL,
    kind: OrderKind.ORDER_KIND_CAPACITY,
    resource: units,
    limitE18: askE18,
    commitmentId: id,
    expiresHeight: expiresHeight === 0n ? last : minOf(last, expiresHeight - 1n),
  });
}

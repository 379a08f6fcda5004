import type { MsgOfferCapacity, MsgOfferCapacityResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parsePositive } from "../amounts.ts";
import type { Market } from "../market.ts";
import { parseLimitPrice } from "../orders/limitPrice.ts";
import { getOwnCommitment, requireFree } from "./commitment.ts";
import { placeOffer } from "./placeOffer.ts";

/**
 * Offers units of a commitment that are neither sold nor on offer in the batches of this and the next blocks. Cancelling the order makes
 * them free again.
 * @throws hmm/2, hmm/4, hmm/20, hmm/31, hmm/32, hmm/34 as in README.md
 */
export function offerCapacity(market: Market, ctx: Ctx, request: MsgOfferCapacity): MsgOfferCapacityResponse {
  const units = parsePositive(request.resource, "resource");
  const askE18 = parseLimitPrice(request.askE18, "ask_e18");
  const commitment = getOwnCommitment(market, ctx, request.sender, request.commitmentId);
  requireFree(commitment, units);
  const { id, expiresHeight } = placeOffer(market, ctx, commitment, units, askE18);
  return { orderId: id, expiresHeight };
}

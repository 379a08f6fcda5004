import { type Ctx, subUint } from "#sdk";
import type { Market } from "../market.ts";
import type { OrderState } from "../orders/record.ts";
import { getCommitment } from "./commitment.ts";

/** Takes what is left of a closed order of kind CAPACITY off offer: its units are free again. */
export function offerEnded(market: Market, ctx: Ctx, order: OrderState): void {
  if (order.resource === 0n) return;
  const commitment = getCommitment(market, ctx, order.commitmentId);
  const onOffer = subUint(commitment.onOffer, order.resource, "on_offer");
  market.state.commitments.set(ctx, commitment.id, { ...commitment, onOffer });
}

import { type Ctx, requireUint, subUint } from "#sdk";
import { getPool, type Market } from "../market.ts";
import type { OrderState } from "../orders/record.ts";
import { SUPPLY_BITS } from "../records.ts";
import { getCommitment } from "./commitment.ts";

/** What a batch gave to an order. */
export interface Fill {
  /** Resource base units. */
  readonly psi: bigint;
  /** Credit base units, all fees included. */
  readonly theta: bigint;
}

/**
 * Books a sale of committed units. The worker is not paid: the credit stays on the market's account as a receivable until the units are
 * delivered. The units left `unsold` for the pool's reserve or for buyers; the batch moves them.
 * @param order of kind CAPACITY, as it was before the fill
 */
export function offerFilled(market: Market, ctx: Ctx, order: OrderState, fill: Fill): void {
  const commitment = getCommitment(market, ctx, order.commitmentId);
  market.state.commitments.set(ctx, commitment.id, {
    ...commitment,
    unsold: subUint(commitment.unsold, fill.psi, "unsold"),
    onOffer: subUint(commitment.onOffer, fill.psi, "on_offer"),
    receivable: requireUint(commitment.receivable + fill.theta, SUPPLY_BITS, "receivable"),
  });
}

/**
 * Burns units of an expired commitment that were bought back. They lie on the market's account; their price left the order's escrow.
 * @param order of kind BUYBACK, as it was before the fill
 */
export function buybackFilled(market: Market, ctx: Ctx, order: OrderState, fill: Fill): void {
  const { state, needs, account } = market;
  const commitment = getCommitment(market, ctx, order.commitmentId);
  needs.bank.burn(ctx, account, getPool(market, ctx, order.poolId).denom, fill.psi);
  // Kept with nothing outstanding, too: the order's end settles it, in the same block.
  const outstanding = subUint(commitment.outstanding, fill.psi, "outstanding");
  state.commitments.set(ctx, commitment.id, { ...commitment, outstanding });
}

import type { Ctx } from "#sdk";
import type { Market } from "../market.ts";
import { getOwnCommitment, requireFree } from "./commitment.ts";

/**
 * Takes units of a worker's commitment for the pool's reserve, which gets them as the worker's liquidity. They lie on the market's account
 * already and earn no receivable; the worker owes them like sold ones.
 * @param units resource base units that are neither sold nor on offer
 * @throws hmm/31 unknown commitment, hmm/20 another worker's, hmm/32 expired, hmm/34 too few units
 */
export function takeUnsold(market: Market, ctx: Ctx, commitmentId: bigint, worker: string, units: bigint): void {
  const commitment = getOwnCommitment(market, ctx, worker, commitmentId);
  requireFree(commitment, units);
  market.state.commitments.set(ctx, commitmentId, { ...commitment, unsold: commitment.unsold - units });
}

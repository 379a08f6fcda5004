import type { Ctx, ReadCtx } from "#sdk";
import { hmmError } from "./errors.ts";
import { type FeeGrowth, feesEarned } from "./fees.ts";
import type { Market } from "./market.ts";
import type { PositionState } from "./records.ts";

/** @throws hmm/11 when the owner has no position in the pool */
export function getPosition({ state }: Market, ctx: ReadCtx, owner: string, poolId: string): PositionState {
  const position = state.positions.find(ctx, [owner, poolId]);
  if (position === undefined) throw hmmError.unknownPosition(`${owner} owns nothing of pool "${poolId}"`);
  return position;
}

/** The position with the fees up to the pool's present growth counted. Every change of shares goes through this first. */
export function countFees(position: PositionState, pool: FeeGrowth): PositionState {
  const earned = feesEarned(position.shares, position.feeGrowthQ128, pool.feeGrowthQ128);
  return { ...position, feesOwed: position.feesOwed + earned, feeGrowthQ128: pool.feeGrowthQ128 };
}

/** Stores a position, or removes it when nothing is left of it. */
export function setPosition({ state }: Market, ctx: Ctx, position: PositionState): void {
  const at = [position.owner, position.poolId] as const;
  if (position.shares === 0n && position.feesOwed === 0n) state.positions.delete(ctx, at);
  else state.positions.set(ctx, at, position);
}

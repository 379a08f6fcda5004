import type { Ctx, ReadCtx } from "#sdk";
import { type FeeGrowth, feesEarned } from "../curve/fees.ts";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import type { PoolState, PositionState } from "../records.ts";

/** @throws hmm/11 when the owner has no position in the pool */
export function getPosition({ state }: Market, ctx: ReadCtx, owner: string, poolId: string): PositionState {
  const position = state.positions.find(ctx, [owner, poolId]);
  if (position === undefined) throw hmmError.unknownPosition(`${owner} owns nothing of pool "${poolId}"`);
  return position;
}

/** The owner's position with all fees counted, or a new one without shares. */
export function openPosition({ state }: Market, ctx: ReadCtx, owner: string, pool: PoolState): PositionState {
  const known = state.positions.find(ctx, [owner, pool.id]);
  if (known !== undefined) return countFees(known, pool);
  const { id, feeGrowthQ128 } = pool;
  return { owner, poolId: id, shares: 0n, feeGrowthQ128, feesOwed: 0n, unlockHeight: 0n, freshShares: 0n };
}

/** The position with the fees up to the pool's present growth counted. Every change of shares goes through this first. */
export function countFees(position: PositionState, pool: FeeGrowth): PositionState {
  const earned = feesEarned(position.shares, position.feeGrowthQ128, pool.feeGrowthQ128);
  return { ...position, feesOwed: position.feesOwed + earned, feeGrowthQ128: pool.feeGrowthQ128 };
}

/** The position with its fresh shares made earning ones: at the end of their block, after its fees were spread. */
export function activateShares(position: PositionState, pool: FeeGrowth): PositionState {
  const counted = countFees(position, pool);
  return { ...counted, shares: counted.shares + counted.freshShares, freshShares: 0n };
}

/** Stores a position, or removes it when nothing is left of it. */
export function setPosition({ state }: Market, ctx: Ctx, position: PositionState): void {
  const at = [position.owner, position.poolId] as const;
  const empty = position.shares === 0n && position.freshShares === 0n && position.feesOwed === 0n;
  if (empty) state.positions.delete(ctx, at);
  else state.positions.set(ctx, at, position);
}

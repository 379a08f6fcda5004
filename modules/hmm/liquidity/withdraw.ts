import { EventLiquidityRemoved } from "#proto/hanzo/hmm/v1/events";
import type { Ctx } from "#sdk";
import { requireReserveSize } from "../curve/limits.ts";
import { hmmError } from "../errors.ts";
import { getPool, type Market, openBlock } from "../market.ts";
import { minReserveOf } from "../params.ts";
import { storePool } from "../pool/storePool.ts";
import type { PoolState, PositionState } from "../records.ts";
import { countFees, getPosition, setPosition } from "./position.ts";
import { type Proportion, proportionalRemove, scaledReference } from "./shares.ts";

/**
 * Redeems shares of an account for their part of both reserves. Shares issued in the same block cannot be redeemed in it.
 * @param sharesOf shares to redeem, given those of the position that are not fresh
 * @throws hmm/3, hmm/5, hmm/9, hmm/11, hmm/12, hmm/13 as in README.md
 */
export function withdraw(market: Market, ctx: Ctx, owner: string, poolId: string, sharesOf: (owned: bigint) => bigint): Proportion {
  const pool = openBlock(getPool(market, ctx, poolId), ctx.height);
  const position = getPosition(market, ctx, owner, poolId);
  const redeemed = sharesOf(position.shares);
  requireRemovable(position, redeemed, ctx.height);
  const removed = proportionalRemove(pool, pool.shares, redeemed);
  if (removed.psi === 0n && removed.theta === 0n) throw hmmError.zeroOutput(`${redeemed} shares of pool "${poolId}" redeem for nothing`);
  const after = shrunk(pool, removed);
  requireReserveSize(after, minReserveOf(market.params.get(ctx)));
  storePool(market, ctx, after);
  const counted = countFees(position, pool);
  setPosition(market, ctx, { ...counted, shares: counted.shares - redeemed });
  payOut(market, ctx, owner, pool, removed);
  const shown = { resource: removed.psi.toString(), credit: removed.theta.toString() };
  ctx.emit(EventLiquidityRemoved, { poolId, owner, shares: redeemed.toString(), ...shown });
  return removed;
}

function requireRemovable({ shares, freshShares, unlockHeight }: PositionState, redeemed: bigint, height: bigint): void {
  if (redeemed > shares) {
    const fresh = freshShares === 0n ? "" : `; ${freshShares} more were issued in this block`;
    throw hmmError.insufficientShares(`expected at most ${shares} shares, got ${redeemed}${fresh}`);
  }
  if (height < unlockHeight) throw hmmError.sharesLocked(`expected height ${unlockHeight} or later, got ${height}`);
}

function shrunk(pool: PoolState, removed: Proportion): PoolState {
  const psi = pool.psi - removed.psi;
  const shares = pool.shares - removed.shares;
  const scale = (psiRef: bigint): bigint => scaledReference({ psi: pool.psi, psiRef }, psi, pool.shares, shares);
  const block = { ...pool.block, psi: scale(pool.block.psi) };
  return { ...pool, psi, theta: pool.theta - removed.theta, shares, psiRef: scale(pool.psiRef), block };
}

function payOut({ state, needs, account }: Market, ctx: Ctx, owner: string, pool: PoolState, removed: Proportion): void {
  if (removed.psi > 0n) needs.bank.send(ctx, account, owner, pool.denom, removed.psi);
  if (removed.theta > 0n) needs.bank.send(ctx, account, owner, state.vault.get(ctx).creditDenom, removed.theta);
}

import { EventLiquidityRemoved } from "#proto/hanzo/hmm/v1/events";
import type { MsgRemoveLiquidity, MsgRemoveLiquidityResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parseLimit, parsePositive } from "./amounts.ts";
import { hmmError } from "./errors.ts";
import { requireReserveSize } from "./limits.ts";
import { getPool, type Market, setPool } from "./market.ts";
import { minReserveOf } from "./params.ts";
import { countFees, getPosition, setPosition } from "./position.ts";
import type { PoolState, PositionState } from "./records.ts";
import { type Proportion, proportionalRemove, scaledReference } from "./shares.ts";

/**
 * Redeems shares for their part of both reserves; works while the pool is paused. Fees earned stay on the position.
 * @throws hmm/2, hmm/3, hmm/5, hmm/6, hmm/9, hmm/11, hmm/12, hmm/13 as in README.md
 */
export function removeLiquidity(market: Market, ctx: Ctx, request: MsgRemoveLiquidity): MsgRemoveLiquidityResponse {
  const { sender, poolId } = request;
  const redeemed = parsePositive(request.shares, "shares");
  const least = { psi: parseLimit(request.minResource, "min_resource"), theta: parseLimit(request.minCredit, "min_credit") };
  const pool = getPool(market, ctx, poolId);
  const position = getPosition(market, ctx, sender, poolId);
  requireRemovable(position, redeemed, ctx.height);
  const removed = proportionalRemove(pool, pool.shares, redeemed);
  if (removed.psi === 0n && removed.theta === 0n) throw hmmError.zeroOutput(`${redeemed} shares redeem for nothing`);
  if (removed.psi < least.psi) throw hmmError.slippage(`expected at least ${least.psi} resource base units, got ${removed.psi}`);
  if (removed.theta < least.theta) throw hmmError.slippage(`expected at least ${least.theta} credit base units, got ${removed.theta}`);
  const after = shrunk(pool, removed);
  requireReserveSize(after, minReserveOf(market.params.get(ctx)));
  setPool(market, ctx, pool, after);
  const counted = countFees(position, pool);
  setPosition(market, ctx, { ...counted, shares: counted.shares - redeemed });
  payOut(market, ctx, sender, pool, removed);
  const shown = { resource: removed.psi.toString(), credit: removed.theta.toString() };
  ctx.emit(EventLiquidityRemoved, { poolId, owner: sender, shares: redeemed.toString(), ...shown });
  return shown;
}

function requireRemovable(position: PositionState, redeemed: bigint, height: bigint): void {
  if (redeemed > position.shares) throw hmmError.insufficientShares(`expected at most ${position.shares} shares, got ${redeemed}`);
  if (height < position.unlockHeight) throw hmmError.sharesLocked(`expected height ${position.unlockHeight} or later, got ${height}`);
}

function shrunk(pool: PoolState, removed: Proportion): PoolState {
  const psi = pool.psi - removed.psi;
  const shares = pool.shares - removed.shares;
  return { ...pool, psi, theta: pool.theta - removed.theta, shares, psiRef: scaledReference(pool, psi, pool.shares, shares) };
}

function payOut({ state, needs, account }: Market, ctx: Ctx, owner: string, pool: PoolState, removed: Proportion): void {
  if (removed.psi > 0n) needs.bank.send(ctx, account, owner, pool.denom, removed.psi);
  if (removed.theta > 0n) needs.bank.send(ctx, account, owner, state.vault.get(ctx).creditDenom, removed.theta);
}

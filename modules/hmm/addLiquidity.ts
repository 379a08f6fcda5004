import { EventLiquidityAdded } from "#proto/hanzo/hmm/v1/events";
import type { MsgAddLiquidity, MsgAddLiquidityResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parseLimit, parsePositive } from "./amounts.ts";
import { hmmError } from "./errors.ts";
import { requireReserveSize } from "./limits.ts";
import { getActivePool, type Market, setPool } from "./market.ts";
import { AMOUNT_BITS } from "./math.ts";
import { minReserveOf } from "./params.ts";
import { countFees, setPosition } from "./position.ts";
import type { PoolState, PositionState } from "./records.ts";
import { type Proportion, proportionalAdd, scaledReference } from "./shares.ts";

/**
 * Deposits both sides in the proportion of the reserves. The position's shares, earlier ones included, are locked from this height on.
 * @throws hmm/2, hmm/3, hmm/4, hmm/5, hmm/6, hmm/9 as in README.md, sdk/5 too few coins
 */
export function addLiquidity(market: Market, ctx: Ctx, request: MsgAddLiquidity): MsgAddLiquidityResponse {
  const { sender, poolId } = request;
  const most = { psi: parsePositive(request.maxResource, "max_resource"), theta: parsePositive(request.maxCredit, "max_credit") };
  const least = parseLimit(request.minShares, "min_shares");
  const pool = getActivePool(market, ctx, poolId);
  const added = proportionalAdd(pool, pool.shares, most);
  if (added.shares === 0n) throw hmmError.zeroOutput(`${most.psi} resource and ${most.theta} credit base units buy 0 shares`);
  if (added.shares < least) throw hmmError.slippage(`expected at least ${least} shares, got ${added.shares}`);
  const after = grown(pool, added);
  const params = market.params.get(ctx);
  requireReserveSize(after, minReserveOf(params));
  market.needs.bank.send(ctx, sender, market.account, pool.denom, added.psi);
  market.needs.bank.send(ctx, sender, market.account, market.state.vault.get(ctx).creditDenom, added.theta);
  setPool(market, ctx, pool, after);
  const unlockHeight = ctx.height + params.liquidityLockBlocks;
  const position = positionBefore(market, ctx, sender, pool);
  setPosition(market, ctx, { ...position, shares: position.shares + added.shares, unlockHeight });
  const shown = { shares: added.shares.toString(), resource: added.psi.toString(), credit: added.theta.toString(), unlockHeight };
  ctx.emit(EventLiquidityAdded, { poolId, owner: sender, ...shown });
  return shown;
}

function grown(pool: PoolState, added: Proportion): PoolState {
  const psi = pool.psi + added.psi;
  const shares = pool.shares + added.shares;
  if (shares >> BigInt(AMOUNT_BITS) !== 0n)
    throw hmmError.reserveLimit(`shares: expected less than 2^${AMOUNT_BITS} afterwards, got ${shares}`);
  return { ...pool, psi, theta: pool.theta + added.theta, shares, psiRef: scaledReference(pool, psi, pool.shares, shares) };
}

function positionBefore({ state }: Market, ctx: Ctx, owner: string, pool: PoolState): PositionState {
  const known = state.positions.find(ctx, [owner, pool.id]);
  if (known !== undefined) return countFees(known, pool);
  return { owner, poolId: pool.id, shares: 0n, feeGrowthQ128: pool.feeGrowthQ128, feesOwed: 0n, unlockHeight: 0n };
}

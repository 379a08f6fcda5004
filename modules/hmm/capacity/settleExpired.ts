import { EventCapacitySettled, EventLpLoss } from "#proto/hanzo/hmm/v1/events";
import { CommitmentStatus, PoolStatus } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { burnBacked } from "../credit/vault.ts";
import { h2 } from "../curve/math.ts";
import { bookFees, getPool, type Market, openBlock, setPool } from "../market.ts";
import type { OrderState } from "../orders/record.ts";
import { minReserveOf } from "../params.ts";
import { releaseTo } from "./bond.ts";
import { getCommitment, removeCommitment } from "./commitment.ts";
import { type BuybackFunds, placeBuyback } from "./placeBuyback.ts";
import type { CommitmentState } from "./record.ts";
import { writeDownReserve } from "./writeDown.ts";

/**
 * Settles an expired commitment when its order of kind BUYBACK ends, filled or out of time. While the pool is paused the purchase goes on:
 * its issuer could not buy.
 * @param order as it was when it ended
 */
export function buybackEnded(market: Market, ctx: Ctx, order: OrderState): void {
  const commitment = getCommitment(market, ctx, order.commitmentId);
  const money = { funds: order.escrow + commitment.receivable, boughtBack: order.filled, cost: order.credit };
  const paused = getPool(market, ctx, order.poolId).status !== PoolStatus.POOL_STATUS_ACTIVE;
  if (commitment.outstanding > 0n && paused && placeBuyback(market, ctx, commitment, money)) return;
  settleExpired(market, ctx, commitment, money);
}

/**
 * Closes the account of an expired commitment. Bought back whole: the rest of the money is the worker's. Otherwise what is missing is
 * burned from the pool's reserve, whose liquidity providers get the rest of the money; what the reserve cannot lose stays outstanding, in
 * default.
 */
export function settleExpired(market: Market, ctx: Ctx, commitment: CommitmentState, money: BuybackFunds): void {
  const { id, worker, poolId, outstanding } = commitment;
  const met = outstanding === 0n;
  if (met) releaseTo(market, ctx, worker, money.funds);
  const writtenDown = met ? 0n : writeDown(market, ctx, commitment, money.funds);
  const uncovered = outstanding - writtenDown;
  if (uncovered === 0n) removeCommitment(market, ctx, commitment);
  else {
    const status = CommitmentStatus.COMMITMENT_STATUS_DEFAULTED;
    market.state.commitments.set(ctx, id, { ...commitment, status, outstanding: uncovered, receivable: 0n });
  }
  ctx.emit(EventCapacitySettled, {
    commitmentId: id,
    poolId,
    worker,
    boughtBack: money.boughtBack.toString(),
    writtenDown: writtenDown.toString(),
    uncovered: uncovered.toString(),
    cost: money.cost.toString(),
    returned: (met ? money.funds : 0n).toString(),
  });
  if (!met) market.emit.capacityDefaulted(ctx, worker, poolId, outstanding);
}

/** Burns what is missing from the reserve and hands the money to its providers. @returns resource base units burned */
function writeDown(market: Market, ctx: Ctx, { id, poolId, outstanding }: CommitmentState, funds: bigint): bigint {
  const { needs, account, params } = market;
  const before = openBlock(getPool(market, ctx, poolId), ctx.height);
  const { lost, pool } = writeDownReserve(before, outstanding, minReserveOf(params.get(ctx)));
  if (lost > 0n) needs.bank.burn(ctx, account, pool.denom, lost);
  // A pool that nobody ever provided for has nobody to compensate.
  const paid = pool.shares > 0n ? funds : 0n;
  burnBacked(market, ctx, funds - paid);
  setPool(market, ctx, bookFees(pool, paid));
  ctx.emit(EventLpLoss, {
    poolId,
    commitmentId: id,
    resource: lost.toString(),
    compensation: paid.toString(),
    h2Before: h2(before).toString(),
    h2After: h2(pool).toString(),
  });
  return lost;
}

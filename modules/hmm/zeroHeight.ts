// What the market changes of its state so that a chain can begin from it at height 1 (`hanzod export --for-zero-height`).

import { CommitmentStatus, Side } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { getPool, type Market } from "./market.ts";
import { writeObservation } from "./pool/observations.ts";
import { markScheduled, storePool } from "./pool/storePool.ts";
import type { PoolState } from "./records.ts";
import { keyOf } from "./sealed/revealOrder.ts";

/** What a pool knows of no block. */
const NO_BLOCK = { height: 0n, psi: 0n, fees: 0n, freshShares: 0n, burn: 0n, treasury: 0n } as const;

/**
 * Counts every height from the context's one, so that what would happen so many blocks later still does: orders, locks, commitments, paused
 * pools and allowances. What cannot be counted so is settled or begins anew: sealed orders go back to their senders, the average price keeps
 * the recorded price without its past, and the last batches are forgotten. Balances change by what sealed orders return, and by nothing else.
 *
 * @param ctx at the last block of the chain that is exported, between two blocks
 */
export function prepareZeroHeight(market: Market, ctx: Ctx): void {
  returnSealed(market, ctx);
  for (const [, pool] of [...market.state.pools.entries(ctx)]) restartPool(market, ctx, pool);
  restartRecords(market, ctx);
}

/** Blocks that are left until a height. @param least what a height that has come becomes; 0 stays 0, which means never */
function left(ctx: Ctx, height: bigint, least: bigint): bigint {
  if (height === 0n) return 0n;
  return height - ctx.height > least ? height - ctx.height : least;
}

/** A round is a stretch of heights and cannot be cut: its orders go back whole, and the next one begins, in which none of them can be shown again. */
function returnSealed(market: Market, ctx: Ctx): void {
  const { state, needs, account, params } = market;
  const { creditDenom } = state.vault.get(ctx);
  for (const [, order] of [...state.sealed.entries(ctx)]) {
    const { sender, poolId, deposit, revealed, side, resource } = order;
    needs.bank.send(ctx, account, sender, creditDenom, deposit);
    if (revealed && side === Side.SIDE_SELL && resource > 0n)
      needs.bank.send(ctx, account, sender, getPool(market, ctx, poolId).denom, resource);
    state.sealed.delete(ctx, keyOf(order));
  }
  const round = state.round.find(ctx);
  const { commitBlocks, revealBlocks } = params.get(ctx);
  if (round !== undefined) state.round.set(ctx, { id: round.id + 1n, startHeight: 1n, commitBlocks, revealBlocks, sealed: 0 });
}

function restartPool(market: Market, ctx: Ctx, pool: PoolState): void {
  const { twap, id } = pool;
  // The price that holds is worth keeping: without it one block's price would be the average.
  const kept = twap.count === 0n ? twap : { cumulativeE18: 0n, priceE18: twap.priceE18, height: 0n, count: 1n };
  const restarted = { ...pool, block: NO_BLOCK, twap: kept, resumeHeight: left(ctx, pool.resumeHeight, 1n) };
  if (kept.count > 0n) writeObservation(market, ctx, id, 0n, kept);
  storePool(market, ctx, restarted);
  markScheduled(market, ctx, restarted);
}

function restartRecords({ state }: Market, ctx: Ctx): void {
  for (const [key, position] of [...state.positions.entries(ctx)])
    state.positions.set(ctx, key, { ...position, unlockHeight: left(ctx, position.unlockHeight, 0n) });
  for (const [id, order] of [...state.orders.entries(ctx)])
    state.orders.set(ctx, id, { ...order, expiresHeight: left(ctx, order.expiresHeight, 0n) });
  for (const [key] of [...state.expiries.entries(ctx)]) state.expiries.delete(ctx, key);
  for (const [id, commitment] of [...state.commitments.entries(ctx)]) {
    const expiresHeight = left(ctx, commitment.expiresHeight, 1n);
    state.commitments.set(ctx, id, { ...commitment, expiresHeight });
    if (commitment.status === CommitmentStatus.COMMITMENT_STATUS_ACTIVE && expiresHeight !== 0n)
      state.expiries.set(ctx, [expiresHeight, id], true);
  }
  for (const [key, allowance] of [...state.allowances.entries(ctx)])
    state.allowances.set(ctx, key, { ...allowance, expiresHeight: left(ctx, allowance.expiresHeight, 1n) });
  for (const [poolId] of [...state.batches.entries(ctx)]) state.batches.delete(ctx, poolId);
}

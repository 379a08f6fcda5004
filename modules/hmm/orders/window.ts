// How an order executes (hmm: immediate window, batch, sealed). Outside of a small window around the block's first state nothing executes at
// once, so nobody gains by standing before or behind somebody else in a block.

import type { Params } from "#proto/hanzo/hmm/v1/types";
import { BPS, E18, minOf } from "#sdk";
import { hmmError } from "../errors.ts";
import type { PoolState } from "../records.ts";
import type { Side } from "../trade.ts";

/** How an order of a size executes. */
export type Execution = "immediate" | "batch" | "sealed";

/**
 * Immediate window of a pool: the market's, but at most nine tenths of f_m·(w+λ)/(w−λ), the victims' size from which a sandwich pays.
 * @returns part of the resource reserve, times 10¹⁸, rounded down
 */
export function windowE18(params: Params, { marketFeeE18, wE18, lambdaE18 }: PoolState): bigint {
  const safe = (9n * marketFeeE18 * (wE18 + lambdaE18)) / (10n * (wE18 - lambdaE18));
  return minOf((BigInt(params.immediateWindowBps) * E18) / BPS, safe);
}

/**
 * What may still execute at once in the block, on top of everything that already did.
 * @param pool with the block open
 * @returns resource base units, rounded down
 */
export function immediateLeft(params: Params, pool: PoolState, side: Side): bigint {
  const window = (pool.block.psi * windowE18(params, pool)) / E18;
  const left = side === "buy" ? pool.psi - pool.block.psi + window : pool.block.psi + window - pool.psi;
  return left > 0n ? left : 0n;
}

/**
 * Largest order that needs no commit and reveal.
 * @returns resource base units, rounded down
 */
export function largestOpenOrder(params: Params, pool: PoolState): bigint {
  return (pool.psi * BigInt(params.largeOrderBps)) / BPS;
}

/** How an order executes. @param pool with the block open @param psi resource base units */
export function executionOf(params: Params, pool: PoolState, side: Side, psi: bigint): Execution {
  if (psi > largestOpenOrder(params, pool)) return "sealed";
  return psi <= immediateLeft(params, pool, side) ? "immediate" : "batch";
}

/** @throws hmm/21 when an order must be committed and revealed */
export function requireOpenSize(params: Params, pool: PoolState, psi: bigint): void {
  const most = largestOpenOrder(params, pool);
  if (psi <= most) return;
  throw hmmError.largeOrder(
    `expected at most ${most} resource base units (${params.largeOrderBps} bps of ${pool.psi}), got ${psi}; send MsgCommitOrder, then MsgRevealOrder`,
  );
}

// Liquidity shares of one pool. H is homogeneous of degree two, so √H scales like the shares: √H per share never falls.

import { divUp, E18, isqrtDown, minOf, mulDivUp } from "#sdk";
import type { Reserves } from "../curve/fees.ts";
import { type Curve, h2 } from "../curve/math.ts";

/** Shares that stay locked for ever, so that the value of one share cannot be inflated against the first depositors. */
export const LOCKED_SHARES = 1000n;
/** Fewest shares of a pool's first deposit. */
export const MIN_FIRST_SHARES = 1_000_000n;

/** A proportional deposit or withdrawal. */
export interface Proportion extends Reserves {
  readonly shares: bigint;
}

/**
 * Shares of a first deposit: the liquidity √(κ/(w+λ)), which is Θ at balance.
 * @returns shares, rounded down
 */
export function firstShares(curve: Curve): bigint {
  return isqrtDown(h2(curve) / (2n * (curve.wE18 + curve.lambdaE18) * E18 * E18));
}

/**
 * What shares cost.
 * @param shares shares outstanding, > 0
 * @param issued shares to issue
 * @returns amounts to take, rounded up, base units
 */
export function proportionOf(pool: Reserves, shares: bigint, issued: bigint): Proportion {
  return { shares: issued, psi: mulDivUp(issued, pool.psi, shares), theta: mulDivUp(issued, pool.theta, shares) };
}

/**
 * Largest proportional deposit within two maxima.
 * @param shares shares outstanding, > 0
 * @param most largest amounts to take, base units
 * @returns shares to issue (rounded down) and amounts to take (rounded up, never above the maxima)
 */
export function proportionalAdd(pool: Reserves, shares: bigint, most: Reserves): Proportion {
  const byPsi = (most.psi * shares) / pool.psi;
  const byTheta = (most.theta * shares) / pool.theta;
  return proportionOf(pool, shares, minOf(byPsi, byTheta));
}

/**
 * What shares redeem for.
 * @param shares shares outstanding, > 0
 * @param redeemed shares given back, 0 to `shares`
 * @returns amounts to pay out, rounded down, base units
 */
export function proportionalRemove(pool: Reserves, shares: bigint, redeemed: bigint): Proportion {
  return { shares: redeemed, psi: (redeemed * pool.psi) / shares, theta: (redeemed * pool.theta) / shares };
}

/**
 * One step of a slow average toward a value. Rounded away from zero, so it arrives.
 * @param average ≥ 0
 * @param value ≥ 0
 * @param blocks time constant, ≥ 1
 * @returns the average one block later
 */
export function nextAverage(average: bigint, value: bigint, blocks: bigint): bigint {
  return value >= average ? average + divUp(value - average, blocks) : average - divUp(average - value, blocks);
}

/**
 * Reference inventory, or the block's first one, after a proportional change: it scales with the pool, and where it equals the reserve it
 * stays there.
 * @param pool before the change
 * @param psi resource reserve after it
 * @param sharesBefore shares outstanding before, > 0
 * @param sharesAfter shares outstanding after
 * @returns Ψ_ref ≥ 1, rounded down, resource base units
 */
export function scaledReference(
  pool: { readonly psi: bigint; readonly psiRef: bigint },
  psi: bigint,
  sharesBefore: bigint,
  sharesAfter: bigint,
): bigint {
  if (pool.psi === pool.psiRef) return psi;
  const scaled = (pool.psiRef * sharesAfter) / sharesBefore;
  return scaled > 0n ? scaled : 1n;
}

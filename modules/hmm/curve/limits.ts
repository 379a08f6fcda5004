// Limits that every order obeys, quoted or executed.
import { BPS, E18 } from "#sdk";
import { hmmError } from "../errors.ts";
import type { Reserves } from "./fees.ts";
import { type Curve, RESERVE_BITS } from "./math.ts";

/** Largest ratio of the normalised reserves on a curve without price bounds (λ = 0), and the most for any. */
const MAX_RATIO = 10_000n;

/** Ratio Θ/(cΨ) as a fraction. */
export interface Ratio {
  readonly num: bigint;
  readonly den: bigint;
}

/**
 * Largest ratio of the normalised reserves, in both directions: where the price has covered 95 % of its band (c·λ/w, c·w/λ).
 * @returns (19w² − 20λ²)/(wλ), at most 10⁴; 379 for λ/w = 0.05
 */
export function maxReserveRatio({ wE18, lambdaE18 }: Pick<Curve, "wE18" | "lambdaE18">): Ratio {
  const num = 19n * wE18 * wE18 - 20n * lambdaE18 * lambdaE18;
  const den = wE18 * lambdaE18;
  return num >= MAX_RATIO * den ? { num: MAX_RATIO, den: 1n } : { num, den };
}

/**
 * Largest order in either direction.
 * @param maxOrderBps part of the resource reserve, in bps
 * @returns resource base units, rounded down
 */
export function maxOrder(pool: Reserves, maxOrderBps: number): bigint {
  return (pool.psi * BigInt(maxOrderBps)) / BPS;
}

/** @throws hmm/7 when an order moves more than the largest part of the resource reserve */
export function requireOrderSize(pool: Reserves, psi: bigint, maxOrderBps: number): void {
  const most = maxOrder(pool, maxOrderBps);
  if (psi > most)
    throw hmmError.orderTooLarge(`expected at most ${most} resource base units (${maxOrderBps} bps of ${pool.psi}), got ${psi}`);
}

/** @throws hmm/9 when a reserve is below the minimum or wider than 112 bits */
export function requireReserveSize(after: Reserves, minReserve: bigint): void {
  for (const name of ["psi", "theta"] as const) {
    if (after[name] < minReserve || after[name] >> BigInt(RESERVE_BITS) !== 0n) {
      throw hmmError.reserveLimit(`${name}: expected ${minReserve} to 2^${RESERVE_BITS} - 1 base units afterwards, got ${after[name]}`);
    }
  }
}

/** @throws hmm/9 when Θ/(cΨ) is outside [1/Rmax, Rmax], or a reserve outside its size */
export function requireReserves(curve: Curve, after: Reserves, minReserve: bigint): void {
  requireReserveSize(after, minReserve);
  const { num, den } = maxReserveRatio(curve);
  const x = curve.centreE18 * after.psi;
  const t = E18 * after.theta;
  if (t * den > num * x || x * den > num * t) {
    const limit = `${num / den}`;
    const [high, low] = t > x ? ["credit", "resource"] : ["resource", "credit"];
    throw hmmError.reserveLimit(
      `expected ${high} worth at most ${limit} times the ${low} reserve afterwards, got psi ${after.psi}, theta ${after.theta}`,
    );
  }
}

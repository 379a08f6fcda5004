import { E18, isqrtDown } from "#sdk";
import type { QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import { h2 } from "../../../../modules/hmm/curve/math.ts";

/** A price in centre prices as the chain writes it: credit per resource base unit, times 10¹⁸. */
export function toPriceE18(pool: QuotePool, price: number): bigint {
  return (BigInt(Math.round(price * 1e18)) * pool.centreE18) / E18;
}

/**
 * Least value at a price of reserves on the same curve, V(p; κ) = √(2κ·(2wq − λ(1 + q²))/(w² − λ²)) with q = p/c inside the band
 * (λ/w, w/λ), and all of the cheaper reserve outside it.
 * @returns credit base units times 10¹⁸, rounded down
 */
export function leastValueE18(pool: QuotePool, priceE18: bigint): bigint {
  const { centreE18: c, wE18: w, lambdaE18: l } = pool;
  const h = h2(pool);
  if (l > 0n && priceE18 * l >= w * c) return isqrtDown(h / l);
  if (priceE18 * w <= l * c) return isqrtDown((h * priceE18 * priceE18) / (l * c * c));
  const g = 2n * w * priceE18 * c - l * (c * c + priceE18 * priceE18);
  return isqrtDown((h * g) / (c * c * (w * w - l * l)));
}

/**
 * The stability function W = p*Ψ + Θ − V(p*; κ): how much the pool is worth at the resting price above the least that its curve could be
 * worth. Zero only at rest. Exact but for the root.
 * @param restE18 p*, credit per resource base unit, times 10¹⁸
 * @returns credit base units times 10¹⁸, rounded up; ≥ 0
 */
export function stabilityE18(pool: QuotePool, restE18: bigint): bigint {
  return restE18 * pool.psi + E18 * pool.theta - leastValueE18(pool, restE18);
}

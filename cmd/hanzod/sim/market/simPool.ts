import { E18, ModuleError } from "#sdk";
import type { QuotePool, Reserves } from "../../../../modules/hmm/curve/fees.ts";
import { requireReserves } from "../../../../modules/hmm/curve/limits.ts";
import { inTheta, outTheta, priceE18 } from "../../../../modules/hmm/curve/math.ts";

/** Both reserves at the start, base units: large enough that one unit is invisible, small enough to be exact as a float (2^53 ≈ 9·10^15). */
export const RESERVE = 10n ** 15n;

/** Least reserve that the chain leaves in a pool, base units. */
const MIN_RESERVE = 1000n;

/** Shape and fees of a simulated pool. */
export interface PoolShape {
  /** λ with w = 1, times 10¹⁸. */
  readonly lambdaE18: bigint;
  /** f_m, times 10¹⁸. */
  readonly marketFeeE18: bigint;
  /** ρ, times 10¹⁸; 10¹⁷ is 10 bps per 1 % of inventory. */
  readonly riskE18: bigint;
}

/** A pool with equal reserves at its centre price, which is 1. */
export function createPool(shape: PoolShape): QuotePool {
  return { psi: RESERVE, theta: RESERVE, centreE18: E18, wE18: E18, psiRef: RESERVE, ...shape };
}

/** The pool with other reserves. */
export function withReserves(pool: QuotePool, { psi, theta }: Reserves): QuotePool {
  return { ...pool, psi, theta };
}

/** The pool after a trade on its curve. @param net resource base units that leave (> 0) or enter (< 0) */
export function tradeOnCurve(pool: QuotePool, net: bigint): Reserves {
  const theta = net > 0n ? pool.theta + inTheta(pool, net) : pool.theta - outTheta(pool, -net);
  return { psi: pool.psi - net, theta };
}

/** A number of 18 decimals as a float. */
export function fromE18(value: bigint): number {
  return Number(value) / 1e18;
}

/** Marginal price (Eq. 3) in centre prices. */
export function spotPrice(pool: QuotePool): number {
  return fromE18((priceE18(pool) * E18) / pool.centreE18);
}

/** f_m as a float. */
export function feeOf(pool: QuotePool): number {
  return fromE18(pool.marketFeeE18);
}

/** Whether the chain lets the curve trade an amount: the price stays within 95 % of its band, and no reserve falls below the least one. */
export function isAllowed(pool: QuotePool, net: bigint): boolean {
  try {
    requireReserves(pool, tradeOnCurve(pool, net), MIN_RESERVE);
    return true;
  } catch (thrown) {
    if (thrown instanceof ModuleError) return false;
    throw thrown;
  }
}

/** The part of a trade that the chain lets the curve do. @returns `net` or an amount nearer to zero */
export function cutToLimits(pool: QuotePool, net: bigint): bigint {
  if (isAllowed(pool, net)) return net;
  const sign = net < 0n ? -1n : 1n;
  // A pool that stands at its limit stays there for many blocks.
  if (!isAllowed(pool, sign)) return 0n;
  let low = 0n;
  let high = sign * net;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (isAllowed(pool, sign * middle)) low = middle;
    else high = middle;
  }
  return sign * low;
}

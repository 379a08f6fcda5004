// Affine lower bounds of what a purchase costs.
//
// All-in cost of taking x out of a pool, in real numbers:
//   C(x) = (δ(x) + f(x)) / (1 − f_m),   f(x) = ρ·((d + x)⁺·(v + δ(x))⁺)/Ψ_ref − F₀,   d = Ψ_ref − Ψ,   v = Θ − Θ_ref,
// δ being the credit that the curve asks for and F₀ the potential already paid for (0 unless Ψ < Ψ_ref).
//
// C is convex: δ is convex and increasing (w > λ). The risk fee is nothing while the purchase moves the pool toward its reference, and from
// there on the potential: a product of two functions that are both convex, increasing and not negative, d + x and v + δ(x), which is convex
// again, as its second derivative 2δ' + (d + x)δ'' shows. At the reference both factors start at zero, so the slope of the sum never falls.
//
// The integer cost of an order lies at most a few base units above C and never below it: every rounding in it goes up. So a tangent of C
// with a slope on the safe side bounds the integer cost of any amount from below.

import { E18 } from "#sdk";
import { grossOf, type QuotePool, riskPotential } from "../curve/fees.ts";
import type { KnownPool } from "./knownPool.ts";

/** Slopes are credit base units per resource base unit times 2^SLOPE_BITS. */
export const SLOPE_BITS = 128n;

/** Bounds of a pool's cost around one amount. */
export interface Tangent {
  /** Credit base units: the cost of the amount is at least this. */
  readonly floor: bigint;
  /** Slope with which the cost rises at least to the right of the amount, times 2^128. */
  readonly lo: bigint;
  /** Slope with which the cost falls at most to the left of the amount, times 2^128. */
  readonly hi: bigint;
}

/** Marginal price of a state of the pool's curve times 10¹⁸, as a fraction (Eq. 3). */
function priceAt({ centreE18, wE18, lambdaE18 }: QuotePool, psi: bigint, theta: bigint): readonly [num: bigint, den: bigint] {
  const x = centreE18 * psi;
  const t = E18 * theta;
  return [centreE18 * (wE18 * t + lambdaE18 * x), wE18 * x + lambdaE18 * t];
}

/** C' with δ' = num/den, distance d + x and value v + δ, times 2^128. The quotient is the only rounding. */
function slope(pool: KnownPool, num: bigint, den: bigint, distance: bigint, value: bigint, up: boolean): bigint {
  const { net, reference, netReference } = pool.slopeTerms();
  let exact = num;
  let below = net * den;
  if (distance !== 0n || value !== 0n) {
    const { riskE18 } = pool;
    exact = num * (reference + riskE18 * distance) + riskE18 * value * E18 * den;
    below = netReference * den;
  }
  const rounded = exact << SLOPE_BITS;
  return up ? (rounded + below - 1n) / below : rounded / below;
}

/**
 * Bounds of a pool's cost around an amount. One integer square root.
 * @param amount resource base units, 0 ≤ amount < psi
 * @throws hmm/8 when the amount is the whole reserve or more
 */
export function tangentAt(pool: KnownPool, amount: bigint): Tangent {
  const { psi, theta, psiRef } = pool;
  const curve = amount === 0n ? 0n : pool.curveCost(amount);
  const psiAfter = psi - amount;
  const distance = psiRef - psiAfter;
  // Before the reference there is no fee, whatever the values are.
  const thetaRef = distance < 0n ? theta : pool.reference();
  // δ lies in (curve − 1, curve], and the price rises with the credit reserve.
  const least = amount === 0n ? 0n : curve - 1n;
  const valueLo = theta + least - thetaRef;
  const valueHi = theta + curve - thetaRef;
  // At the reference itself the fee begins: nothing to the left, the potential's slope to the right.
  const feeLo = distance > 0n && valueLo > 0n;
  const feeHi = distance >= 0n && valueHi > 0n;
  const [num, den] = priceAt(pool, psiAfter, theta + curve);
  const hi = slope(pool, num, den, feeHi ? distance : 0n, feeHi ? valueHi : 0n, true);
  // One unit of credit less is E18 less in t, of which both terms are multiples.
  const less = amount === 0n ? 0n : E18;
  const lo = slope(
    pool,
    num - less * pool.centreE18 * pool.wE18,
    den - less * pool.lambdaE18,
    feeLo ? distance : 0n,
    feeLo ? valueLo : 0n,
    false,
  );
  if (amount === 0n) {
    // The potential already paid for was rounded up, by less than one unit.
    const paid = psi < psiRef && riskPotential(pool, pool, thetaRef) > 0n;
    return { floor: paid ? -grossOf(pool, 1n) : 0n, lo, hi };
  }
  return { floor: pool.cost(amount) - pool.slopeTerms().rounding, lo, hi };
}

/**
 * How fast a pool's slope rises, roughly: good enough to find the next tangent with, no bound.
 * @param amount resource base units taken, below psi
 * @returns slope per resource base unit, times 2^256
 */
export function slopeRise(pool: QuotePool, amount: bigint): bigint {
  const { psi, theta, psiRef, riskE18, marketFeeE18, centreE18, wE18, lambdaE18 } = pool;
  const left = psi - amount;
  // To first order the credit reserve grows at the first price.
  const [num, den] = priceAt(pool, psi, theta);
  const credit = theta + (num * amount) / (den * E18);
  const [n, d] = priceAt(pool, left, credit);
  const price = (n << SLOPE_BITS) / (d * E18);
  // dp/dx = c·(w² − λ²)·(p·X + c·T)/(w·X + λ·T)², the scales of 10¹⁸ cancelled.
  const x = centreE18 * left;
  const t = E18 * credit;
  const below = wE18 * x + lambdaE18 * t;
  const curve =
    (((wE18 * wE18 - lambdaE18 * lambdaE18) * centreE18 * (price * x * E18 + ((centreE18 * t) << SLOPE_BITS))) << SLOPE_BITS) /
    (below * below * E18);
  const risk = psiRef <= left ? 0n : ((2n * riskE18 * price) << SLOPE_BITS) / (E18 * psiRef);
  return ((curve + risk) * E18) / (E18 - marketFeeE18);
}

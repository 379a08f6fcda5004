// The invariant of one resource class and the integer swaps that follow from it (whitepaper §4).
//
// Symbols of the paper and their names here:
//   Ψ    psi        resource reserve, resource base units
//   Θ    theta      credit reserve, credit base units
//   w    wE18       curve weight, dimensionless, times 10¹⁸
//   λ    lambdaE18  curvature, dimensionless, times 10¹⁸
//   c    centreE18  centre price, credit per resource base unit, times 10¹⁸
//   X    x          normalised resource reserve cΨ, credit base units times 10¹⁸ (the paper adds Ψ² and Θ² of different units)
//   κ    half of h2 value of the invariant
//   p    priceE18   marginal price, credit per resource base unit, times 10¹⁸
//
// Eq. (2), one class:  H(Ψ,Θ) = w·XΘ + (λ/2)(X² + Θ²);  Eq. (1) is the case λ = 0, w = 1.
// Eq. (3), normalised: p = c·(wΘ + λX)/(wX + λΘ).
// Every class keeps its own H: a joint invariant of several classes can be drained.
//
// A swap's result is defined, not approximated: the extreme integer for which H does not fall. It is what one reserve must be at least when
// the other one is given, where H is a quadratic: Newton's method finds that in integers, without a root or a rounding before the last unit.
// H therefore only ever grows, and no sequence of swaps can take out of a pool without putting in.
import { E18, leastRoot, requireUint } from "#sdk";
import { hmmError } from "../errors.ts";

/** Width of reserves and of the centre price. */
export const RESERVE_BITS = 112;
/** Width of an order's amounts. With both widths no intermediate value exceeds 640 bits, which bounds the work of one order. */
export const AMOUNT_BITS = 128;

/** Shape and reserves of one pool. Reserves and centre price below 2^112, wE18 ≤ 100·10¹⁸, 0 ≤ lambdaE18 < wE18. */
export interface Curve {
  /** Resource base units. */
  readonly psi: bigint;
  /** Credit base units. */
  readonly theta: bigint;
  /** Credit base units per resource base unit, times 10¹⁸. */
  readonly centreE18: bigint;
  readonly wE18: bigint;
  readonly lambdaE18: bigint;
}

/**
 * Twice the invariant in integers: 2·H·10⁵⁴ (Eq. 2). Exact.
 * @param psi resource reserve to evaluate at, base units
 * @param theta credit reserve to evaluate at, base units
 */
export function h2(curve: Curve, psi: bigint = curve.psi, theta: bigint = curve.theta): bigint {
  const x = curve.centreE18 * psi;
  const t = E18 * theta;
  return 2n * curve.wE18 * x * t + curve.lambdaE18 * (x * x + t * t);
}

/**
 * Marginal price (Eq. 3), exact.
 * @returns credit base units per resource base unit as a fraction, not reduced
 */
export function priceFraction(curve: Curve): { readonly num: bigint; readonly den: bigint } {
  const { centreE18, wE18, lambdaE18 } = curve;
  const x = centreE18 * curve.psi;
  const t = E18 * curve.theta;
  return { num: centreE18 * (wE18 * t + lambdaE18 * x), den: E18 * (wE18 * x + lambdaE18 * t) };
}

/**
 * Marginal price (Eq. 3).
 * @returns credit base units per resource base unit, times 10¹⁸, rounded down
 */
export function priceE18({ psi, theta, centreE18, wE18, lambdaE18 }: Curve): bigint {
  // As priceFraction, whose denominator and the price's scale have 10¹⁸ in common.
  const x = centreE18 * psi;
  const t = E18 * theta;
  return (centreE18 * (wE18 * t + lambdaE18 * x)) / (wE18 * x + lambdaE18 * t);
}

/**
 * Credit reserve of the same curve at another resource reserve.
 * @param psi resource base units, > 0
 * @param h h2 of the curve, where it is known already
 * @param near a guess ≥ 0 of what comes out, which makes it come sooner; the credit reserve as it is when left out
 * @returns the smallest θ ≥ 0 with H(psi, θ) ≥ H(Ψ, Θ), credit base units
 */
export function thetaAt(curve: Curve, psi: bigint, h: bigint = h2(curve), near: bigint = curve.theta): bigint {
  return leastReserve(curve, curve.centreE18 * psi, E18, h, near);
}

/**
 * Resource reserve of the same curve at another credit reserve.
 * @param theta credit base units, > 0
 * @param h h2 of the curve, where it is known already
 * @returns the smallest ψ ≥ 0 with H(ψ, theta) ≥ H(Ψ, Θ), resource base units
 */
function psiAt(curve: Curve, theta: bigint, h: bigint): bigint {
  return leastReserve(curve, E18 * theta, curve.centreE18, h, curve.psi);
}

/** The smallest n ≥ 0 for which the reserves u and scale·n, in normalised units, have h2 of at least h. @param near a guess of it */
function leastReserve({ wE18, lambdaE18 }: Curve, u: bigint, scale: bigint, h: bigint, near: bigint): bigint {
  return leastRoot(lambdaE18 * scale * scale, 2n * wE18 * scale * u, h - lambdaE18 * u * u, near);
}

/** Whether a normalised reserve alone, with nothing of the other one, is worth a curve's h2: then the other one would be gone. */
const drains = ({ lambdaE18 }: Curve, u: bigint, h: bigint): boolean => lambdaE18 * u * u >= h;

/**
 * Resource that leaves the pool when credit enters it.
 * @param credit credit base units entering the reserve, ≥ 0, after fees
 * @param h h2 of the curve, where it is known already
 * @returns the largest y with H(Ψ−y, Θ+credit) ≥ H(Ψ, Θ), resource base units
 * @throws hmm/8 when the credit would buy the whole reserve; math/2 when it does not fit 128 bits
 */
export function outPsi(curve: Curve, credit: bigint, h: bigint = h2(curve)): bigint {
  requireUint(credit, AMOUNT_BITS, "credit");
  const theta = curve.theta + credit;
  if (drains(curve, E18 * theta, h)) throw hmmError.drain(`${credit} credit base units would buy all of ${curve.psi} resource base units`);
  return curve.psi - psiAt(curve, theta, h);
}

/**
 * Credit that must enter the pool for resource to leave it.
 * @param amount resource base units leaving the reserve, ≥ 0
 * @param h h2 of the curve, where it is known already
 * @param near a guess ≥ 0 of what comes out, where there is one
 * @returns the smallest δ with H(Ψ−amount, Θ+δ) ≥ H(Ψ, Θ), credit base units
 * @throws hmm/8 when the amount is the whole reserve or more
 */
export function inTheta(curve: Curve, amount: bigint, h: bigint = h2(curve), near = 0n): bigint {
  const { psi, theta } = curve;
  requireUint(amount, AMOUNT_BITS, "amount");
  if (amount >= psi) throw hmmError.drain(`expected less than the reserve of ${psi} resource base units, got ${amount}`);
  return thetaAt(curve, psi - amount, h, theta + near) - theta;
}

/**
 * Credit that leaves the pool when resource enters it.
 * @param amount resource base units entering the reserve, ≥ 0
 * @param h h2 of the curve, where it is known already
 * @returns the largest δ with H(Ψ+amount, Θ−δ) ≥ H(Ψ, Θ), credit base units
 * @throws hmm/8 when the amount would take the whole credit reserve; math/2 when it does not fit 128 bits
 */
export function outTheta(curve: Curve, amount: bigint, h: bigint = h2(curve)): bigint {
  requireUint(amount, AMOUNT_BITS, "amount");
  const psi = curve.psi + amount;
  if (drains(curve, curve.centreE18 * psi, h))
    throw hmmError.drain(`${amount} resource base units would take all of ${curve.theta} credit base units`);
  return curve.theta - thetaAt(curve, psi, h);
}

/**
 * Resource that must enter the pool for credit to leave it.
 * @param credit credit base units leaving the reserve, ≥ 0
 * @returns the smallest y with H(Ψ+y, Θ−credit) ≥ H(Ψ, Θ), resource base units
 * @throws hmm/8 when the credit is the whole reserve or more
 */
export function inPsi(curve: Curve, credit: bigint): bigint {
  const { psi, theta } = curve;
  requireUint(credit, AMOUNT_BITS, "credit");
  if (credit >= theta) throw hmmError.drain(`expected less than the reserve of ${theta} credit base units, got ${credit}`);
  return psiAt(curve, theta - credit, h2(curve)) - psi;
}

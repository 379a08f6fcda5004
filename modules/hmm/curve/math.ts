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
import { type CurveForm, formOf } from "./form.ts";

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

/** The form of a curve and what it comes to at the reserves: whoever asks several things of one state works it out once. */
export interface Level {
  readonly form: CurveForm;
  /** {@link h2} over a constant of the curve. */
  readonly h: bigint;
}

/** Level of a curve at its reserves. */
export function levelOf(curve: Curve): Level {
  const { psi, theta } = curve;
  const form = formOf(curve);
  return { form, h: (form.psiPsi * psi + form.psiTheta * theta) * psi + form.thetaTheta * theta * theta };
}

/**
 * Credit reserve of the same curve at another resource reserve.
 * @param psi resource base units, > 0
 * @param level of the curve, where it is known already
 * @param near a guess ≥ 0 of what comes out, which makes it come sooner; the credit reserve as it is when left out
 * @returns the smallest θ ≥ 0 with H(psi, θ) ≥ H(Ψ, Θ), credit base units
 */
export function thetaAt(curve: Curve, psi: bigint, level: Level = levelOf(curve), near: bigint = curve.theta): bigint {
  return leastTheta(level, psi, leftOfPsi(level, psi), near);
}

/** What the credit reserve must make up for: all of the level that a resource reserve alone does not give. */
const leftOfPsi = ({ form, h }: Level, psi: bigint): bigint => h - form.psiPsi * psi * psi;

/** What the resource reserve must make up for beside a credit reserve. */
const leftOfTheta = ({ form, h }: Level, theta: bigint): bigint => h - form.thetaTheta * theta * theta;

/** The smallest θ ≥ 0 that makes up for what is left beside ψ > 0. @param near a guess of it */
function leastTheta({ form }: Level, psi: bigint, left: bigint, near: bigint): bigint {
  return leastRoot(form.thetaTheta, form.psiTheta * psi, left, near);
}

/** The smallest ψ ≥ 0 that makes up for what is left beside θ > 0. @param near a guess of it */
function leastPsi({ form }: Level, theta: bigint, left: bigint, near: bigint): bigint {
  return leastRoot(form.psiPsi, form.psiTheta * theta, left, near);
}

/**
 * Resource that leaves the pool when credit enters it.
 * @param credit credit base units entering the reserve, ≥ 0, after fees
 * @param level of the curve, where it is known already
 * @returns the largest y with H(Ψ−y, Θ+credit) ≥ H(Ψ, Θ), resource base units
 * @throws hmm/8 when the credit would buy the whole reserve; math/2 when it does not fit 128 bits
 */
export function outPsi(curve: Curve, credit: bigint, level: Level = levelOf(curve)): bigint {
  requireUint(credit, AMOUNT_BITS, "credit");
  const theta = curve.theta + credit;
  const left = leftOfTheta(level, theta);
  if (left <= 0n) throw hmmError.drain(`${credit} credit base units would buy all of ${curve.psi} resource base units`);
  return curve.psi - leastPsi(level, theta, left, curve.psi);
}

/**
 * Credit that must enter the pool for resource to leave it.
 * @param amount resource base units leaving the reserve, ≥ 0
 * @param level of the curve, where it is known already
 * @param near a guess ≥ 0 of what comes out, where there is one
 * @returns the smallest δ with H(Ψ−amount, Θ+δ) ≥ H(Ψ, Θ), credit base units
 * @throws hmm/8 when the amount is the whole reserve or more
 */
export function inTheta(curve: Curve, amount: bigint, level: Level = levelOf(curve), near = 0n): bigint {
  const { psi, theta } = curve;
  requireUint(amount, AMOUNT_BITS, "amount");
  if (amount >= psi) throw hmmError.drain(`expected less than the reserve of ${psi} resource base units, got ${amount}`);
  return thetaAt(curve, psi - amount, level, theta + near) - theta;
}

/**
 * Credit that leaves the pool when resource enters it.
 * @param amount resource base units entering the reserve, ≥ 0
 * @param level of the curve, where it is known already
 * @returns the largest δ with H(Ψ+amount, Θ−δ) ≥ H(Ψ, Θ), credit base units
 * @throws hmm/8 when the amount would take the whole credit reserve; math/2 when it does not fit 128 bits
 */
export function outTheta(curve: Curve, amount: bigint, level: Level = levelOf(curve)): bigint {
  requireUint(amount, AMOUNT_BITS, "amount");
  const psi = curve.psi + amount;
  const left = leftOfPsi(level, psi);
  if (left <= 0n) throw hmmError.drain(`${amount} resource base units would take all of ${curve.theta} credit base units`);
  return curve.theta - leastTheta(level, psi, left, curve.theta);
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
  const level = levelOf(curve);
  return leastPsi(level, theta - credit, leftOfTheta(level, theta - credit), psi) - psi;
}

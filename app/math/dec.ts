// Decimals with 18 places as the Cosmos SDK computes them (cosmossdk.io/math LegacyDec): whole numbers times 10^18. Which way each operation
// rounds is part of consensus, so every name says it.
import { E18 } from "./fixedPoint.ts";
import { DIVISION_BY_ZERO, MathError, OUT_OF_RANGE } from "./mathError.ts";

/** Bits of the largest magnitude that a decimal may have: 256 of a whole number and 59 of the fraction. */
const MAX_BITS = 315n;
const LIMIT = 1n << MAX_BITS;

/** @throws math/2 beyond ±2^315 */
function inRange(dec: bigint): bigint {
  if (dec >= LIMIT || dec <= -LIMIT) throw new MathError(OUT_OF_RANGE, `a decimal below 2^${MAX_BITS} atomics expected, got ${dec}`);
  return dec;
}

function requireDivisor(a: bigint, b: bigint): void {
  if (b === 0n) throw new MathError(DIVISION_BY_ZERO, `${a} / 0`);
}

/** Quotient by 10^18 to the nearest whole number, halves to the even one; the sign is set aside. */
function chopHalfEven(n: bigint): bigint {
  if (n < 0n) return -chopHalfEven(-n);
  const whole = n / E18;
  const twice = (n % E18) * 2n;
  if (twice < E18) return whole;
  if (twice > E18) return whole + 1n;
  return whole + (whole & 1n);
}

/** Quotient towards the larger number. */
function divCeil(n: bigint, d: bigint): bigint {
  const quotient = n / d;
  return n % d !== 0n && n > 0n === d > 0n ? quotient + 1n : quotient;
}

/** Product of two decimals, halves to even (Mul). @throws math/2 */
export const decMul = (a: bigint, b: bigint): bigint => inRange(chopHalfEven(a * b));
/** Product of two decimals, towards zero (MulTruncate). @throws math/2 */
export const decMulTruncate = (a: bigint, b: bigint): bigint => inRange((a * b) / E18);
/** Product of two decimals, towards the larger (MulRoundUp). @throws math/2 */
export const decMulUp = (a: bigint, b: bigint): bigint => inRange(divCeil(a * b, E18));

/** Quotient of two decimals, halves to even of what 36 places show (Quo). @throws math/2, math/3 */
export function decQuo(a: bigint, b: bigint): bigint {
  requireDivisor(a, b);
  return inRange(chopHalfEven((a * E18 * E18) / b));
}

/** Quotient of two decimals, towards zero (QuoTruncate). @throws math/2, math/3 */
export function decQuoTruncate(a: bigint, b: bigint): bigint {
  requireDivisor(a, b);
  return inRange((a * E18) / b);
}

/** Quotient of two decimals, towards the larger (QuoRoundUp). @throws math/2, math/3 */
export function decQuoUp(a: bigint, b: bigint): bigint {
  requireDivisor(a, b);
  return inRange(divCeil(a * E18, b));
}

/** Whole part of a decimal, towards zero (TruncateInt). */
export const decTruncate = (a: bigint): bigint => a / E18;
/** Nearest whole number of a decimal, halves to even (RoundInt). */
export const decRound = (a: bigint): bigint => chopHalfEven(a);
/** Least whole number that is not below a decimal (Ceil). */
export const decCeil = (a: bigint): bigint => divCeil(a, E18);

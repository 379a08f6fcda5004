import { DIVISION_BY_ZERO, MathError, OUT_OF_RANGE } from "./mathError.ts";

function requireOperands(a: bigint, b: bigint): void {
  if (b === 0n) throw new MathError(DIVISION_BY_ZERO, `${a} / 0`);
  if (a < 0n || b < 0n) throw new MathError(OUT_OF_RANGE, `expected a non-negative numerator and a positive divisor, got ${a} / ${b}`);
}

/**
 * Quotient rounded up.
 * @param a numerator, ≥ 0
 * @param b divisor, > 0
 * @returns ⌈a/b⌉
 * @throws math/3 when b = 0, math/2 when an operand is negative
 */
export function divUp(a: bigint, b: bigint): bigint {
  requireOperands(a, b);
  return (a + b - 1n) / b;
}

/**
 * Product over a divisor, rounded up once at the end.
 * @param a factor, ≥ 0
 * @param b factor, ≥ 0
 * @param d divisor, > 0
 * @returns ⌈a·b/d⌉
 * @throws math/3 when d = 0, math/2 when the product or the divisor is negative
 */
export function mulDivUp(a: bigint, b: bigint, d: bigint): bigint {
  return divUp(a * b, d);
}

import { MathError, OUT_OF_RANGE } from "./mathError.ts";

/**
 * Integer square root rounded down. Newton's iteration from a power of two that is not below the root, so it falls
 * monotonically and stops at the first step that does not fall.
 * @param n ≥ 0
 * @returns the largest r with r² ≤ n
 * @throws math/2 when n < 0
 */
export function isqrtDown(n: bigint): bigint {
  if (n < 0n) throw new MathError(OUT_OF_RANGE, `square root: expected at least 0, got ${n}`);
  if (n < 2n) return n;
  // Hexadecimal length gives the bit length rounded up to four without floating point.
  let x = 1n << BigInt((n.toString(16).length * 4 + 1) >> 1);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}

/**
 * Integer square root rounded up.
 * @param n ≥ 0
 * @returns the smallest r with r² ≥ n
 * @throws math/2 when n < 0
 */
export function isqrtUp(n: bigint): bigint {
  const r = isqrtDown(n);
  return r * r === n ? r : r + 1n;
}

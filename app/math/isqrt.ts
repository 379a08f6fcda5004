import { MathError, OUT_OF_RANGE } from "./mathError.ts";

/** Bits of the root that 32-bit integers give at once; larger roots double their length from there. */
const SEED_BITS = 14;

/**
 * Integer square root rounded down. The leading bits of the root are found in small integers; each step of Newton's iteration then doubles
 * their number, dividing only as many leading bits of n as it needs (adaptive precision as in CPython's math.isqrt, whose proof bounds the
 * error of every step by one unit).
 * @param n ≥ 0
 * @returns the largest r with r² ≤ n
 * @throws math/2 when n < 0
 */
export function isqrtDown(n: bigint): bigint {
  if (n < 0n) throw new MathError(OUT_OF_RANGE, `square root: expected at least 0, got ${n}`);
  if (n === 0n) return 0n;
  // The root has one bit more than this.
  const bits = (bitLength(n) - 1) >> 1;
  let halvings = 0;
  while (bits >> halvings > SEED_BITS) halvings++;
  let found = bits >> halvings;
  let root = BigInt(smallRoot(Number(n >> BigInt(2 * (bits - found)))));
  // INVARIANT: (root − 1)² < n >> 2·(bits − found) < (root + 1)².
  while (halvings > 0) {
    halvings--;
    const before = found;
    found = bits >> halvings;
    root = (root << BigInt(found - before - 1)) + (n >> BigInt(2 * bits - before - found + 1)) / root;
  }
  return root * root > n ? root - 1n : root;
}

const double = new DataView(new ArrayBuffer(8));

/** Number of bits of a positive integer. */
function bitLength(n: bigint): number {
  const near = Number(n);
  if (near === Number.POSITIVE_INFINITY) {
    const digits = n.toString(16);
    return 4 * digits.length - Math.clz32(Number.parseInt(digits.charAt(0), 16)) + 28;
  }
  // The exponent of the nearest double, which may have been rounded up to the next power of two.
  double.setFloat64(0, near);
  const exponent = (double.getUint16(0) >>> 4) - 1023;
  return n >> BigInt(exponent) === 0n ? exponent : exponent + 1;
}

/** Root of an integer below 2³⁰, rounded down, bit by bit. */
function smallRoot(n: number): number {
  let root = 0;
  for (let bit = 1 << SEED_BITS; bit > 0; bit >>= 1) {
    const tried = root | bit;
    if (tried * tried <= n) root = tried;
  }
  return root;
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

// Scale codes (specification §1.2): a row's scale is a power of 2^(1/8), in Q8.
import { isqrtDown, isqrtUp } from "../app/math/isqrt.ts";
import { KernelError } from "./kernelError.ts";
import { MAX_COLS } from "./shape.ts";

/** Largest scale code. */
export const MAX_CODE = 153;

/** Scale of every code in Q8: 0, then 2^((q+31)/8) to the nearest integer; T[153] = 2^23. Codes above 153 have none and stand as 0. */
export const SCALE_TABLE: Int32Array = makeScales();

/** Least Σ|x| of a row of 384 elements that takes code q: the geometric middle between its scale and the one before. */
export const SCALE_BOUNDS: Int32Array = makeBounds(SCALE_TABLE);

function makeScales(): Int32Array {
  const table = new Int32Array(256);
  // (2t−1)^8 ≤ 2^(q+39) < (2t+1)^8: t is half of the eighth root, rounded.
  for (let q = 1; q <= MAX_CODE; q++) table[q] = Number((isqrtDown(isqrtDown(isqrtDown(1n << BigInt(q + 39)))) + 1n) >> 1n);
  return table;
}

function makeBounds(table: Int32Array): Int32Array {
  const bounds = new Int32Array(MAX_CODE + 1);
  bounds[1] = 1;
  for (let q = 2; q <= MAX_CODE; q++) {
    const nineProducts = 9n * BigInt(table[q - 1] as number) * BigInt(table[q] as number);
    bounds[q] = Number(isqrtUp((nineProducts + 3n) >> 2n));
  }
  return bounds;
}

/**
 * Scale code of a row (§1.3). On equality with a bound the upper code; a row that is not all zero never takes code 0.
 * @param sum Σ|x| of the row, 0…cols·32767
 * @param cols its columns
 * @returns 0…153
 * @throws KernelError `range` when the sum is outside of its range
 */
export function scaleCode(sum: number, cols: number = MAX_COLS): number {
  if (!Number.isInteger(sum) || sum < 0 || sum > cols * 32767)
    throw new KernelError("range", `sum of a row: expected 0 to ${cols * 32767}, got ${sum}`);
  if (sum === 0) return 0;
  const scaled = Math.max(1, Math.floor((sum * MAX_COLS) / cols));
  let low = 1;
  let high = MAX_CODE;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (scaled >= (SCALE_BOUNDS[middle] as number)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Magnitudes of rows in Q8, by their codes. */
export function q8Magnitudes(codes: Uint8Array): Int32Array {
  return Int32Array.from(codes, (code) => SCALE_TABLE[code] as number);
}

/** Magnitudes of rows as int16, by their codes: Q8 rounded half up, at most 32767. */
export function int16Magnitudes(codes: Uint8Array): Int32Array {
  return Int32Array.from(codes, (code) => Math.min(32767, ((SCALE_TABLE[code] as number) + 128) >> 8));
}

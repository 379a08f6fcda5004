import { MALFORMED_INTEGER, MathError, OUT_OF_RANGE } from "./mathError.ts";

/** Longest decimal text that is looked at: 2^640 has 193 digits, and longer input is refused before it is parsed. */
const MAX_DIGITS = 193;

/**
 * Checks that an integer fits an unsigned width.
 * @param value any integer
 * @param bits width, 1 or more
 * @param name what the value is, for the message
 * @returns the value, 0 ≤ value < 2^bits
 * @throws math/2 when it does not fit
 */
export function requireUint(value: bigint, bits: number, name: string): bigint {
  if (value < 0n || value >> BigInt(bits) !== 0n) throw new MathError(OUT_OF_RANGE, `${name}: expected 0 to 2^${bits} - 1, got ${value}`);
  return value;
}

/**
 * Subtracts without going below zero.
 * @returns a − b ≥ 0
 * @throws math/2 when b > a
 */
export function subUint(a: bigint, b: bigint, name: string): bigint {
  if (b > a) throw new MathError(OUT_OF_RANGE, `${name}: cannot take ${b} from ${a}`);
  return a - b;
}

/** True for a canonical non-negative decimal: digits only, no sign, no leading zero, at most 193 digits. */
function isCanonicalUint(text: string): boolean {
  if (text.length === 0 || text.length > MAX_DIGITS) return false;
  if (text.length > 1 && text.charCodeAt(0) === 48) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/**
 * Reads a canonical decimal integer of an unsigned width.
 * @param text digits only; no sign, blank, prefix or leading zero
 * @param bits width, 1 to 640
 * @param name what the value is, for the message
 * @returns the value, 0 ≤ value < 2^bits
 * @throws math/4 when the text is not canonical, math/2 when the value does not fit
 */
export function parseUint(text: string, bits: number, name: string): bigint {
  if (!isCanonicalUint(text)) {
    const shown = text.length > 48 ? `${text.length} characters` : `"${text}"`;
    throw new MathError(MALFORMED_INTEGER, `${name}: expected a decimal integer without sign or leading zero, got ${shown}`);
  }
  return requireUint(BigInt(text), bits, name);
}

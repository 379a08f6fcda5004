/**
 * What whole numbers in text may be. Deliberately narrower than the SDK, which reads `0x11`, `017`, `+17` and `1_7` in consensus: here every
 * number has exactly one text.
 */
export interface DecimalRule {
  readonly negative: boolean;
  /** Decimal digits of the smallest absolute value that is too large. */
  readonly limit: Uint8Array;
}

const DIGIT_0 = 48;
const DIGIT_9 = 57;
const MINUS = 45;

function digitsOf(value: bigint): Uint8Array {
  return new TextEncoder().encode(value.toString());
}

/** math.Int of the SDK: |n| < 2^256. */
export const INT_RULE: DecimalRule = { negative: true, limit: digitsOf(1n << 256n) };
/** math.Uint of the SDK: 0 ≤ n < 2^256. */
export const UINT_RULE: DecimalRule = { negative: false, limit: digitsOf(1n << 256n) };
/** math.LegacyDec of the SDK as atomics, times 10^18: |n| < 2^315. */
export const DEC_RULE: DecimalRule = { negative: true, limit: digitsOf(1n << 315n) };

/**
 * Why `bytes[start, end)` is not a canonical decimal, or undefined when it is one. Nothing at all is accepted: on the wire it cannot be told
 * from an absent field, which handlers read as "not given".
 */
export function findDecimalFault(bytes: Uint8Array, start: number, end: number, rule: DecimalRule): string | undefined {
  if (start === end) return undefined;
  const signed = bytes[start] === MINUS;
  if (signed && !rule.negative) return "a number that is not negative expected";
  const first = signed ? start + 1 : start;
  const length = end - first;
  if (length === 0) return "decimal digits expected behind the sign";
  for (let i = first; i < end; i++) {
    const digit = bytes[i] ?? 0;
    if (digit < DIGIT_0 || digit > DIGIT_9) return "decimal digits expected";
  }
  if (bytes[first] === DIGIT_0 && (length > 1 || signed)) return "decimal without leading zeros expected";
  if (length < rule.limit.length) return undefined;
  if (length > rule.limit.length || !isBelow(bytes, first, rule.limit)) return "integer out of range";
  return undefined;
}

function isBelow(bytes: Uint8Array, first: number, limit: Uint8Array): boolean {
  for (let i = 0; i < limit.length; i++) {
    const difference = (bytes[first + i] ?? 0) - (limit[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

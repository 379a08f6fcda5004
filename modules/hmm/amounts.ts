import { MathError, parseUint } from "#sdk";
import { AMOUNT_BITS } from "./curve/math.ts";
import { hmmError } from "./errors.ts";

/**
 * Reads an amount of a request.
 * @param text canonical decimal integer
 * @param name field, for the message
 * @returns base units, below 2^128
 * @throws hmm/2 when the text is not canonical or the amount is too large
 */
export function parseAmount(text: string, name: string): bigint {
  try {
    return parseUint(text, AMOUNT_BITS, name);
  } catch (cause) {
    if (cause instanceof MathError) throw hmmError.invalidAmount(cause.detail);
    throw cause;
  }
}

/**
 * Reads an amount that must not be zero.
 * @returns base units, 1 to 2^128 − 1
 * @throws hmm/2 as {@link parseAmount}, and for zero
 */
export function parsePositive(text: string, name: string): bigint {
  const amount = parseAmount(text, name);
  if (amount === 0n) throw hmmError.invalidAmount(`${name}: expected at least 1, got 0`);
  return amount;
}

/**
 * Reads a lower limit, which may be left out.
 * @param text canonical decimal integer, or empty for no limit
 * @returns base units; 0 when empty
 * @throws hmm/2 as {@link parseAmount}
 */
export function parseLimit(text: string, name: string): bigint {
  return text === "" ? 0n : parseAmount(text, name);
}

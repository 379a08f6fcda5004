import { MathError, parseUint } from "#sdk";
import { hmmError } from "../errors.ts";
import { LIMIT_BITS } from "./record.ts";

/**
 * Reads a limit price.
 * @param text canonical decimal integer
 * @param name field, for the message
 * @returns credit per resource base unit times 10¹⁸, 1 to 2^192 − 1
 * @throws hmm/2 when the text is not canonical, zero or too large
 */
export function parseLimitPrice(text: string, name: string): bigint {
  let price: bigint;
  try {
    price = parseUint(text, LIMIT_BITS, name);
  } catch (cause) {
    if (cause instanceof MathError) throw hmmError.invalidAmount(cause.detail);
    throw cause;
  }
  if (price === 0n) throw hmmError.invalidAmount(`${name}: expected at least 1, got 0`);
  return price;
}

import { formatDec, parseDec } from "../encoding/decText.ts";
import { EncodingError } from "../encoding/encodingError.ts";
import { sdkError } from "./errors.ts";

/** Digits of the longest decimal that a message may carry: 2^315 has 95. */
const MAX_DIGITS = 95;

/**
 * A decimal of a message or of state (`cosmos.Dec`: atomics, 10^18 to one, as text). Empty text is 0, as proto3 leaves it out.
 * @throws sdk/18 for other text than a whole number in canonical form
 */
export function parseDecAtomics(text: string): bigint {
  if (text === "") return 0n;
  if (text.length > MAX_DIGITS + 1 || !/^(0|-?[1-9]\d*)$/.test(text))
    throw sdkError.invalidRequest(`a decimal as a whole number of 10^-18 expected, got ${JSON.stringify(text.slice(0, MAX_DIGITS + 1))}`);
  return BigInt(text);
}

/** A decimal as events and texts show it: 13·10^16 → `0.130000000000000000`. */
export function formatDecimal(dec: bigint): string {
  return formatDec(dec.toString());
}

/**
 * A decimal of text with a point, at most 18 places: `0.5` → 5·10^17 (LegacyNewDecFromStr).
 * @throws sdk/18 for other text
 */
export function parseDecimal(text: string): bigint {
  try {
    return BigInt(parseDec(text));
  } catch (cause) {
    if (cause instanceof EncodingError) throw sdkError.invalidRequest(cause.message);
    throw cause;
  }
}

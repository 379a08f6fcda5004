import { jsonFormatError, jsonParseError } from "./encodingError.ts";

/** Decimals of the SDK's LegacyDec: fractions are whole numbers times 10^18. */
const DECIMALS = 18;

/**
 * Text with a point of atomics: `"130000000000000000"` → `"0.130000000000000000"` (LegacyDec.String).
 * @throws sdk/16 when the atomics are not a decimal integer
 */
export function formatDec(atomics: string): string {
  if (!/^-?\d{1,96}$/.test(atomics)) throw jsonFormatError(`decimal integer expected, got ${JSON.stringify(atomics.slice(0, 96))}`);
  const negative = atomics.startsWith("-");
  const digits = (negative ? atomics.slice(1) : atomics).padStart(DECIMALS + 1, "0");
  return `${negative ? "-" : ""}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

/**
 * Atomics of a text with a point; at most 18 decimals, never rounded.
 * @throws sdk/17 on anything else
 */
export function parseDec(text: string): string {
  const match = /^(-?)(\d{1,78})(?:\.(\d{1,18}))?$/.exec(text);
  if (match === null)
    throw jsonParseError(`decimal number with at most ${DECIMALS} decimals expected, got ${JSON.stringify(text.slice(0, 96))}`);
  const atomics = BigInt(`${match[2] ?? ""}${(match[3] ?? "").padEnd(DECIMALS, "0")}`);
  return (match[1] === "-" ? -atomics : atomics).toString();
}

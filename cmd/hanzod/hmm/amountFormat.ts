import { formatUnits } from "../../shared/output.ts";
import type { ResourceUnits } from "./resourceUnits.ts";

const AI_DECIMALS = 18;
/** Decimals of credit base units per base unit times 10¹⁸, as AI. */
const PRICE_DECIMALS = 36;
const RATIO = 10n ** 18n;
const RATIO_DECIMALS = 18;
/** Digits that people are shown. */
const SHOWN_DIGITS = 6;

/** A decimal number rounded to six significant digits (half up), whole digits always kept: for people, never for machines. */
export function formatRounded(amount: bigint, decimals: number, digits = SHOWN_DIGITS): string {
  const size = amount < 0n ? -amount : amount;
  const drop = Math.min(decimals, Math.max(0, size.toString().length - digits));
  const step = 10n ** BigInt(drop);
  const rounded = ((size + step / 2n) / step) * step;
  return formatUnits(amount < 0n ? -rounded : rounded, decimals);
}

/** Credit for people: `1.80054 AI`. @param amount credit base units */
export function formatCredit(amount: bigint): string {
  return `${formatRounded(amount, AI_DECIMALS)} AI`;
}

/** An amount of a resource for people: `5.5 GPU-h`. @param amount resource base units */
export function formatResource({ perUnit, unit }: ResourceUnits, amount: bigint): string {
  return `${formatRounded((amount * RATIO) / perUnit, RATIO_DECIMALS)} ${unit}`;
}

/** A price for people, without its unit: AI per {@link ResourceUnits.unitName}. @param priceE18 credit per resource base unit, times 10¹⁸ */
export function formatPrice({ perUnit }: ResourceUnits, priceE18: bigint): string {
  return formatRounded(priceE18 * perUnit, PRICE_DECIMALS);
}

/** Average price of a trade, for people, without its unit. Amounts are base units; `resource` is greater than zero. */
export function formatAverage(units: ResourceUnits, credit: bigint, resource: bigint): string {
  return formatPrice(units, (credit * RATIO) / resource);
}

/** An amount that the command line reads back exactly: `1.5GPU-h`, or base units where that has more than nine decimals. */
export function exactResource({ perUnit, unit, findUnit }: ResourceUnits, amount: bigint, denom: string): string {
  const billionths = amount * 10n ** 9n;
  if (findUnit(unit) === undefined || billionths % perUnit !== 0n) return `${amount}${denom}`;
  return `${formatUnits(billionths / perUnit, 9).replaceAll(",", "")}${unit}`;
}

/** A time for people: `50 ms`. @param us microseconds */
export function formatMicroseconds(us: bigint): string {
  if (us < 1000n) return `${us} us`;
  return us < 1_000_000n ? `${formatUnits(us, 3)} ms` : `${formatUnits(us, 6)} s`;
}

/** A part for people: `20 %`. @param ppm millionths */
export function formatPpm(ppm: bigint): string {
  return `${formatUnits(ppm, 4)} %`;
}

import { CliError } from "../../shared/cliError.ts";
import { type Fraction, type ResourceUnits, unitsOf } from "./resourceUnits.ts";

const AI = 10n ** 18n;
const E18 = 10n ** 18n;
/** Denominations whose base units may be written: `3credit`. */
const CREDIT_BASE = /^(?:credit|aai)$/;

/** A number and what stands behind it: `1.5GiB-h`. Blanks between the two do not matter. */
interface Quantity extends Fraction {
  readonly unit: string;
}

/** Splits a text; undefined when it does not begin with a decimal number. No rounding: 0.1 is 1/10. */
function findQuantity(text: string): Quantity | undefined {
  const [, whole = "", fraction = "", unit = ""] = /^(\d{1,40})(?:\.(\d{1,40}))?\s*(\S*)$/.exec(text.trim()) ?? [];
  if (whole === "") return undefined;
  return { num: BigInt(whole + fraction), den: 10n ** BigInt(fraction.length), unit };
}

function exactly(num: bigint, den: bigint, tooFine: () => CliError): bigint {
  if (num % den !== 0n) throw tooFine();
  return num / den;
}

/** Whether a text is an amount of credit rather than of a resource: `10AI`, `3credit`. */
export function isCreditText(text: string): boolean {
  const unit = findQuantity(text)?.unit ?? "";
  return unit === "AI" || CREDIT_BASE.test(unit);
}

/**
 * Reads an amount of credit: `10AI`, `0.5AI`, or base units such as `3credit`.
 * @returns credit base units, greater than zero
 * @throws CliError saying what was expected
 */
export function parseCreditText(text: string): bigint {
  const wrong = (got: string): CliError =>
    new CliError(`expected an amount of AI such as 10AI or 0.5AI, got ${got}`, {
      why: "credit is counted in AI (18 decimals), or in whole base units such as 3credit",
      next: "write the number and AI, without a blank: 10AI",
    });
  const quantity = findQuantity(text);
  if (quantity === undefined || !isCreditText(text)) throw wrong(`"${text}"`);
  const { num, den, unit } = quantity;
  const amount = exactly(num * (unit === "AI" ? AI : 1n), den, () => wrong(`"${text}", which is no whole number of base units`));
  if (amount === 0n) throw wrong("nothing");
  return amount;
}

/**
 * Reads an amount of a resource: `1h` of a GPU, `40GiB-h` of memory, `10GiB` of traffic, or base units such as `5ngpu`.
 * @param name where the amount stands, for errors: a pool or a class
 * @param denom denomination whose base units may be written, when it is known
 * @returns resource base units, greater than zero
 * @throws CliError saying what was expected
 */
export function parseResourceText(units: ResourceUnits, text: string, name = units.resourceClass, denom = `n${name}`): bigint {
  const wrong = (got: string): CliError =>
    new CliError(`${name}: expected ${units.expected}, got ${got}`, {
      why: `${name} is counted in ${units.unitName}s, or in whole base units such as 5${denom}`,
      next: "write the number and its unit without a blank",
    });
  const quantity = findQuantity(text);
  if (quantity === undefined) throw wrong(text === "" ? "nothing" : text);
  const unit = quantity.unit === denom ? { num: 1n, den: 1n } : units.findUnit(quantity.unit);
  if (unit === undefined) throw wrong(text);
  const amount = exactly(quantity.num * unit.num, quantity.den * unit.den, () => wrong(`${text}, which is no whole number of base units`));
  if (amount === 0n) throw wrong(text);
  return amount;
}

/**
 * Reads a price: `2.1AI/h` for a GPU, `0.04AI/GiB-h` for memory, `0.01AI/GiB` for traffic.
 * @param side a buyer's limit is rounded down, a seller's up, so that neither gets worse than what was written
 * @returns credit base units per resource base unit, times 10¹⁸, greater than zero
 * @throws CliError saying what was expected
 */
export function parsePriceText(units: ResourceUnits, text: string, side: "buy" | "sell", name = units.resourceClass): bigint {
  const wrong = (got: string): CliError =>
    new CliError(`${name}: expected a price such as 2AI/${units.unit}, got ${got}`, {
      why: `prices are AI per ${units.unitName} or another time or size that fits`,
      next: `--limit 2AI/${units.unit}`,
    });
  const [, amount = "", unitText = ""] = /^([\d.]+)\s*AI\s*\/\s*(\S+)$/.exec(text.trim()) ?? [];
  const quantity = findQuantity(amount);
  const unit = units.findUnit(unitText);
  if (quantity === undefined || unit === undefined) throw wrong(`"${text}"`);
  const [num, den] = [quantity.num * AI * E18 * unit.den, quantity.den * unit.num];
  const price = side === "buy" ? num / den : (num + den - 1n) / den;
  if (price === 0n) throw wrong(`"${text}", which is less than a base unit can cost`);
  return price;
}

/** `gpu=1h`: an amount of a class by its name. @throws CliError saying what was expected */
export function parseNeedText(text: string): { readonly resourceClass: string; readonly amount: bigint } {
  const [, resourceClass = "", amount = ""] = /^([a-z][a-z0-9-]{0,31})=(.+)$/.exec(text) ?? [];
  if (resourceClass === "") {
    throw new CliError(`--need: expected CLASS=AMOUNT such as gpu=1h, got "${text}"`, { next: "--need gpu=1h" });
  }
  return { resourceClass, amount: parseResourceText(unitsOf(resourceClass), amount, resourceClass) };
}

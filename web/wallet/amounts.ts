// Amounts as people write them, and their base units. Exact in both directions: amounts are text and bigint, never floating point.

/** How a denomination is shown. */
export interface Unit {
  readonly name: string;
  /** Base units in one of it. */
  readonly base: bigint;
}

const E18 = 10n ** 18n;
const NANO = 10n ** 9n;
const HOUR = 3600n;

/** The chain's own denominations: AI, compute credit and the five resource classes. */
const UNITS: ReadonlyMap<string, Unit> = new Map([
  ["aai", { name: "AI", base: E18 }],
  ["credit", { name: "credit", base: E18 }],
  ["ngpu", { name: "GPU-hours", base: HOUR * NANO }],
  ["nvram", { name: "GiB-hours of GPU memory", base: HOUR * NANO }],
  ["nram", { name: "GiB-hours of memory", base: HOUR * NANO }],
  ["nnet", { name: "GiB of traffic", base: NANO }],
  ["ndisk", { name: "GiB-hours of disk", base: NANO }],
]);

/** Unit of a denomination, `ngpu`, or of a regional one, `ngpu.eu`; the denomination itself where this page does not know it. */
export function unitOf(denom: string): Unit {
  const [kind = "", region] = denom.split(".");
  const unit = UNITS.get(kind);
  if (unit === undefined) return { name: denom, base: 1n };
  return region === undefined ? unit : { ...unit, name: `${unit.name} (${region})` };
}

/** AI and credit. */
export const AI = unitOf("aai");

/**
 * Base units of what a person typed: `12`, `0.5`, `1 000.25`.
 * @throws Error in words for the person
 */
export function parseAmount(text: string, unit: Unit): bigint {
  const match = /^(\d{1,30})(?:\.(\d{1,30}))?$/.exec(text.trim().replaceAll(/[ _']/g, ""));
  if (match === null) throw new Error(`Enter an amount of ${unit.name} such as 12 or 0.5.`);
  const [, whole = "0", fraction = ""] = match;
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * unit.base;
  if (scaled % scale !== 0n) throw new Error(`${text.trim()} ${unit.name} is finer than the smallest unit.`);
  if (scaled === 0n) throw new Error("Enter an amount above zero.");
  return scaled / scale;
}

/** Text of base units, cut to so many digits after the point; `<0.000001` where nothing would remain. */
export function formatAmount(amount: bigint, unit: Unit, digits = 6): string {
  const scale = 10n ** BigInt(digits);
  const scaled = (amount * scale) / unit.base;
  if (scaled === 0n && amount > 0n) return `<${digits === 0 ? "1" : `0.${"0".repeat(digits - 1)}1`}`;
  const whole = (scaled / scale).toString().replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const fraction = (scaled % scale).toString().padStart(digits, "0").replace(/0+$/, "");
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** Credit for one unit of a resource. @param priceE18 credit base units per resource base unit, times 10^18 */
export function formatPrice(priceE18: string, resource: Unit): string {
  return formatAmount((BigInt(priceE18) * resource.base) / E18, AI);
}

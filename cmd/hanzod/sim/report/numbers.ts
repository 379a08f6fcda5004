/** What stands where there is no figure. */
export const NONE = "–";

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten: 10⁻⁶. */
export function formatPower(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)] ?? "");
  return `10${exponent < 0 ? "⁻" : ""}${digits.join("")}`;
}

/**
 * A number with so many significant digits: thousands separated, very small and very large ones with a power of ten, no trailing zeros.
 * @param digits 1 … 15
 */
export function formatNumber(value: number | undefined, digits = 4): string {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e7) {
    const [mantissa = "", exponent = "0"] = value.toExponential(digits - 1).split("e");
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return `${short.replace("-", "−")}·${formatPower(Number(exponent))}`;
  }
  const plain = String(Number(value.toPrecision(digits)));
  const [whole = "", fraction] = plain.split(".");
  const grouped = whole.replace("-", "−").replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A measured number with so many significant digits, zeros kept, so that figures under each other compare. */
export function formatMeasured(value: number | undefined, digits = 4): string {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (value === 0 || size < 1e-4 || size >= 10 ** digits) return formatNumber(value, digits);
  return value.toPrecision(digits).replace("-", "−");
}

/** A part as a percentage. @param digits after the point */
export function formatPercent(part: number | undefined, digits = 2): string {
  return part === undefined ? NONE : `${(part * 100).toFixed(digits).replace("-", "−")} %`;
}

/** A price in centre prices with a unit. */
export function formatPrice(price: number | undefined): string {
  return price === undefined ? NONE : `${formatMeasured(price, 4)} c`;
}

/** How far a simulated figure is from the theory's. */
export function formatDifference(simulated: number | undefined, theory: number | undefined): string {
  if (simulated === undefined || theory === undefined || theory === 0) return NONE;
  const percent = ((simulated / theory - 1) * 100).toFixed(2);
  if (Number(percent) === 0) return "0.00 %";
  return `${percent.startsWith("-") ? "−" : "+"}${percent.replace("-", "")} %`;
}

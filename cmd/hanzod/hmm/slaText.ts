import { CliError } from "../../shared/cliError.ts";

const MICROSECONDS: Readonly<Record<string, bigint>> = { us: 1n, µs: 1n, ms: 1000n, s: 1_000_000n };
/** Millionths in one hundredth. */
const PPM_PER_PERCENT = 10_000n;
const MOST_PPM = 1_000_000n;
/** A day: longer latencies are mistakes. */
const MOST_US = 86_400_000_000n;

/**
 * Reads a latency: `80ms`, `1.5s`, `200us`.
 * @param name flag that it stands for, for errors
 * @returns microseconds, 1 to one day
 * @throws CliError saying what was expected
 */
export function parseLatencyText(text: string, name: string): bigint {
  const [, whole = "", fraction = "", unit = ""] = /^(\d{1,18})(?:\.(\d{1,18}))?\s*(us|µs|ms|s)$/.exec(text.trim()) ?? [];
  const scale = 10n ** BigInt(fraction.length);
  const scaled = whole === "" ? 0n : BigInt(whole + fraction) * (MICROSECONDS[unit] ?? 0n);
  const us = scaled / scale;
  if (scaled === 0n || scaled % scale !== 0n || us > MOST_US)
    throw new CliError(`${name}: expected a time such as 80ms, 1.5s or 200us, got ${text}`, {
      why: "times are whole microseconds from 1us to one day",
      next: `${name} 80ms`,
    });
  return us;
}

/**
 * Reads a part: `20%`, `0.5%`, or `5000ppm`.
 * @param name flag that it stands for, for errors
 * @returns millionths, 0 to 1,000,000
 * @throws CliError saying what was expected
 */
export function parsePartText(text: string, name: string): bigint {
  const [, whole = "", fraction = "", unit = ""] = /^(\d{1,7})(?:\.(\d{1,4}))?\s*(%|ppm)$/.exec(text.trim()) ?? [];
  const scale = 10n ** BigInt(fraction.length);
  const scaled = whole === "" ? -1n : BigInt(whole + fraction) * (unit === "%" ? PPM_PER_PERCENT : 1n);
  const ppm = scaled / scale;
  if (scaled < 0n || scaled % scale !== 0n || ppm > MOST_PPM)
    throw new CliError(`${name}: expected a part such as 20% or 0.5%, got ${text}`, {
      why: "parts are from 0% to 100%, at most four decimals",
      next: `${name} 20%`,
    });
  return ppm;
}

/**
 * Reads names separated by commas: `eu,us`.
 * @param name flag that it stands for, for errors
 * @returns each name once, in the order of their characters
 * @throws CliError when a name is empty or comes twice
 */
export function parseNamesText(text: string, name: string): readonly string[] {
  const names = text.split(",").map((part) => part.trim());
  if (names.some((part) => part === "") || new Set(names).size !== names.length)
    throw new CliError(`${name}: expected names separated by commas, each once, got "${text}"`, { next: `${name} eu,us` });
  return names.sort((a, b) => (a < b ? -1 : 1));
}

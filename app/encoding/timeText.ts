import { civilFromDays, daysFromCivil, splitSeconds } from "./calendar.ts";
import { jsonFormatError, jsonParseError } from "./encodingError.ts";

/** A point in time or a span, as google.protobuf.Timestamp and Duration carry it. */
export interface SecondsNanos {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, the range of google.protobuf.Timestamp. */
const MIN_SECONDS = -62_135_596_800n;
const MAX_SECONDS = 253_402_300_799n;
/** Range of google.protobuf.Duration, about 10 000 years. */
const MAX_DURATION = 315_576_000_000n;

/** Whether a google.protobuf.Timestamp is one: in the years 1 to 9999, with nanoseconds of one second. */
export function isTimestampRange({ seconds, nanos }: SecondsNanos): boolean {
  return seconds >= MIN_SECONDS && seconds <= MAX_SECONDS && nanos >= 0 && nanos <= 999_999_999;
}

/** Whether a google.protobuf.Duration is one: of at most 10 000 years, seconds and nanoseconds of one sign. */
export function isDurationRange({ seconds, nanos }: SecondsNanos): boolean {
  const agree = !(seconds > 0n && nanos < 0) && !(seconds < 0n && nanos > 0);
  return agree && seconds >= -MAX_DURATION && seconds <= MAX_DURATION && nanos >= -999_999_999 && nanos <= 999_999_999;
}

/** How the fraction of a second is cut: to 0, 3, 6 or 9 digits (proto JSON), or all zeros at the end away (Go's RFC3339Nano, amino JSON). */
export type FractionStyle = "groups" | "shortest";

function two(value: bigint): string {
  return value.toString().padStart(2, "0");
}

function fractionText(nanos: number, style: FractionStyle): string {
  if (nanos === 0) return "";
  let digits = nanos.toString().padStart(9, "0");
  if (style === "shortest") digits = digits.replace(/0+$/, "");
  else while (digits.endsWith("000")) digits = digits.slice(0, -3);
  return `.${digits}`;
}

/**
 * RFC 3339 text of a timestamp, always UTC with `Z`.
 * @throws sdk/16 outside of the years 1 to 9999 or with nanoseconds outside of 0 … 999 999 999
 */
export function formatTimestamp({ seconds, nanos }: SecondsNanos, style: FractionStyle): string {
  if (!isTimestampRange({ seconds, nanos })) {
    throw jsonFormatError(`timestamp of the years 1 to 9999 expected, got ${seconds} seconds and ${nanos} nanoseconds`);
  }
  const { days, secondOfDay } = splitSeconds(seconds);
  const { year, month, day } = civilFromDays(days);
  const time = `${two(secondOfDay / 3600n)}:${two((secondOfDay / 60n) % 60n)}:${two(secondOfDay % 60n)}`;
  return `${year.toString().padStart(4, "0")}-${two(month)}-${two(day)}T${time}${fractionText(nanos, style)}Z`;
}

/**
 * Reads RFC 3339 text with `Z` or an offset; at most nine digits of fraction, no leap second.
 * @throws sdk/17 on anything else
 */
export function parseTimestamp(text: string): SecondsNanos {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text);
  if (match === null) throw jsonParseError(`RFC 3339 time expected, got ${JSON.stringify(text.slice(0, 64))}`);
  const part = (i: number): bigint => BigInt(match[i] ?? "0");
  const civil = { year: part(1), month: part(2), day: part(3) };
  const days = daysFromCivil(civil);
  const back = civilFromDays(days);
  const exists = back.year === civil.year && back.month === civil.month && back.day === civil.day;
  if (!exists || part(4) > 23n || part(5) > 59n || part(6) > 59n || part(9) > 23n || part(10) > 59n) {
    throw jsonParseError(`existing day and time expected, got ${JSON.stringify(text)}`);
  }
  const offset = (part(9) * 3600n + part(10) * 60n) * (match[8] === "-" ? -1n : 1n);
  const seconds = days * 86_400n + part(4) * 3600n + part(5) * 60n + part(6) - offset;
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS)
    throw jsonParseError(`time of the years 1 to 9999 expected, got ${JSON.stringify(text)}`);
  return { seconds, nanos: Number((match[7] ?? "").padEnd(9, "0")) };
}

/**
 * Proto JSON text of a duration, e.g. `1.500s`.
 * @throws sdk/16 out of range or with seconds and nanoseconds of different sign
 */
export function formatDuration({ seconds, nanos }: SecondsNanos): string {
  if (!isDurationRange({ seconds, nanos })) {
    throw jsonFormatError(`duration of at most 10000 years expected, got ${seconds} seconds and ${nanos} nanoseconds`);
  }
  const negative = seconds < 0n || nanos < 0;
  const whole = seconds < 0n ? -seconds : seconds;
  return `${negative ? "-" : ""}${whole}${fractionText(nanos < 0 ? -nanos : nanos, "groups")}s`;
}

/** Reads a proto JSON duration: decimal seconds with at most nine digits of fraction and an `s`. @throws sdk/17 on anything else. */
export function parseDuration(text: string): SecondsNanos {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(text);
  if (match === null) throw jsonParseError(`duration like "1.5s" expected, got ${JSON.stringify(text.slice(0, 64))}`);
  const whole = BigInt(match[2] ?? "0");
  const fraction = Number((match[3] ?? "").padEnd(9, "0"));
  if (whole > MAX_DURATION) throw jsonParseError(`duration of at most 10000 years expected, got ${JSON.stringify(text)}`);
  const negative = match[1] === "-";
  return { seconds: negative ? -whole : whole, nanos: negative && fraction !== 0 ? -fraction : fraction };
}

import type { Duration } from "../../proto/gen/google/protobuf/duration.ts";
import type { Timestamp } from "../../proto/gen/google/protobuf/timestamp.ts";
import { decodeUtf8, encodeUtf8 } from "../encoding/bytes.ts";
import type { KeyPart } from "../encoding/keys.ts";
import { formatTimestamp, parseTimestamp } from "../encoding/timeText.ts";

export const NS_PER_SECOND = 1_000_000_000n;

/** Nanoseconds since 1970-01-01 UTC; 0 for an absent time. */
export function timestampNs(time: Timestamp | undefined): bigint {
  return time === undefined ? 0n : time.seconds * NS_PER_SECOND + BigInt(time.nanos);
}

/** The wire form of nanoseconds since 1970-01-01 UTC. */
export function toTimestamp(timeNs: bigint): Timestamp {
  const nanos = ((timeNs % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  return { seconds: (timeNs - nanos) / NS_PER_SECOND, nanos: Number(nanos) };
}

/** Nanoseconds of 0001-01-01T00:00:00Z and of the first moment behind the year 9999, the range of google.protobuf.Timestamp. */
const FIRST_NS = -62_135_596_800n * NS_PER_SECOND;
const END_NS = 253_402_300_800n * NS_PER_SECOND;

/** Whether a moment, in nanoseconds since 1970-01-01 UTC, can be written as a google.protobuf.Timestamp. */
export function isTimestamp(timeNs: bigint): boolean {
  return timeNs >= FIRST_NS && timeNs < END_NS;
}

/** Nanoseconds of a span; 0 for an absent one. */
export function durationNs(span: Duration | undefined): bigint {
  return span === undefined ? 0n : span.seconds * NS_PER_SECOND + BigInt(span.nanos);
}

/** The wire form of a span of nanoseconds; both parts have its sign. */
export function toDuration(spanNs: bigint): Duration {
  return { seconds: spanNs / NS_PER_SECOND, nanos: Number(spanNs % NS_PER_SECOND) };
}

/** `2026-11-23 07:20:55.905771135 +0000 UTC`: how the SDK's texts show a time; trailing zeros of the fraction are dropped. */
export function formatGoTime(timeNs: bigint): string {
  return `${formatTimestamp(toTimestamp(timeNs), "shortest").slice(0, -1).replace("T", " ")} +0000 UTC`;
}

/** `2026-11-23T07:20:55Z`: RFC 3339 in whole seconds. */
export function formatRfc3339Seconds(timeNs: bigint): string {
  return formatTimestamp({ seconds: toTimestamp(timeNs).seconds, nanos: 0 }, "shortest");
}

const TIME_KEY_LENGTH = 29;

/** A moment as text of fixed length, `2026-11-23T07:20:55.905771135`, which sorts as time does (cosmos-sdk types FormatTimeBytes). */
export const timeKey: KeyPart<bigint> = {
  encode(timeNs) {
    const { seconds, nanos } = toTimestamp(timeNs);
    const second = formatTimestamp({ seconds, nanos: 0 }, "shortest").slice(0, -1);
    return encodeUtf8(`${second}.${nanos.toString().padStart(9, "0")}`);
  },
  decode(bytes, at) {
    const next = at + TIME_KEY_LENGTH;
    return { value: timestampNs(parseTimestamp(`${decodeUtf8(bytes.subarray(at, next))}Z`)), next };
  },
};

/** The text of {@link timeKey}: times as the Cosmos SDK puts them into store keys, UTC with nine digits, so that their order is that of the bytes. */
export function formatSortableTime(timeNs: bigint): string {
  return decodeUtf8(timeKey.encode(timeNs));
}

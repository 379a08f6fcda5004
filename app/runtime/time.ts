import type { Timestamp } from "#proto/google/protobuf/timestamp";
import { formatTimestamp } from "../encoding/timeText.ts";

const NS_PER_SECOND = 1_000_000_000n;

/** Nanoseconds since 1970-01-01 UTC; 0 for an absent time. */
export function timestampNs(time: Timestamp | undefined): bigint {
  return time === undefined ? 0n : time.seconds * NS_PER_SECOND + BigInt(time.nanos);
}

/** The wire form of nanoseconds since 1970-01-01 UTC. */
export function toTimestamp(timeNs: bigint): Timestamp {
  const nanos = ((timeNs % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  return { seconds: (timeNs - nanos) / NS_PER_SECOND, nanos: Number(nanos) };
}

/** `2026-11-23 07:20:55.905771135 +0000 UTC`: how the SDK's texts show a time; trailing zeros of the fraction are dropped. */
export function formatGoTime(timeNs: bigint): string {
  return `${formatTimestamp(toTimestamp(timeNs), "shortest").slice(0, -1).replace("T", " ")} +0000 UTC`;
}

/** `2026-11-23T07:20:55Z`: RFC 3339 in whole seconds. */
export function formatRfc3339Seconds(timeNs: bigint): string {
  return formatTimestamp({ seconds: toTimestamp(timeNs).seconds, nanos: 0 }, "shortest");
}

import type { Timestamp } from "#proto/google/protobuf/timestamp";
import { timestampNs } from "#sdk";

/** Nanoseconds of the first moment of the year 1: Go's time that is none. */
export const NO_TIME_NS = -62_135_596_800n * 1_000_000_000n;

/** Whether a time off the wire is one. */
export function hasTime(time: Timestamp | undefined): boolean {
  return time !== undefined && timestampNs(time) !== NO_TIME_NS;
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatGoTime, formatRfc3339Seconds, timestampNs, toTimestamp } from "../../../app/sdk/time.ts";

test("times show as the SDK's texts show them", () => {
  assert.equal(formatGoTime(1_795_418_455_905_771_135n), "2026-11-23 07:20:55.905771135 +0000 UTC");
  assert.equal(formatGoTime(1_000_000_000_000n), "1970-01-01 00:16:40 +0000 UTC");
  assert.equal(formatGoTime(1_500_000_000n), "1970-01-01 00:00:01.5 +0000 UTC");
  assert.equal(formatRfc3339Seconds(1_795_418_455_905_771_135n), "2026-11-23T07:20:55Z");
});

test("nanoseconds and timestamps turn into each other, before 1970, too", () => {
  for (const ns of [0n, 1n, -1n, 999_999_999n, -1_000_000_000n, -1_500_000_000n, 1_795_418_455_905_771_135n]) {
    const time = toTimestamp(ns);
    assert.ok(time.nanos >= 0 && time.nanos < 1_000_000_000);
    assert.equal(timestampNs(time), ns);
  }
});

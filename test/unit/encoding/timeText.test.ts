import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDec, parseDec } from "../../../app/encoding/decText.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { formatDuration, formatTimestamp, parseDuration, parseTimestamp } from "../../../app/encoding/timeText.ts";

test("times have 0, 3, 6 or 9 digits in proto JSON and no zeros at the end in amino JSON", () => {
  for (const [seconds, nanos, groups, shortest] of [
    [0n, 0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"],
    [1_800_000_000n, 120_000_000, "2027-01-15T08:00:00.120Z", "2027-01-15T08:00:00.12Z"],
    [1_800_000_000n, 1, "2027-01-15T08:00:00.000000001Z", "2027-01-15T08:00:00.000000001Z"],
    [1_800_000_000n, 514_009_080, "2027-01-15T08:00:00.514009080Z", "2027-01-15T08:00:00.51400908Z"],
    [951_782_400n, 0, "2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"],
    [-62_135_596_800n, 0, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    [253_402_300_799n, 999_999_999, "9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"],
    [-1n, 500_000_000, "1969-12-31T23:59:59.500Z", "1969-12-31T23:59:59.5Z"],
  ] as const) {
    assert.equal(formatTimestamp({ seconds, nanos }, "groups"), groups);
    assert.equal(formatTimestamp({ seconds, nanos }, "shortest"), shortest);
    assert.deepEqual(parseTimestamp(groups), { seconds, nanos });
    assert.deepEqual(parseTimestamp(shortest), { seconds, nanos });
  }
  assert.deepEqual(parseTimestamp("2027-01-15T09:30:00+01:30"), { seconds: 1_800_000_000n, nanos: 0 });
});

test("times that do not exist or cannot be shown are refused", () => {
  for (const bad of [
    "",
    "2027-01-15",
    "2027-01-15 08:00:00Z",
    "2027-02-29T00:00:00Z",
    "2027-13-01T00:00:00Z",
    "2027-00-01T00:00:00Z",
    "2027-01-15T24:00:00Z",
    "2027-01-15T08:60:00Z",
    "2027-01-15T08:00:60Z",
    "2027-01-15T08:00:00",
    "2027-01-15T08:00:00.Z",
    "2027-01-15T08:00:00.1234567890Z",
    "0000-12-31T23:59:59Z",
    "2027-01-15T08:00:00+24:00",
    "9999-12-31T23:59:59-01:00",
  ]) {
    assert.throws(
      () => parseTimestamp(bad),
      (e) => e instanceof EncodingError && e.code === 17,
      bad,
    );
  }
  for (const bad of [
    { seconds: 253_402_300_800n, nanos: 0 },
    { seconds: -62_135_596_801n, nanos: 0 },
    { seconds: 0n, nanos: -1 },
    { seconds: 0n, nanos: 1_000_000_000 },
  ]) {
    assert.throws(
      () => formatTimestamp(bad, "groups"),
      (e) => e instanceof EncodingError && e.code === 16,
    );
  }
});

test("durations are seconds with an s, the sign in front", () => {
  for (const [seconds, nanos, text] of [
    [0n, 0, "0s"],
    [1_814_400n, 0, "1814400s"],
    [1n, 500_000_000, "1.500s"],
    [0n, -1, "-0.000000001s"],
    [-3n, -20_000, "-3.000020s"],
  ] as const) {
    assert.equal(formatDuration({ seconds, nanos }), text);
    assert.deepEqual(parseDuration(text), { seconds, nanos });
  }
  for (const bad of ["", "1", "1m", "s", ".5s", "1.s", "+1s", "1.0000000001s", "315576000001s", "1e3s"])
    assert.throws(() => parseDuration(bad), EncodingError, bad);
  for (const bad of [
    { seconds: 1n, nanos: -1 },
    { seconds: -1n, nanos: 1 },
    { seconds: 315_576_000_001n, nanos: 0 },
  ])
    assert.throws(() => formatDuration(bad), EncodingError);
});

test("fractions move their point by 18 digits and are never rounded", () => {
  for (const [atomics, shown] of [
    ["0", "0.000000000000000000"],
    ["130000000000000000", "0.130000000000000000"],
    ["-1", "-0.000000000000000001"],
    ["12000000000000000000", "12.000000000000000000"],
  ] as const) {
    assert.equal(formatDec(atomics), shown);
    assert.equal(parseDec(shown), atomics);
  }
  assert.equal(parseDec("0.5"), "500000000000000000");
  assert.equal(parseDec("7"), "7000000000000000000");
  for (const bad of ["", ".5", "1.", "1e3", "+1", "0x1", "0.1234567890123456789", "1_0", "NaN"])
    assert.throws(() => parseDec(bad), EncodingError, bad);
  assert.throws(() => formatDec("1.5"), EncodingError);
});

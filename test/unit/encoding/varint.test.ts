import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { decodeUvarint, decodeVarint, encodeUvarint, encodeVarint, MAX_UINT64 } from "../../../app/encoding/varint.ts";

test("unsigned varints have the bytes of protobuf", () => {
  for (const [value, hex] of [
    [0n, "00"],
    [127n, "7f"],
    [128n, "8001"],
    [300n, "ac02"],
    [MAX_UINT64, "ffffffffffffffffff01"],
  ] as const) {
    assert.equal(toHex(encodeUvarint(value)), hex);
    assert.deepEqual(decodeUvarint(fromHex(`aa${hex}bb`), 1), { value, next: 1 + hex.length / 2 });
  }
  for (const bad of [-1n, MAX_UINT64 + 1n]) assert.throws(() => encodeUvarint(bad), EncodingError);
});

test("signed varints have the bytes of Go's binary.PutVarint", () => {
  for (const [value, hex] of [
    [0n, "00"],
    [-1n, "01"],
    [1n, "02"],
    [-64n, "7f"],
    [64n, "8001"],
    [-(2n ** 63n), "ffffffffffffffffff01"],
    [2n ** 63n - 1n, "feffffffffffffffff01"],
  ] as const) {
    assert.equal(toHex(encodeVarint(value)), hex);
    assert.equal(decodeVarint(fromHex(hex)).value, value);
  }
  for (const bad of [2n ** 63n, -(2n ** 63n) - 1n]) assert.throws(() => encodeVarint(bad), EncodingError);
});

test("varints that are longer than needed, end early or do not fit 64 bits are refused", () => {
  for (const bad of ["", "80", "8000", "ff8000", "ffffffffffffffffff02", "ffffffffffffffffffff01", "808080808080808080808001"]) {
    assert.throws(() => decodeUvarint(fromHex(bad)), EncodingError, bad);
  }
});

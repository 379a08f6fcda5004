import assert from "node:assert/strict";
import { test } from "node:test";
import {
  compareBytes,
  concatBytes,
  decodeUtf8,
  encodeUtf8,
  equalBytes,
  fromBase64,
  fromHex,
  isUtf8,
  toBase64,
  toHex,
} from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";

test("bytes are ordered as unsigned numbers, a prefix first", () => {
  for (const [a, b, sign] of [
    ["", "00", -1],
    ["7f", "80", -1],
    ["ff", "00ff", 1],
    ["0102", "0102", 0],
    ["01", "0100", -1],
  ] as const) {
    assert.equal(Math.sign(compareBytes(fromHex(a), fromHex(b))), sign, `${a} ${b}`);
    assert.equal(equalBytes(fromHex(a), fromHex(b)), sign === 0);
  }
  assert.equal(toHex(concatBytes(fromHex("01"), new Uint8Array(0), fromHex("0203"))), "010203");
});

test("hexadecimal text is read in either case and nothing else is", () => {
  assert.equal(toHex(fromHex("00fFAb")), "00ffab");
  for (const bad of ["0", "0x", "0g", " 00", "00 ", "é0", "+1"]) assert.throws(() => fromHex(bad), EncodingError, bad);
});

test("base64 follows RFC 4648 §10 and refuses missing padding, other alphabets and stray bits", () => {
  for (const [plain, text] of [
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg=="],
    ["fooba", "Zm9vYmE="],
    ["foobar", "Zm9vYmFy"],
  ] as const) {
    assert.equal(toBase64(encodeUtf8(plain)), text);
    assert.equal(decodeUtf8(fromBase64(text)), plain);
  }
  for (const bad of ["Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm9-", "Zm9_", "Zm 9v", "Zg==Zg==", "\u0100m9v"])
    assert.throws(() => fromBase64(bad), EncodingError, bad);
});

test("base64 of any length is that of the platform", () => {
  const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 167) & 255);
  for (const length of [...Array(70).keys(), 3071, 3072, 3073, 3074, 6144, 10_000]) {
    const part = bytes.subarray(0, length);
    assert.equal(toBase64(part), Buffer.from(part).toString("base64"), `${length}`);
  }
});

test("UTF-8 keeps a byte order mark and refuses what is not well-formed", () => {
  assert.equal(decodeUtf8(encodeUtf8("\ufeffé☃😀")), "\ufeffé☃😀");
  assert.throws(() => encodeUtf8("\ud800"), EncodingError);
  for (const bad of ["80", "c080", "c1bf", "e08080", "eda080", "f08080f0", "f4908080", "f5808080", "e282", "ff"]) {
    assert.equal(isUtf8(fromHex(bad)), false, bad);
    assert.throws(() => decodeUtf8(fromHex(bad)), EncodingError, bad);
  }
});

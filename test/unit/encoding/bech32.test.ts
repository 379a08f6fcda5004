import assert from "node:assert/strict";
import { test } from "node:test";
import { createBech32Cache, decodeBech32, encodeBech32 } from "../../../app/encoding/bech32.ts";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { readRecording } from "./recordings.ts";

const ADDRESS = "cosmos12ry9pq9u4xupgwkxcm3hrctpeftgh0gfnymfln";

test("addresses are read in lower or upper case and written in lower case", () => {
  const { prefix, bytes } = decodeBech32(ADDRESS);
  assert.equal(prefix, "cosmos");
  assert.equal(bytes.length, 20);
  assert.equal(encodeBech32(prefix, bytes), ADDRESS);
  assert.deepEqual(decodeBech32(ADDRESS.toUpperCase()), { text: ADDRESS, prefix, bytes });
  assert.equal(toHex(decodeBech32(encodeBech32("hanzovaloper", fromHex("00ff"))).bytes), "00ff");
});

test("every character of an address is covered by the checksum", () => {
  for (let i = 0; i < ADDRESS.length; i++) {
    const other = ADDRESS[i] === "q" ? "p" : "q";
    assert.throws(() => decodeBech32(ADDRESS.slice(0, i) + other + ADDRESS.slice(i + 1)), EncodingError, `${i}`);
  }
});

test("texts that are no addresses are refused with the texts of the SDK", () => {
  for (const [text, message] of [
    ["bad", "decoding bech32 failed: invalid bech32 string length 3"],
    ["Cosmos12ry9pq9u4xupgwkxcm3hrctpeftgh0gfnymfln", "decoding bech32 failed: string not all lowercase or all uppercase"],
    ["cosmos12ry9pq 9u4xupgwkxcm3hrctpeftgh0gfnymfln", "decoding bech32 failed: invalid character in string: ' '"],
    // Texts are read by bytes: of é the first of two, told as the character of its number.
    ["cosmos1é2ry9pq9u4xupgwkxcm3hrctpeftgh0gfnymfln", "decoding bech32 failed: invalid character in string: 'Ã'"],
    ["éééé", "decoding bech32 failed: invalid character in string: 'Ã'"],
    ["ééé", "decoding bech32 failed: invalid bech32 string length 6"],
    ["é".repeat(512), "decoding bech32 failed: invalid bech32 string length 1024"],
    ["nothing-here", "decoding bech32 failed: invalid separator index -1"],
    ["cosmos12ry9pqbu4xupgwkxcm3hrctpeftgh0gfnymfln", "decoding bech32 failed: invalid character not part of charset: 98"],
    ["cosmos12ry9pq9u4xupgwkxcm3hrctpeftgh0gfnymflq", "decoding bech32 failed: invalid checksum (expected nymfln got nymflq)"],
  ] as const) {
    assert.throws(
      () => decodeBech32(text),
      (e) => e instanceof EncodingError && e.message === message,
      text,
    );
  }
  const logs = readRecording("checktx").cases.map((c) => c.log ?? "");
  assert.ok(logs.includes("decoding bech32 failed: invalid separator index 6"));
});

test("data of up to 255 bytes is allowed, whatever BIP-173 says about 90 characters", () => {
  const long = new Uint8Array(255).fill(7);
  assert.deepEqual(decodeBech32(encodeBech32("hanzo", long)).bytes, long);
  assert.throws(() => encodeBech32("hanzo", new Uint8Array(256)), EncodingError);
  assert.throws(() => encodeBech32("Hanzo", new Uint8Array(1)), EncodingError);
  assert.throws(() => encodeBech32("", new Uint8Array(1)), EncodingError);
});

test("the cache answers as the functions do, also after it was full", () => {
  const cache = createBech32Cache(16);
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 80; i++) {
      const bytes = Uint8Array.of(i, 255 - i).subarray(i % 2);
      for (const prefix of ["hanzo", "hanzovaloper"]) {
        const text = cache.encode(prefix, bytes);
        assert.equal(text, encodeBech32(prefix, bytes));
        for (let again = 0; again < 2; again++) assert.deepEqual(cache.decode(text), decodeBech32(text));
      }
    }
  }
  assert.throws(() => cache.decode("bad"), EncodingError);
});

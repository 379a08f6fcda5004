import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import {
  boolKey,
  int64Key,
  lastBytesKey,
  lastStringKey,
  lengthPrefixedKey,
  pairKey,
  stringKey,
  tripleKey,
  uint64Key,
} from "../../../app/encoding/keys.ts";

test("parts of keys have their documented bytes", () => {
  assert.equal(toHex(uint64Key.encode(258n)), "0000000000000102");
  assert.equal(toHex(int64Key.encode(-1n)), "7fffffffffffffff");
  assert.equal(toHex(int64Key.encode(0n)), "8000000000000000");
  assert.equal(toHex(lengthPrefixedKey.encode(fromHex("aabb"))), "02aabb");
  assert.equal(toHex(stringKey.encode("ab")), "616200");
  assert.equal(toHex(boolKey.encode(true)), "01");
});

test("a composite key is its parts in a row and is read back whole", () => {
  const key = tripleKey(lengthPrefixedKey, stringKey, uint64Key);
  const bytes = key.encode(fromHex("aa"), "x", 5n);
  assert.equal(toHex(bytes), "01aa78000000000000000005");
  assert.deepEqual(key.decode(bytes), [fromHex("aa"), "x", 5n]);
  assert.equal(toHex(key.encodePrefix(fromHex("aa"))), "01aa");
  assert.equal(toHex(key.encodePrefix(fromHex("aa"), "x")), "01aa7800");
  assert.equal(key.encodePrefix().length, 0);
  assert.deepEqual(pairKey(lengthPrefixedKey, lastStringKey).decode(fromHex("01aa6869")), [fromHex("aa"), "hi"]);
  assert.deepEqual(pairKey(boolKey, lastBytesKey).decode(fromHex("01aa69")), [true, fromHex("aa69")]);
});

test("values that do not fit and bytes that are no key are refused", () => {
  const refused = (run: () => unknown): void => {
    assert.throws(run, (e) => e instanceof EncodingError && e.codespace === "store" && e.code === 2);
  };
  refused(() => uint64Key.encode(-1n));
  refused(() => uint64Key.encode(1n << 64n));
  refused(() => int64Key.encode(1n << 63n));
  refused(() => lengthPrefixedKey.encode(new Uint8Array(256)));
  refused(() => stringKey.encode("a\u0000b"));
  refused(() => uint64Key.decode(new Uint8Array(7), 0));
  refused(() => lengthPrefixedKey.decode(fromHex("02aa"), 0));
  refused(() => stringKey.decode(fromHex("6162"), 0));
  refused(() => boolKey.decode(fromHex("02"), 0));
  refused(() => pairKey(boolKey, uint64Key).decode(fromHex("01000000000000000500")));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { lastBytesKey, lastStringKey, lengthPrefixedKey, stringKey, uint64Key } from "../../../app/encoding/keys.ts";

test("parts of keys have their documented bytes", () => {
  assert.equal(toHex(uint64Key.encode(258n)), "0000000000000102");
  assert.equal(toHex(lengthPrefixedKey.encode(fromHex("aabb"))), "02aabb");
  assert.equal(toHex(stringKey.encode("ab")), "616200");
});

test("a last part takes the rest of the key", () => {
  assert.deepEqual(lastBytesKey.decode(fromHex("01aa69"), 1), { value: fromHex("aa69"), next: 3 });
  assert.deepEqual(lastStringKey.decode(fromHex("016869"), 1), { value: "hi", next: 3 });
});

test("values that do not fit and bytes that are no key are refused", () => {
  const refused = (run: () => unknown): void => {
    assert.throws(run, (e) => e instanceof EncodingError && e.codespace === "sdk" && e.code === 35);
  };
  refused(() => uint64Key.encode(-1n));
  refused(() => uint64Key.encode(1n << 64n));
  refused(() => lengthPrefixedKey.encode(new Uint8Array(256)));
  refused(() => stringKey.encode("a\u0000b"));
  refused(() => uint64Key.decode(new Uint8Array(7), 0));
  refused(() => lengthPrefixedKey.decode(fromHex("02aa"), 0));
  refused(() => stringKey.decode(fromHex("6162"), 0));
});

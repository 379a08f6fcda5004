import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "#sha256";
import { toHex } from "../../../app/encoding/bytes.ts";
import { sha256 as portable } from "../../../app/encoding/sha256Browser.ts";

test("Node's SHA-256 and that of pages give the same digests", () => {
  assert.equal(toHex(sha256(new TextEncoder().encode("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const message = Uint8Array.from({ length: 400 }, (_, i) => (i * 151) & 255);
  for (let length = 0; length <= message.length; length++) {
    // A part of a larger array, as most messages are.
    const part = message.subarray(message.length - length);
    assert.deepEqual(sha256(part), portable(part), `${length} bytes`);
  }
});

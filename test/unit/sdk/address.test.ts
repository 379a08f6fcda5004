import assert from "node:assert/strict";
import { test } from "node:test";
import { AddressError, createAddressCodec } from "#sdk";

const codec = createAddressCodec("hanzo");
const bytes = Uint8Array.from({ length: 20 }, (_, i) => 13 * i);
const text = codec.format(bytes);

test("the canonical text of an address is what its bytes are written as", () => {
  assert.deepEqual(codec.parse(text), bytes);
  assert.equal(codec.canonical(text), text);
  assert.equal(codec.canonical(text.toUpperCase()), text);
});

test("a text that is no address of the chain has no canonical text, for the reason that it has no bytes", () => {
  for (const wrong of ["", "hanzo1", `${text.slice(0, -1)}x`, createAddressCodec("cosmos").format(bytes), text.replace("h", "H")]) {
    assert.throws(() => codec.canonical(wrong), AddressError, wrong);
    assert.throws(() => codec.parse(wrong), AddressError, wrong);
  }
});

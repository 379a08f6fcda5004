import assert from "node:assert/strict";
import { test } from "node:test";
import { AddressError, createAddressCodec, withBareAddressErrors } from "#sdk";
import { encodeBech32 } from "../../../app/encoding/bech32.ts";
import { refused } from "../../harness/refused.ts";

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

test("where the SDK hands its codec's error on, its code is that: none, that of another prefix, or that of another length", () => {
  const parse = (given: string) => () => withBareAddressErrors(() => codec.parse(given));
  refused(parse("nobody"), "undefined/1", /^decoding bech32 failed/);
  refused(parse(" "), "undefined/1", /^empty address string is not allowed$/);
  refused(
    parse(createAddressCodec("cosmos").format(bytes)),
    "sdk/35",
    /^hrp does not match bech32 prefix: expected 'hanzo' got 'cosmos': internal logic error$/,
  );
  refused(parse(encodeBech32("hanzo", new Uint8Array(0))), "sdk/9", /^addresses cannot be empty: unknown address$/);
  assert.deepEqual(
    withBareAddressErrors(() => codec.parse(text)),
    bytes,
  );
});

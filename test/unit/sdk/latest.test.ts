import assert from "node:assert/strict";
import { test } from "node:test";
import { latest, type ValueCodec } from "../../../app/sdk/index.ts";

function countingCodec(): { readonly codec: ValueCodec<{ readonly text: string }>; decodes(): number } {
  let decoded = 0;
  return {
    codec: {
      encode: ({ text }) => new TextEncoder().encode(text),
      decode(bytes) {
        decoded++;
        return { text: new TextDecoder().decode(bytes) };
      },
      json: { proto: "test.Text" },
    },
    decodes: () => decoded,
  };
}

test("what was written or read last comes back without being decoded", () => {
  const { codec, decodes } = countingCodec();
  const one = latest(codec);
  const bytes = one.encode({ text: "a" });
  assert.deepEqual(one.decode(bytes), { text: "a" });
  assert.equal(decodes(), 0);
  const other = new TextEncoder().encode("b");
  assert.equal(one.decode(other), one.decode(other));
  assert.equal(decodes(), 1);
});

test("of two values in turns each is decoded again, and gives its own", () => {
  const { codec, decodes } = countingCodec();
  const one = latest(codec);
  const [a, b] = [one.encode({ text: "a" }), one.encode({ text: "b" })];
  for (let i = 0; i < 3; i++) assert.deepEqual([one.decode(a).text, one.decode(b).text], ["a", "b"]);
  assert.equal(decodes(), 6);
});

test("equal bytes in another array are decoded, and a walk leaves nothing behind", () => {
  const { codec, decodes } = countingCodec();
  const one = latest(codec);
  const bytes = one.encode({ text: "a" });
  assert.deepEqual(one.decode(bytes.slice()), { text: "a" });
  assert.equal(decodes(), 1);
  const last = one.encode({ text: "c" });
  assert.deepEqual(one.scan?.(bytes), { text: "a" });
  assert.deepEqual(one.decode(last), { text: "c" });
  assert.equal(decodes(), 2);
});

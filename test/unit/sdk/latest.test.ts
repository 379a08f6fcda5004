import assert from "node:assert/strict";
import { test } from "node:test";
import { latest, type ValueCodec, ValuePlace } from "../../../app/sdk/index.ts";

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

test("a reader's own place gives back what it read there before, and no other value", () => {
  const { codec, decodes } = countingCodec();
  const one = latest(codec);
  const [a, b] = ["a", "b"].map((text) => new TextEncoder().encode(text)) as [Uint8Array, Uint8Array];
  const [ofA, ofB] = [new ValuePlace<{ readonly text: string }>(), new ValuePlace<{ readonly text: string }>()];
  const first = one.decode(a, ofA);
  one.decode(b, ofB);
  assert.equal(decodes(), 2);
  assert.equal(one.decode(a, ofA), first);
  assert.equal(one.decode(a), first);
  assert.equal(one.decode(b, ofB).text, "b");
  assert.equal(decodes(), 2);
  // The entry has another value by now.
  const c = one.encode({ text: "c" });
  one.encode({ text: "d" });
  assert.deepEqual(one.decode(c, ofA), { text: "c" });
  assert.deepEqual([decodes(), ofA.value], [3, { text: "c" }]);
});

test("what was written last is at hand for the next one", () => {
  const { codec } = countingCodec();
  const seen: unknown[] = [];
  const one = latest<{ readonly text: string }>({
    ...codec,
    encode(value, near) {
      seen.push(near?.value);
      return codec.encode(value);
    },
  });
  for (const text of ["a", "b"]) one.encode({ text });
  one.decode(new TextEncoder().encode("x"));
  one.encode({ text: "c" });
  assert.deepEqual(seen, [undefined, { text: "a" }, { text: "x" }]);
});

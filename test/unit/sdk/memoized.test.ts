import assert from "node:assert/strict";
import { test } from "node:test";
import { kept, memoized, type ValueCodec } from "../../../app/sdk/index.ts";

interface Counted {
  readonly name: string;
  readonly parts: { readonly count: number };
}

function countingCodec(): { readonly codec: ValueCodec<Counted>; decodes(): number } {
  let decoded = 0;
  return {
    codec: {
      encode: ({ name, parts }) => new TextEncoder().encode(`${name} ${parts.count}`),
      decode(bytes) {
        decoded++;
        const [name = "", count] = new TextDecoder().decode(bytes).split(" ");
        return { name, parts: { count: Number(count) } };
      },
      json: { proto: "test.Counted" },
    },
    decodes: () => decoded,
  };
}

test("what was written comes back without being decoded", () => {
  const { codec, decodes } = countingCodec();
  const memo = memoized(codec);
  const bytes = memo.encode({ name: "a", parts: { count: 1 } });
  assert.deepEqual(memo.decode(bytes), { name: "a", parts: { count: 1 } });
  assert.equal(decodes(), 0);
});

test("equal bytes are decoded once, others each time", () => {
  const { codec, decodes } = countingCodec();
  const memo = memoized(codec);
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  for (let i = 0; i < 5; i++) assert.equal(memo.decode(bytes("a 1")).parts.count, 1);
  assert.equal(decodes(), 1);
  assert.equal(memo.decode(bytes("a 2")).parts.count, 2);
  assert.equal(memo.decode(bytes("a 1")).parts.count, 1);
  assert.equal(decodes(), 3);
});

test("a value that was read once is found again by its array, and by bytes that a caller has not overwritten", () => {
  const { codec, decodes } = countingCodec();
  const memo = memoized(codec);
  const read = new TextEncoder().encode("a 1");
  const first = memo.decode(read);
  memo.decode(new TextEncoder().encode("b 2"));
  assert.equal(memo.decode(read), first);
  assert.equal(decodes(), 2);
  const other = new TextEncoder().encode("c 1");
  memo.decode(other);
  other[2] = "2".charCodeAt(0);
  assert.equal(memo.decode(new TextEncoder().encode("c 2")).parts.count, 2);
  assert.equal(memo.decode(new TextEncoder().encode("c 1")).parts.count, 1);
});

test("what a walk reads is not remembered, and what is remembered shows in it", () => {
  const { codec, decodes } = countingCodec();
  const memo = memoized(codec);
  const [known, walked] = [new TextEncoder().encode("a 1"), new TextEncoder().encode("b 2")];
  const value = memo.decode(known);
  assert.equal(memo.scan?.(known), value);
  memo.scan?.(walked);
  memo.scan?.(walked);
  assert.equal(decodes(), 3);
});

test("a value is remembered with its bytes, which look as before to everybody else, and goes with them", () => {
  const { codec, decodes } = countingCodec();
  const memo = memoized(codec);
  const first = memo.encode({ name: "a", parts: { count: 0 } });
  for (let i = 1; i < 20_000; i++) memo.encode({ name: "a", parts: { count: i } });
  assert.equal(memo.decode(first).parts.count, 0);
  assert.equal(decodes(), 0);
  assert.deepEqual(first, new TextEncoder().encode("a 0"));
  assert.equal(memo.decode(structuredClone(first)).parts.count, 0);
  assert.equal(decodes(), 1);
});

test("two codecs do not take each other's values for theirs", () => {
  const [one, other] = [countingCodec(), countingCodec()];
  const [a, b] = [kept(one.codec), kept({ ...other.codec, decode: (bytes) => ({ ...other.codec.decode(bytes), name: "b" }) })];
  const bytes = a.encode({ name: "a", parts: { count: 1 } });
  for (let i = 0; i < 2; i++) assert.deepEqual([b.decode(bytes).name, b.decode(bytes).name, a.decode(bytes).name], ["b", "b", "a"]);
  assert.deepEqual([one.decodes(), other.decodes()], [2, 2]);
});

test("shared values are frozen to the bottom, so that no handler can change what the next one reads", () => {
  const { codec } = countingCodec();
  const memo = memoized(codec);
  const value = memo.decode(new TextEncoder().encode("a 1")) as { name: string; parts: { count: number } };
  assert.throws(() => {
    value.name = "b";
  }, TypeError);
  assert.throws(() => {
    value.parts.count = 2;
  }, TypeError);
});

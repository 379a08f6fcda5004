import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteSlots } from "../../../app/encoding/byteSlots.ts";

const key = (i: number): Uint8Array => Uint8Array.of(2, 0, 0, i >> 8, i & 255);
const value = (i: number): Uint8Array => Uint8Array.of(i & 255, i >> 8);

test("two keys with the same places stay, the third takes the place of the older one", () => {
  const slots = new ByteSlots(2, 5, 2);
  slots.set(key(1), value(1));
  slots.set(key(2), value(2));
  assert.deepEqual([slots.find(key(1)), slots.find(key(2))], [value(1), value(2)]);
  slots.set(key(3), value(3));
  assert.deepEqual([slots.find(key(1)), slots.find(key(2)), slots.find(key(3))], [undefined, value(2), value(3)]);
});

test("nothing is found where nobody is, not even under zeros", () => {
  const slots = new ByteSlots(4, 5, 2);
  assert.equal(slots.find(new Uint8Array(5)), undefined);
  slots.set(key(1), value(1));
  assert.equal(slots.find(new Uint8Array(5)), undefined);
});

test("what is found is a copy", () => {
  const slots = new ByteSlots(4, 5, 2);
  slots.set(key(1), value(1));
  slots.find(key(1))?.fill(9);
  assert.deepEqual(slots.find(key(1)), value(1));
});

test("what is found is what was said of the key, in any number of places", () => {
  const slots = new ByteSlots(64, 5, 2);
  let found = 0;
  for (let round = 0; round < 3; round++)
    for (let i = 0; i < 200; i++) {
      const known = slots.find(key(i % 50));
      if (known === undefined) slots.set(key(i % 50), value(i % 50));
      else {
        found++;
        assert.deepEqual(known, value(i % 50));
      }
    }
  assert.ok(found > 200, `most of 600 found expected, got ${found}`);
});

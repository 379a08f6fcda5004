import assert from "node:assert/strict";
import { test } from "node:test";
import { TextSlots } from "../../../app/encoding/textSlots.ts";

test("two texts with the same places stay, the third takes the place of the older one", () => {
  const slots = new TextSlots<number>(2);
  slots.set("a", 1);
  slots.set("b", 2);
  assert.deepEqual([slots.find("a"), slots.find("b")], [1, 2]);
  slots.set("c", 3);
  assert.deepEqual([slots.find("a"), slots.find("b"), slots.find("c")], [undefined, 2, 3]);
});

test("what is found is what was last said of a text, in any number of places", () => {
  const slots = new TextSlots<string>(64);
  let found = 0;
  for (let round = 0; round < 3; round++)
    for (let i = 0; i < 200; i++) {
      const text = `text ${i % 50}`;
      const value = slots.find(text);
      if (value === undefined) slots.set(text, `of ${text}`);
      else {
        found++;
        assert.equal(value, `of ${text}`);
      }
    }
  assert.ok(found > 200, `most of 600 found expected, got ${found}`);
});

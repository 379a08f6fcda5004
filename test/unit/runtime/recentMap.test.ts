import assert from "node:assert/strict";
import { test } from "node:test";
import { createRecentMap } from "../../../app/runtime/recentMap.ts";

test("what was set or asked for lately stays, and never more than two generations", () => {
  const map = createRecentMap<number>(3);
  for (let i = 0; i < 100; i++) {
    map.set(String(i), i);
    assert.equal(map.find("0"), 0, `asked for again and again, after ${i}`);
    assert.equal(map.find(String(i)), i);
    if (i >= 2) assert.equal(map.find(String(i - 1)), i - 1);
  }
  const held = Array.from({ length: 100 }, (_, i) => map.find(String(i))).filter((value) => value !== undefined);
  assert.ok(held.length <= 6, `${held.length} held`);
});

test("an entry that was set again has its new value, whichever generation the old one was in", () => {
  const map = createRecentMap<string>(1);
  map.set("a", "old");
  map.set("b", "b");
  map.set("a", "new");
  assert.equal(map.find("a"), "new");
  map.set("c", "c");
  assert.equal(map.find("a"), "new");
  assert.equal(map.find("never"), undefined);
});

test("what was forgotten is in neither generation", () => {
  const map = createRecentMap<string>(1);
  map.set("a", "a");
  map.set("b", "b");
  map.delete("a");
  map.delete("b");
  map.delete("never");
  assert.deepEqual([map.find("a"), map.find("b")], [undefined, undefined]);
});

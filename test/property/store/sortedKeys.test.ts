import assert from "node:assert/strict";
import { test } from "node:test";
import { SortedKeys } from "../../../app/store/sortedKeys.ts";
import { fc } from "../../harness/fastCheck.ts";

const name = (number: number): string => String.fromCharCode(number & 255, number >>> 8);
const move = fc.oneof(
  fc.record({ op: fc.constant("add" as const), from: fc.nat(4000), count: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ op: fc.constant("delete" as const), from: fc.nat(4000), count: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ op: fc.constant("walk" as const), from: fc.nat(4500), count: fc.integer({ min: 1, max: 60 }) }),
);

/** Keys `from` to `from + count`, in an order that is not theirs. */
function mixed(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => name(from + ((index * 7919) % count)));
}

function walk(keys: SortedKeys, sorted: readonly string[], from: string, count: number): void {
  const cursor = { run: 0, index: 0 };
  keys.seek(cursor, from);
  let at = sorted.findIndex((key) => key >= from);
  if (at < 0) at = sorted.length;
  for (let step = 0; step < count; step += 1) {
    assert.equal(keys.at(cursor), sorted[at]);
    if (at < sorted.length) keys.next(cursor);
    at = Math.min(at + 1, sorted.length);
  }
  if (from > name(2000)) keys.seekEnd(cursor);
  else keys.seek(cursor, from);
  at = from > name(2000) ? sorted.length : sorted.filter((key) => key < from).length;
  for (let step = 0; step < count && at >= 0; step += 1) {
    assert.equal(keys.at(cursor), sorted[at]);
    keys.previous(cursor);
    at -= 1;
  }
  if (at < 0) assert.equal(keys.at(cursor), undefined);
}

test("Sorted keys walk up and down like a sorted array, through runs that split, empty and are rebuilt", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30, size: "max" }), (moves) => {
      const keys = new SortedKeys();
      const model = new Set<string>();
      for (const { op, from, count } of moves) {
        if (op === "walk") {
          walk(keys, [...model].sort(), name(from), count);
          continue;
        }
        for (const key of mixed(from, count)) {
          if (op === "add" && !model.has(key)) keys.add(key);
          if (op === "delete" && model.has(key)) keys.delete(key);
          if (op === "add") model.add(key);
          else model.delete(key);
        }
      }
      assert.deepEqual(keys.all().flat(), [...model].sort());
    }),
    { seed: 20261124, numRuns: 60 },
  );
});

test("Every change of the order is counted, so that a cursor knows when to seek again", () => {
  const keys = new SortedKeys();
  keys.add("b");
  keys.add("a");
  keys.settle();
  const { edits } = keys;
  keys.settle();
  assert.equal(keys.edits, edits);
  keys.delete("b");
  assert.notEqual(keys.edits, edits);
  assert.deepEqual(keys.all().flat(), ["a"]);
});

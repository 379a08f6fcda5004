import assert from "node:assert/strict";
import { test } from "node:test";
import { ReaderSlots } from "../../../app/store/readerSlots.ts";

test("pruning sees the lowest announced version in whatever slot it stands, of any thread, until it is released", () => {
  const slots = new ReaderSlots();
  const elsewhere = new ReaderSlots(slots.buffer);
  assert.equal(slots.raiseFloor(3n), 3n);
  const held = Array.from({ length: 40 }, (_, i) => elsewhere.announce(BigInt(50 - i)));
  assert.deepEqual(
    held,
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  assert.equal(slots.raiseFloor(60n), 11n);
  elsewhere.release(held[39] ?? 0);
  assert.equal(slots.raiseFloor(60n), 12n);
  for (const slot of held.slice(0, 39)) elsewhere.release(slot);
  assert.equal(slots.raiseFloor(61n), 61n);
});

test("a version below the floor is refused and leaves no announcement; nor does a reader too many", () => {
  const slots = new ReaderSlots();
  slots.raiseFloor(10n);
  assert.throws(() => slots.announce(9n), { codespace: "store", code: 7 });
  assert.equal(slots.raiseFloor(12n), 12n);
  const held = Array.from({ length: 256 }, () => slots.announce(12n));
  assert.throws(() => slots.announce(12n), { codespace: "store", code: 18 });
  assert.equal(slots.raiseFloor(20n), 12n);
  for (const slot of held) slots.release(slot);
  assert.equal(slots.raiseFloor(20n), 20n);
});

// Waits that end, and what they leave.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isAnythingLeft, within } from "../../../app/threads/within.ts";

test("what ends in time is as if it had been awaited", async () => {
  assert.equal(await within(Promise.resolve(3), 60_000, "it"), 3);
  await assert.rejects(within(Promise.reject(new Error("why")), 60_000, "it"), /^Error: why$/);
  assert.ok(!isAnythingLeft());
});

test("what does not end is given up, and is left until it ends after all", async () => {
  let end: () => void = () => assert.fail("not begun");
  const work = new Promise<void>((resolve) => {
    end = resolve;
  });
  await assert.rejects(within(work, 1, "the work"), /^Error: the work did not end within 1 ms$/);
  assert.ok(isAnythingLeft());
  end();
  await nextTurn();
  assert.ok(!isAnythingLeft());
});

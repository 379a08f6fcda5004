import assert from "node:assert/strict";
import { test } from "node:test";
import { derived, type ReadCtx } from "#sdk";

const ctx = {} as ReadCtx;

test("what was worked out holds for as long as every source is what it was", () => {
  const stamps = [1, 5];
  let worked = 0;
  const value = derived(
    stamps.map((_, i) => ({ stamp: () => stamps[i] })),
    () => ++worked,
  );
  assert.deepEqual([value(ctx), value(ctx)], [1, 1]);
  stamps[1] = 6;
  assert.deepEqual([value(ctx), value(ctx)], [2, 2]);
  stamps[0] = 7;
  assert.equal(value(ctx), 3);
});

test("where a source cannot tell, it is worked out each time, and what was remembered is not lost", () => {
  let stamp: number | undefined = 1;
  let worked = 0;
  const value = derived([{ stamp: () => stamp }], () => ++worked);
  assert.equal(value(ctx), 1);
  stamp = undefined;
  assert.deepEqual([value(ctx), value(ctx)], [2, 3]);
  stamp = 1;
  assert.equal(value(ctx), 1);
});

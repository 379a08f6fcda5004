import assert from "node:assert/strict";
import { test } from "node:test";
import { searchDrift } from "./definitions/drift.ts";

test("P2.6: H never falls in 20,000 random swaps on 40 pools, and rounding makes it rise", () => {
  const { swaps, pools, fall, rises } = searchDrift(20_000, 20261124, 500);
  assert.equal(fall, undefined);
  assert.deepEqual([swaps, pools], [20_000, 40]);
  assert.ok(rises > 10_000, `${rises} swaps raised H`);
});

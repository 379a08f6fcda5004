import assert from "node:assert/strict";
import { test } from "node:test";
import { testShort } from "./definitions/runShort.ts";
import { sequentialRises, stabilityProperties } from "./definitions/stability.ts";

testShort(stabilityProperties);

test("P13.2: the same markets traded one order after the other do move pools away from that price", () => {
  const rises = sequentialRises(20261124, 200);
  assert.ok(rises >= 20 && rises < 200, `W rose in ${rises} of 200 markets`);
});

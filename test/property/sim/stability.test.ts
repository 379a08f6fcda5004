import assert from "node:assert/strict";
import { test } from "node:test";
import { countRestlessMarkets, simProperties } from "./definitions.ts";

const SEED = 20261124;

for (const { name, claim, shortRuns, run } of simProperties) test(`${name}: ${claim}`, () => run(shortRuns, SEED));

test("P13, the control: W rises in many of the same markets when one order runs after the other", () => {
  const restless = countRestlessMarkets(200, SEED);
  assert.ok(restless >= 20, `in ${restless} of 200 markets`);
});

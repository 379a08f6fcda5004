import assert from "node:assert/strict";
import { test } from "node:test";
import type { Property } from "./property.ts";

/** Every run of the tests looks at the same cases. */
const SEED = 20261124;

/** Registers the short form of properties as tests. */
export function testShort(properties: readonly Property[]): void {
  for (const { name, claim, shortRuns, search } of properties) {
    test(`${name}: ${claim}`, () => {
      const failure = search({ seed: SEED, runs: shortRuns });
      if (failure !== undefined) assert.fail(failure);
    });
  }
}

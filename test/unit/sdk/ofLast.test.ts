import assert from "node:assert/strict";
import { test } from "node:test";
import { ofLast } from "#sdk";

test("what follows from an object is worked out again for another one only, equal or not", () => {
  let worked = 0;
  const double = ofLast(({ n }: { readonly n: number }) => {
    worked++;
    return 2 * n;
  });
  const [one, same, two] = [{ n: 1 }, { n: 1 }, { n: 2 }];
  assert.deepEqual([one, one, same, two, two, one].map(double), [2, 2, 2, 4, 4, 2]);
  assert.equal(worked, 4);
});

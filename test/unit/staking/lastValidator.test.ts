import assert from "node:assert/strict";
import { it } from "node:test";
import { refused } from "../../harness/refused.ts";
import { createStakingBench, UNIT } from "../../harness/stakingBench.ts";

it("nobody can empty the validator set", () => {
  const chain = createStakingBench({ validators: { ann: 3n * UNIT, ben: 2n * UNIT }, accounts: ["cat"] });
  chain.undelegate("ben", "ben", 2n * UNIT);
  refused(() => chain.undelegate("ann", "ann", 3n * UNIT), "staking/64", /got none/);
  refused(() => chain.undelegate("ann", "ann", 2n * UNIT + 1n), "staking/64");
  chain.undelegate("ann", "ann", 2n * UNIT);
  chain.end();
  assert.deepEqual(chain.bench.broken(), []);
});

it("the last validator's stake may move to another one", () => {
  const chain = createStakingBench({ validators: { ann: 3n * UNIT }, accounts: ["cat"] });
  chain.create("cat", 1n);
  chain.redelegate("ann", "ann", "cat", 3n * UNIT);
  assert.deepEqual(
    chain.end().updates.map(({ power }) => power),
    [3n, 0n],
  );
  assert.deepEqual(chain.bench.broken(), []);
});

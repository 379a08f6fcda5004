import assert from "node:assert/strict";
import { test } from "node:test";
import { type Ctx, withoutGas } from "#sdk";
import { staking } from "../../../modules/staking/index.ts";
import { createStakingBench, operatorOf, UNIT } from "../../harness/stakingBench.ts";

test("a validator is found by its consensus address as it is now, whatever was remembered of it", () => {
  const chain = createStakingBench({
    validators: { ann: 3n * UNIT, ben: 2n * UNIT },
    accounts: ["cat"],
    params: { keyRotationFee: { denom: "atest", amount: "1" } },
  });
  const { findValidator, findByConsAddress } = chain.bench.facet(staking, "view");
  // As block hooks ask, for whom nobody pays.
  const find = (cons: Uint8Array) => findByConsAddress(withoutGas(chain.bench.ctx) as Ctx, cons);
  const consOf = (name: string): Uint8Array => findValidator(chain.bench.ctx, operatorOf(name))?.consAddress ?? assert.fail(name);
  const [ann, ben] = [consOf("ann"), consOf("ben")];
  const cat = new Uint8Array(20).fill(1);
  assert.deepEqual([find(ann)?.jailed, find(ben)?.tokens, find(cat)], [false, 2n * UNIT, undefined]);
  chain.jail("ann");
  assert.equal(find(ann)?.jailed, true);
  chain.delegate("cat", "ben", 5n);
  assert.equal(find(ben)?.tokens, 2n * UNIT + 5n);
  chain.unjail("ann");
  assert.equal(find(ann)?.jailed, false);
  chain.create("cat", UNIT);
  assert.equal(find(consOf("cat"))?.operator, operatorOf("cat"));
  chain.rotate("ben", "dan");
  for (let i = 0; i < 3; i++) chain.end();
  const now = consOf("ben");
  assert.notDeepEqual(now, ben);
  assert.deepEqual([find(now)?.operator, find(ben)], [operatorOf("ben"), undefined]);
});

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

test("the signers of a commit are the same list until a validator or the commit changes", () => {
  const chain = createStakingBench({ validators: { ann: 3n * UNIT, ben: 2n * UNIT } });
  const { findValidator, findSigners } = chain.bench.facet(staking, "view");
  const consOf = (name: string): Uint8Array => findValidator(chain.bench.ctx, operatorOf(name))?.consAddress ?? assert.fail(name);
  const signers = (...addresses: readonly Uint8Array[]) =>
    findSigners(
      withoutGas(chain.bench.ctx) as Ctx,
      addresses.map((address) => ({ address: address.slice() })),
    );
  const [ann, ben, cat] = [consOf("ann"), consOf("ben"), new Uint8Array(20).fill(1)];
  const operators = (list: ReturnType<typeof signers>) => list.map((signer) => signer?.operator);
  const first = signers(ann, ben, cat);
  assert.deepEqual(operators(first), [operatorOf("ann"), operatorOf("ben"), undefined]);
  assert.equal(signers(ann, ben, cat), first);
  assert.deepEqual(operators(signers(ben, ann)), [operatorOf("ben"), operatorOf("ann")]);
  assert.deepEqual(operators(signers(ben, cat)), [operatorOf("ben"), undefined]);
  const before = signers(ann, ben);
  chain.jail("ann");
  const after = signers(ann, ben);
  assert.deepEqual([before[0]?.jailed, after[0]?.jailed], [false, true]);
  assert.equal(after[1], before[1], "who did not change is the same object");
});

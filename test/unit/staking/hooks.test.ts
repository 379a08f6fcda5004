import assert from "node:assert/strict";
import { it } from "node:test";
import { defineModule, toHex } from "#sdk";
import { staking } from "../../../modules/staking/index.ts";
import { accountOf, createStakingBench, operatorOf, type StakingBench, UNBONDING_NS, UNIT } from "../../harness/stakingBench.ts";

/** A module that notes every hook with its arguments. */
function listening(): { chain: StakingBench; calls: () => readonly string[] } {
  const calls: string[] = [];
  const names = new Map(
    ["ann", "ben", "cat"].flatMap((name) => [
      [accountOf(name), name],
      [operatorOf(name), name],
    ]),
  );
  const note =
    (hook: string) =>
    (_ctx: unknown, ...args: readonly unknown[]) =>
      void calls.push(
        `${hook}(${args.map((arg) => (arg instanceof Uint8Array ? `${toHex(arg).length / 2} bytes` : (names.get(String(arg)) ?? String(arg)))).join(", ")})`,
      );
  const listener = defineModule({
    name: "listener",
    version: 1,
    needs: { staking: staking.facet("view") },
    state: {},
    on: () => ({ staking: Object.fromEntries(Object.keys(staking.hooks).map((hook) => [hook, note(hook)])) }),
  });
  const chain = createStakingBench({ validators: { ann: 3n * UNIT }, accounts: ["ben", "cat"], listeners: [listener] });
  return { chain, calls: () => calls.splice(0) };
}

it("hooks are called in the Cosmos SDK's order", () => {
  const { chain, calls } = listening();
  assert.deepEqual(calls(), [
    "afterValidatorCreated(ann)",
    "beforeDelegationCreated(ann, ann)",
    "afterDelegationModified(ann, ann)",
    "afterValidatorBonded(20 bytes, ann)",
  ]);
  chain.create("ben", UNIT);
  calls();
  chain.delegate("cat", "ann", 10n);
  chain.delegate("cat", "ann", 10n);
  chain.undelegate("cat", "ann", 5n);
  assert.deepEqual(calls(), [
    "beforeDelegationCreated(cat, ann)",
    "afterDelegationModified(cat, ann)",
    "beforeDelegationSharesModified(cat, ann, true)",
    "afterDelegationModified(cat, ann)",
    "beforeDelegationSharesModified(cat, ann, true)",
    "afterDelegationModified(cat, ann)",
    "afterUnbondingInitiated(1)",
  ]);
  chain.redelegate("cat", "ann", "ben", 15n);
  assert.deepEqual(calls(), [
    "beforeDelegationSharesModified(cat, ann, true)",
    "beforeDelegationRemoved(cat, ann)",
    "beforeDelegationCreated(cat, ben)",
    "afterDelegationModified(cat, ben)",
    "afterUnbondingInitiated(2)",
  ]);
});

it("hooks of slashes, of leaving the set and of being forgotten", () => {
  const { chain, calls } = listening();
  chain.create("ben", UNIT);
  chain.end();
  chain.delegate("cat", "ann", 100n);
  const fault = chain.bench.ctx.height;
  chain.redelegate("cat", "ann", "ben", 100n);
  chain.end();
  calls();
  chain.slash("ann", fault, 3n, 10n ** 17n);
  assert.deepEqual(calls(), [
    "beforeValidatorModified(ann)",
    "beforeDelegationSharesModified(cat, ben, false)",
    "afterDelegationModified(cat, ben)",
    "beforeValidatorSlashed(ann, 99996666666666667)",
  ]);
  chain.undelegate("ben", "ben", UNIT);
  chain.undelegate("cat", "ben", 90n);
  calls();
  chain.end(UNBONDING_NS);
  assert.deepEqual(calls(), ["afterValidatorBeginUnbonding(20 bytes, ben)", "afterUnbondingInitiated(4)"]);
  chain.end();
  assert.deepEqual(calls(), ["afterValidatorRemoved(20 bytes, ben, false)"]);
});

it("an edit of the commission is told before", () => {
  const { chain, calls } = listening();
  chain.end(86_400n * 1_000_000_000n);
  calls();
  chain.bench.send("/cosmos.staking.v1beta1.MsgEditValidator", {
    validatorAddress: operatorOf("ann"),
    description: { moniker: "[do-not-modify]" },
    commissionRate: "100000000000000000",
  });
  assert.deepEqual(calls(), ["beforeValidatorModified(ann)"]);
});

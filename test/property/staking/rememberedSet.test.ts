// What block hooks remember of the validator set only saves time: updates, events and state are those of hooks that remember nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ModuleError, moduleAddress } from "#sdk";
import { createAddressCodec } from "../../../app/sdk/address.ts";
import { fc } from "../../harness/fastCheck.ts";
import { createStakingBench, type StakingBench, UNBONDING_NS, UNIT } from "../../harness/stakingBench.ts";

const NAMES = ["ann", "ben", "cat"] as const;
const AUTHORITY = createAddressCodec("test").format(moduleAddress("gov"));
const name = fc.constantFrom(...NAMES);
const amount = fc.oneof(fc.bigInt(1n, 5n), fc.bigInt(1n, 3n * UNIT));
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("delegate" as const, "undelegate" as const), name, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("jail" as const, "unjail" as const), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rotate" as const), name, key: fc.constantFrom("one", "two", "three") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("create" as const), name: fc.constantFrom("eve", "fay"), amount }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("size" as const), most: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("end" as const), afterNs: fc.constantFrom(1n, 1n, UNBONDING_NS / 2n, UNBONDING_NS + 1n) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Does a step. @returns what came of it, as far as it can be seen */
function act(chain: StakingBench, move: Step): unknown {
  try {
    switch (move.kind) {
      case "end":
        return chain.end(move.afterNs);
      case "delegate":
        return chain.delegate("rich", move.name, move.amount);
      case "undelegate":
        return chain.undelegate("rich", move.name, move.amount);
      case "create":
        return chain.create(move.name, move.amount);
      case "rotate":
        return chain.rotate(move.name, move.key);
      case "size": {
        const { params } = chain.bench.query("/cosmos.staking.v1beta1.Query/Params", {}) as { readonly params: object };
        const changed = { ...params, maxValidators: move.most };
        return chain.bench.send("/cosmos.staking.v1beta1.MsgUpdateParams", { authority: AUTHORITY, params: changed });
      }
      default:
        return chain[move.kind](move.name);
    }
  } catch (error) {
    if (error instanceof ModuleError) return error.message;
    throw error;
  }
}

test("blocks of staking are the same with and without what their hooks remember", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60, size: "max" }), (steps) => {
      const [remembering, forgetful] = [false, true].map((isForgetful) =>
        createStakingBench({
          validators: { ann: 3n * UNIT, ben: 2n * UNIT, cat: UNIT },
          accounts: ["rich", "eve", "fay"],
          params: { historicalEntries: 3, keyRotationFee: { denom: "atest", amount: "1" } },
          forgetful: isForgetful,
        }),
      ) as [StakingBench, StakingBench];
      for (const [i, move] of steps.entries()) {
        assert.deepEqual(act(remembering, move), act(forgetful, move), `step ${i}`);
        if (move.kind === "end") assert.deepEqual(remembering.bench.store("staking").dump(), forgetful.bench.store("staking").dump());
      }
    }),
    { seed: 20_261_129, numRuns: 40 },
  );
});

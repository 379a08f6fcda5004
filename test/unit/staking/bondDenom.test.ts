import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAddressCodec, moduleAddress } from "#sdk";
import { TEST_CHAIN } from "../../harness/moduleBench.ts";
import { refused } from "../../harness/refused.ts";
import { createStakingBench, type StakingBench, UNBONDING_NS, UNIT } from "../../harness/stakingBench.ts";

const AUTHORITY = createAddressCodec(TEST_CHAIN.bech32Prefix).format(moduleAddress("gov"));

function update(chain: StakingBench, changes: object, authority = AUTHORITY): object {
  const { params } = chain.bench.query("/cosmos.staking.v1beta1.Query/Params", {}) as { params: object };
  return chain.bench.send("/cosmos.staking.v1beta1.MsgUpdateParams", { authority, params: { ...params, ...changes } });
}

describe("the staked denomination", () => {
  // Once a vote changed it under stake, the pools held nothing of what they owed: poolsHoldTheStake was broken, and withdrawals could not be paid.
  it("stays while anything is staked", () => {
    const chain = createStakingBench({ validators: { ann: 3n * UNIT } });
    refused(() => update(chain, { bondDenom: "other" }), "sdk/18");
    assert.throws(
      () => update(chain, { bondDenom: "other" }),
      /bond_denom atest expected while 3000000atest are staked or being withdrawn, got other/,
    );
    update(chain, { bondDenom: TEST_CHAIN.baseDenom, maxEntries: 5 });
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("stays while something is being withdrawn, and changes when nothing is", () => {
    const chain = createStakingBench({ validators: {}, accounts: ["ann"] });
    chain.create("ann", UNIT / 2n);
    chain.delegate("ann", "ann", 5n);
    refused(() => update(chain, { bondDenom: "other" }), "sdk/18");
    chain.undelegate("ann", "ann", UNIT / 2n + 5n);
    refused(() => update(chain, { bondDenom: "other" }), "sdk/18");
    chain.end(UNBONDING_NS);
    chain.end();
    update(chain, { bondDenom: "other" });
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("is nobody's to change but the authority's", () => {
    const chain = createStakingBench();
    refused(() => update(chain, { bondDenom: "other" }, chain.bench.account("ann")), "gov/13");
    refused(() => chain.bench.send("/cosmos.staking.v1beta1.MsgUpdateParams", { authority: AUTHORITY }), "sdk/18");
    refused(() => update(chain, { bondDenom: "a" }), "undefined/1");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { distribution } from "../../../modules/distribution/index.ts";
import { DEFAULT_PARAMS } from "../../../modules/distribution/params.ts";
import { staking } from "../../../modules/staking/index.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";
import { refused } from "../../harness/refused.ts";
import { createRewardsBench, GOV, moduleAccount, type RewardsBench } from "../../harness/rewardsBench.ts";
import { accountOf, operatorOf, UNIT } from "../../harness/stakingBench.ts";

/** A chain that has lived: rewards, a slash, another account for rewards. */
function lived(): RewardsBench {
  const chain = createRewardsBench({ validators: { ann: 3n * UNIT, ben: UNIT }, accounts: ["cat"] });
  chain.delegate("cat", "ben", UNIT / 3n);
  chain.message("SetWithdrawAddress", { delegatorAddress: accountOf("cat"), withdrawAddress: accountOf("ann") });
  chain.share(1001n);
  chain.slash("ben", chain.bench.ctx.height, 1n, 10n ** 17n);
  chain.share(999n);
  return chain;
}

const empty = (): Bench => {
  const bench = createBench({ modules: [auth, bank, consensus, staking, distribution] });
  bench.init("auth");
  return bench;
};

/** The store without what accrues. */
const records = (bench: Bench): readonly unknown[] =>
  bench
    .store("distribution")
    .dump()
    .filter(([key]) => !["0a", "0b"].includes(key));

describe("genesis of x/distribution", () => {
  it("comes back to the same numbers, with what has accrued in the records", () => {
    const chain = lived();
    const { bench } = chain;
    const genesis = bench.exportGenesis("distribution") as object;
    const other = empty();
    other.init("bank", bench.exportGenesis("bank") as object);
    other.init("distribution", genesis);
    assert.deepEqual(other.exportGenesis("distribution"), genesis);
    assert.notDeepEqual(records(other), records(bench));
    // Validators that no longer vote have nothing accrued.
    chain.share(0n, {});
    assert.deepEqual(bench.exportGenesis("distribution"), genesis);
    assert.deepEqual(records(other), records(bench));
  });

  it("is refused when the account does not hold what is booked", () => {
    const pool = { feePool: { communityPool: [{ denom: "atest", amount: "1500000000000000000" }] } };
    refused(() => empty().init("distribution", pool), "sdk/18", /balance does not match the module holdings: {2}<-> 1atest/);
    const bench = empty();
    bench.init("bank", { balances: [{ address: moduleAccount("distribution"), coins: [{ denom: "atest", amount: "1" }] }] });
    bench.init("distribution", pool);
    assert.deepEqual(bench.broken(), []);
  });

  for (const [name, genesis, reason] of [
    [
      "a bad operator",
      { outstandingRewards: [{ validatorAddress: accountOf("ann"), outstandingRewards: [] }] },
      /outstanding_rewards\[0\].validator_address/,
    ],
    [
      "a bad delegator",
      { delegatorWithdrawInfos: [{ delegatorAddress: "x", withdrawAddress: accountOf("ann") }] },
      /delegator_withdraw_infos\[0\].delegator_address/,
    ],
    [
      "a pool below zero",
      { feePool: { communityPool: [{ denom: "atest", amount: "-1" }] } },
      /fee_pool.community_pool: coin .* is not positive/,
    ],
    ["a bad proposer", { previousProposer: operatorOf("ann") }, /previous_proposer/],
    ["a tax above everything", { params: { ...DEFAULT_PARAMS, communityTax: `1${"0".repeat(17)}1` } }, /community tax too large/],
  ] as readonly (readonly [string, object, RegExp])[]) {
    const code = "params" in genesis ? "undefined/1" : "sdk/18";
    it(`with ${name} is refused`, () => refused(() => empty().init("distribution", genesis), code, reason));
  }
});

describe("parameters of x/distribution", () => {
  const update = (change: object) => () =>
    lived().message("UpdateParams", {
      authority: GOV,
      params: { ...DEFAULT_PARAMS, ...change },
    });
  it("are refused with a tax that is no fraction and with rewards of proposers", () => {
    refused(update({ communityTax: "-1" }), "undefined/1", /community tax must be positive/);
    refused(update({ communityTax: "1000000000000000001" }), "undefined/1", /community tax too large: 1.000000000000000001/);
    refused(update({ communityTax: "" }), "undefined/1", /community tax must be not nil/);
    refused(update({ baseProposerReward: "1" }), "sdk/18", /deprecated/);
    const params = { ...DEFAULT_PARAMS, communityTax: "-1" };
    refused(() => lived().message("UpdateParams", { authority: accountOf("ann"), params }), "gov/13");
    assert.deepEqual(update({ communityTax: "1000000000000000000" })(), {});
  });
});

describe("an export for height 1", () => {
  it("pays everything out and begins the books anew", () => {
    const chain = lived();
    const { bench } = chain;
    const before = ["ann", "ben", "cat"].map((name) => chain.balance(name));
    bench.module("distribution").genesis?.handlers.prepareZeroHeight?.(bench.ctx);
    assert.deepEqual(bench.broken(), []);
    const paid = ["ann", "ben", "cat"].reduce((sum, name, i) => sum + chain.balance(name) - (before[i] ?? 0n), 0n);
    assert.ok(paid > 1900n && paid <= 1960n, `${paid}`);
    const genesis = bench.exportGenesis("distribution") as {
      readonly validatorSlashEvents: readonly object[];
      readonly delegatorStartingInfos: readonly { readonly startingInfo: { readonly height: bigint } }[];
      readonly outstandingRewards: readonly { readonly outstandingRewards: readonly object[] }[];
    };
    assert.deepEqual(genesis.validatorSlashEvents, []);
    assert.deepEqual(
      genesis.delegatorStartingInfos.map(({ startingInfo }) => startingInfo.height),
      [0n, 0n, 0n],
    );
    assert.ok(genesis.outstandingRewards.every(({ outstandingRewards }) => outstandingRewards.length === 0));
    // The next chain earns from its first rewards on.
    chain.share(100n);
    assert.notEqual(chain.pending("cat", "ben"), "");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bank } from "../../../modules/bank/index.ts";
import { distribution } from "../../../modules/distribution/index.ts";
import { eventLines } from "../../harness/moduleBench.ts";
import { refused } from "../../harness/refused.ts";
import { COLLECTOR, createRewardsBench, GOV, moduleAccount, type RewardsBench } from "../../harness/rewardsBench.ts";
import { accountOf, coin, operatorOf, UNIT } from "../../harness/stakingBench.ts";

const begin = (): RewardsBench => createRewardsBench({ validators: { ann: 3n * UNIT, ben: UNIT }, accounts: ["cat", "dan"] });
const holdings = (chain: RewardsBench): bigint =>
  chain.bench.facet(bank, "view").balance(chain.bench.ctx, moduleAccount("distribution"), "atest");

describe("a block of x/distribution", () => {
  it("taxes for the community and shares the rest by power", () => {
    const chain = begin();
    chain.share(1000n);
    assert.equal(chain.pool(), "20.000000000000000000atest");
    assert.equal(chain.pending("ann", "ann"), "661.500000000000000000atest");
    assert.deepEqual(chain.query("ValidatorCommission", { validatorAddress: operatorOf("ann") }), {
      commission: { commission: [{ denom: "atest", amount: "73500000000000000000" }] },
    });
    assert.equal(holdings(chain), 1000n);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("leaves the part of a vote that is no validator's with the community", () => {
    const chain = begin();
    chain.share(1000n, { ann: 1n, nobody: 1n });
    assert.equal(chain.pool(), "510.000000000000000000atest");
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("leaves everything with the community when nobody voted", () => {
    const chain = begin();
    chain.share(1000n, {});
    assert.equal(chain.pool(), "1000.000000000000000000atest");
  });

  it("shares nothing out in the first block, which has no votes", () => {
    const chain = begin();
    const first = chain.bench.at(1n);
    first.facet(bank, "mint").mint(first.ctx, COLLECTOR, "atest", 7n);
    const block = {
      proposer: Uint8Array.of(1),
      hash: new Uint8Array(0),
      nextValidatorsHash: new Uint8Array(0),
      appHash: new Uint8Array(0),
    };
    first.module("distribution").beginBlock?.(first.ctx, { ...block, lastCommit: [], misbehavior: [] });
    assert.equal(first.facet(bank, "view").balance(first.ctx, COLLECTOR, "atest"), 7n);
    assert.deepEqual(
      first
        .store("distribution")
        .dump()
        .find(([key]) => key === "01"),
      ["01", "0a0101"],
    );
  });

  it("gives a delegation nothing for the block that it came in, and then its part", () => {
    const chain = begin();
    chain.delegate("cat", "ben", UNIT);
    assert.equal(chain.pending("cat", "ben"), "");
    chain.share(1000n, { ben: 1n });
    assert.equal(chain.pending("cat", "ben"), "441.000000000000000000atest");
    assert.equal(chain.pending("ben", "ben"), "441.000000000000000000atest");
    assert.deepEqual(chain.bench.broken(), []);
  });
});

describe("a slash", () => {
  it("does not touch what was earned before, and cuts the stake for what comes after", () => {
    const chain = begin();
    chain.delegate("cat", "ben", UNIT);
    chain.share(1000n, { ben: 1n });
    chain.slash("ben", chain.bench.ctx.height, 2n, 5n * 10n ** 17n);
    chain.share(1000n, { ben: 1n });
    assert.equal(chain.pending("cat", "ben"), "882.000000000000000000atest");
    assert.deepEqual(chain.query("ValidatorSlashes", { validatorAddress: operatorOf("ben"), startingHeight: 0n, endingHeight: 99n }), {
      slashes: [{ validatorPeriod: 3n, fraction: "500000000000000000" }],
      pagination: { nextKey: new Uint8Array(0), total: 1n },
    });
    assert.deepEqual(chain.bench.broken(), []);
    chain.withdraw("cat", "ben");
    chain.withdraw("ben", "ben");
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("of everything leaves rewards that are nobody's to the community", () => {
    const chain = begin();
    chain.slash("ben", chain.bench.ctx.height, 1n, 10n ** 18n);
    chain.share(1000n, { ben: 1n });
    const before = chain.pool();
    assert.equal(before, "20.000000000000000000atest");
    chain.withdraw("ben", "ben");
    assert.equal(chain.pool(), "902.000000000000000000atest");
    assert.deepEqual(chain.bench.broken(), []);
  });
});

describe("a withdrawal", () => {
  it("pays whole units, keeps nothing of the fractions, and says so", () => {
    const chain = begin();
    chain.share(1001n, { ann: 1n });
    chain.bench.takeEvents();
    const before = chain.balance("ann");
    assert.deepEqual(chain.withdraw("ann", "ann"), { amount: [coin(882n)] });
    assert.equal(chain.balance("ann"), before + 882n);
    assert.equal(
      eventLines(chain.bench.takeEvents()).at(-1),
      `withdraw_rewards(amount=882atest, validator=${operatorOf("ann")}, delegator=${accountOf("ann")})`,
    );
    assert.deepEqual(chain.withdraw("ann", "ann"), { amount: [coin(0n)] });
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("is refused without validator, delegation and commission", () => {
    const chain = begin();
    refused(() => chain.withdraw("cat", "nobody"), "staking/3");
    refused(() => chain.withdraw("cat", "ann"), "staking/19");
    refused(() => chain.message("WithdrawValidatorCommission", { validatorAddress: operatorOf("ann") }), "distribution/7");
    refused(() => chain.message("WithdrawValidatorCommission", { validatorAddress: accountOf("ann") }), "sdk/7");
  });

  it("of a commission leaves its fraction for the next", () => {
    const chain = begin();
    chain.share(1001n, { ann: 1n });
    const before = chain.balance("ann");
    assert.deepEqual(chain.message("WithdrawValidatorCommission", { validatorAddress: operatorOf("ann") }), { amount: [coin(98n)] });
    assert.equal(chain.balance("ann"), before + 98n);
    assert.deepEqual(chain.query("ValidatorCommission", { validatorAddress: operatorOf("ann") }), {
      commission: { commission: [{ denom: "atest", amount: "98000000000000000" }] },
    });
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("comes by itself when the delegation changes", () => {
    const chain = begin();
    chain.share(1000n, { ann: 1n });
    const before = chain.balance("ann");
    chain.delegate("ann", "ann", 1n);
    assert.equal(chain.balance("ann"), before + 882n - 1n);
    assert.equal(chain.pending("ann", "ann"), "");
  });
});

describe("another account for rewards", () => {
  const choose = (chain: RewardsBench, to: string): object =>
    chain.message("SetWithdrawAddress", { delegatorAddress: accountOf("ann"), withdrawAddress: to });

  it("gets what the delegator withdraws, commission included", () => {
    const chain = begin();
    choose(chain, accountOf("cat"));
    assert.deepEqual(chain.query("DelegatorWithdrawAddress", { delegatorAddress: accountOf("ann") }), {
      withdrawAddress: accountOf("cat"),
    });
    chain.share(1000n, { ann: 1n });
    const before = chain.balance("cat");
    chain.withdraw("ann", "ann");
    chain.message("WithdrawValidatorCommission", { validatorAddress: operatorOf("ann") });
    assert.equal(chain.balance("cat"), before + 980n);
  });

  it("is refused for accounts of modules, and where the chain forbids it", () => {
    const chain = begin();
    refused(() => choose(chain, moduleAccount("distribution")), "sdk/4", /is not allowed to receive external funds/);
    const params = { communityTax: "0", baseProposerReward: "0", bonusProposerReward: "0", withdrawAddrEnabled: false };
    chain.message("UpdateParams", { authority: GOV, params });
    refused(() => choose(chain, accountOf("cat")), "distribution/8");
  });

  it("that may no longer receive fails a user's message, while a slash goes on and pays the delegator", () => {
    const chain = begin();
    const blocked = moduleAccount("distribution");
    chain.delegate("cat", "ben", UNIT);
    const height = chain.bench.ctx.height;
    chain.end();
    chain.redelegate("cat", "ben", "ann", UNIT);
    chain.bench.init("distribution", { delegatorWithdrawInfos: [{ delegatorAddress: accountOf("cat"), withdrawAddress: blocked }] });
    chain.share(1000n, { ann: 1n });
    refused(() => chain.withdraw("cat", "ann"), "sdk/4", /is not allowed to receive funds/);
    refused(() => chain.delegate("cat", "ann", 1n), "sdk/4");
    chain.bench.takeEvents();
    const before = chain.balance("cat");
    chain.slash("ben", height, 2n, 5n * 10n ** 17n);
    assert.equal(chain.balance("cat"), before + 220n);
    const attributes = `original_withdraw_address=${blocked}, withdraw_address=${accountOf("cat")}, validator=${operatorOf("ann")}`;
    assert.ok(eventLines(chain.bench.takeEvents()).includes(`withdraw_addr_redirected(${attributes}, delegator=${accountOf("cat")})`));
    assert.deepEqual(chain.bench.broken(), []);
  });
});

describe("the community pool", () => {
  it("takes gifts and pays what the authority says, not more", () => {
    const chain = begin();
    chain.message("FundCommunityPool", { depositor: accountOf("cat"), amount: [coin(50n)] });
    assert.equal(chain.pool(), "50.000000000000000000atest");
    const spend = (authority: string, recipient: string, amount: bigint): object =>
      chain.message("CommunityPoolSpend", { authority, recipient, amount: [coin(amount)] });
    refused(() => spend(accountOf("cat"), accountOf("cat"), 1n), "gov/13");
    // Who may not ask is told so first, whatever is asked for.
    refused(() => spend(accountOf("cat"), "nobody", 0n), "gov/13");
    refused(() => spend(GOV, "nobody", 1n), "undefined/1");
    refused(() => spend(GOV, accountOf("dan"), 51n), "distribution/9");
    refused(() => spend(GOV, moduleAccount("staking"), 1n), "sdk/4");
    const before = chain.balance("dan");
    spend(GOV, accountOf("dan"), 20n);
    assert.equal(chain.balance("dan"), before + 20n);
    assert.equal(chain.pool(), "30.000000000000000000atest");
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("is refused coins that are none", () => {
    const chain = begin();
    const fund = (amount: readonly object[]): object => chain.message("FundCommunityPool", { depositor: accountOf("cat"), amount });
    refused(() => fund([]), "sdk/10", /amount cannot be nil/);
    refused(() => fund([coin(0n)]), "sdk/10");
    refused(() => fund([coin(10n ** 16n)]), "sdk/5");
  });

  it("is open to other modules", () => {
    const chain = begin();
    chain.bench.facet(distribution, "pool").fundCommunityPool(chain.bench.ctx, accountOf("cat"), [{ denom: "atest", amount: 3n }]);
    assert.deepEqual(chain.bench.facet(distribution, "view").communityPool(chain.bench.ctx), [
      { denom: "atest", amountE18: 3n * 10n ** 18n },
    ]);
  });
});

describe("a gift to a validator", () => {
  it("is a reward of this block, with commission", () => {
    const chain = begin();
    chain.end();
    chain.message("DepositValidatorRewardsPool", {
      depositor: accountOf("cat"),
      validatorAddress: operatorOf("ann"),
      amount: [coin(100n)],
    });
    assert.equal(chain.pending("ann", "ann"), "90.000000000000000000atest");
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("may be of nothing, which changes nothing", () => {
    const chain = begin();
    chain.end();
    const before = chain.pending("ann", "ann");
    chain.message("DepositValidatorRewardsPool", { depositor: accountOf("cat"), validatorAddress: operatorOf("ann"), amount: [] });
    assert.equal(chain.pending("ann", "ann"), before);
    assert.deepEqual(chain.bench.broken(), []);
  });
  it("is refused without the validator, and costs nothing then", () => {
    const chain = begin();
    const before = chain.balance("cat");
    const gift = { depositor: accountOf("cat"), validatorAddress: operatorOf("nobody"), amount: [coin(100n)] };
    refused(() => chain.message("DepositValidatorRewardsPool", gift), "staking/3");
    // The giver's coins are looked at first.
    const give = (validatorAddress: string, amount: bigint) => () =>
      chain.message("DepositValidatorRewardsPool", { ...gift, validatorAddress, amount: [coin(amount)] });
    refused(give("nobody", 10n ** 16n), "sdk/5");
    refused(give("nobody", 1n), "undefined/1", /^decoding bech32 failed/);
    refused(
      give(accountOf("cat"), 1n),
      "sdk/35",
      /^hrp does not match bech32 prefix: expected 'testvaloper' got 'test': internal logic error$/,
    );
    assert.equal(chain.balance("cat"), before);
  });
});

describe("a validator that goes", () => {
  it("is paid its commission, and its books are gone", () => {
    const chain = begin();
    chain.share(1001n, { ben: 1n });
    const before = chain.balance("ben");
    chain.undelegate("ben", "ben", UNIT);
    assert.equal(chain.balance("ben"), before + 882n);
    chain.end(10n ** 15n);
    chain.end();
    chain.end();
    assert.equal(chain.balance("ben"), before + 882n + 98n + UNIT);
    const rows = chain.bench.store("distribution").dump();
    const bytes = accountHex("ben");
    assert.deepEqual(
      rows.filter(([key]) => key.includes(bytes)),
      [],
    );
    assert.deepEqual(chain.bench.broken(), []);
  });
});

function accountHex(name: string): string {
  const { bench } = begin();
  const { addressBytes } = bench.query("/cosmos.auth.v1beta1.Query/AddressStringToBytes", { addressString: accountOf(name) }) as {
    readonly addressBytes: Uint8Array;
  };
  return Buffer.from(addressBytes).toString("hex");
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventLines } from "../../harness/moduleBench.ts";
import { refused } from "../../harness/refused.ts";
import { accountOf, coin, createStakingBench, operatorOf, type StakingBench, UNBONDING_NS, UNIT } from "../../harness/stakingBench.ts";

const begin = (): StakingBench => createStakingBench({ validators: { ann: 10n * UNIT, ben: 5n * UNIT }, accounts: ["cat"] });
const RICH = 10n ** 15n;

const cancel = (chain: StakingBench, creationHeight: bigint, amount: bigint): object =>
  chain.bench.send("/cosmos.staking.v1beta1.MsgCancelUnbondingDelegation", {
    delegatorAddress: accountOf("cat"),
    validatorAddress: operatorOf("ann"),
    amount: coin(amount),
    creationHeight,
  });

describe("a delegation", () => {
  it("moves coins into the pool and is worth what was staked", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 123n);
    assert.deepEqual(
      eventLines(chain.bench.takeEvents()).map((line) => line.split("(")[0]),
      ["coin_spent", "coin_received", "delegate"],
    );
    assert.equal(chain.balance("cat"), RICH - 123n);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("is refused without a validator, without an amount, of another denomination, and beyond the balance", () => {
    const chain = begin();
    refused(() => chain.delegate("cat", "nobody", 1n), "staking/3");
    refused(() => chain.delegate("cat", "ann", 0n), "sdk/18", /^invalid delegation amount/);
    refused(
      () => chain.delegate("cat", "ann", RICH + 1n),
      "sdk/5",
      /^failed to delegate; 1000000000000000atest is smaller than 1000000000000001atest/,
    );
    const message = { delegatorAddress: accountOf("cat"), validatorAddress: operatorOf("ann"), amount: coin(1n, "other") };
    refused(() => chain.bench.send("/cosmos.staking.v1beta1.MsgDelegate", message), "sdk/18", /got other, expected atest/);
  });

  it("is refused where a slash left shares that are worth nothing", () => {
    const chain = begin();
    chain.slash("ann", chain.bench.ctx.height, 10n, 10n ** 18n);
    refused(() => chain.delegate("cat", "ann", 1n), "staking/34");
    refused(() => chain.undelegate("ann", "ann", 1n), "staking/22");
    refused(() => chain.redelegate("ann", "ann", "ben", 1n), "staking/22");
    assert.deepEqual(chain.bench.broken(), []);
  });
});

describe("a withdrawal", () => {
  it("is paid at the first block whose time is not before its end", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 100n);
    chain.undelegate("cat", "ann", 40n);
    assert.equal(chain.balance("cat"), RICH - 100n);
    chain.end(UNBONDING_NS - 1n);
    assert.deepEqual(chain.end(1n).events, []);
    assert.deepEqual(
      chain.end().events.at(-1),
      `complete_unbonding(amount=40atest, validator=${operatorOf("ann")}, delegator=${accountOf("cat")})`,
    );
    assert.equal(chain.balance("cat"), RICH - 60n);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("of so little that rounding leaves nothing is told with empty amounts", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 7n);
    // 9999993 tokens for 10000007 shares: those that one token buys are worth 10^-18 of a token less.
    chain.slash("ann", chain.bench.ctx.height, 10n, 14n * 10n ** 11n);
    chain.end();
    chain.bench.takeEvents();
    chain.undelegate("cat", "ann", 1n);
    const lines = eventLines(chain.bench.takeEvents());
    assert.equal(lines.length, 5);
    assert.match(lines[0] ?? "", /^coin_spent\(spender=test1\w+, amount=\)$/);
    assert.match(lines[4] ?? "", /^unbond\(.*, amount=0atest, completion_time=/);
    assert.match(chain.end(UNBONDING_NS).events.join(), /^$/);
    assert.match(chain.end().events.at(-1) ?? "", /^complete_unbonding\(amount=, /);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("joins another of the same block, and their number is limited", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 100n);
    chain.undelegate("cat", "ann", 1n);
    chain.undelegate("cat", "ann", 2n);
    chain.end();
    chain.undelegate("cat", "ann", 3n);
    refused(() => chain.undelegate("cat", "ann", 4n), "staking/27");
    chain.end(UNBONDING_NS);
    chain.end();
    assert.equal(chain.balance("cat"), RICH - 94n);
  });

  it("of everything ends the delegation; more than there is is refused", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 100n);
    refused(() => chain.undelegate("cat", "ann", 101n), "sdk/18", /^invalid shares amount/);
    refused(() => chain.undelegate("cat", "ben", 1n), "staking/19");
    refused(() => chain.undelegate("cat", "nobody", 1n), "staking/3");
    chain.undelegate("cat", "ann", 100n);
    refused(() => chain.undelegate("cat", "ann", 1n), "staking/19");
  });

  it("can be taken back in part and as a whole, by the height of its beginning", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 100n);
    const { height } = chain.bench.ctx;
    chain.undelegate("cat", "ann", 40n);
    chain.end();
    refused(() => cancel(chain, height, 41n), "sdk/18", /greater than the unbonding delegation entry balance/);
    refused(() => cancel(chain, height + 1n, 1n), "sdk/38", /not found at block height/);
    refused(() => cancel(chain, 0n, 1n), "sdk/18", /^invalid height/);
    cancel(chain, height, 15n);
    assert.deepEqual(
      eventLines(chain.bench.takeEvents()).at(-1),
      `cancel_unbonding_delegation(amount=15atest, validator=${operatorOf("ann")}, delegator=${accountOf("cat")}, creation_height=${height})`,
    );
    cancel(chain, height, 25n);
    assert.deepEqual(chain.bench.broken(), []);
    chain.end(UNBONDING_NS);
    chain.end();
    assert.equal(chain.balance("cat"), RICH - 100n);
  });

  it("cannot be taken back to a jailed validator", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 100n);
    const { height } = chain.bench.ctx;
    chain.undelegate("cat", "ann", 40n);
    chain.jail("ann");
    refused(() => cancel(chain, height, 1n), "staking/7");
  });
});

describe("a move to another validator", () => {
  it("is at once, and its source stays liable until it is over", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 100n);
    chain.redelegate("cat", "ann", "ben", 60n);
    chain.end(UNBONDING_NS);
    assert.deepEqual(chain.end().events, [
      `complete_redelegation(amount=60atest, delegator=${accountOf("cat")}, source_validator=${operatorOf("ann")}, destination_validator=${operatorOf("ben")})`,
    ]);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("cannot be moved on, nor to where it is, nor to or from nobody, and their number is limited", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 100n);
    chain.redelegate("cat", "ann", "ben", 60n);
    refused(() => chain.redelegate("cat", "ben", "ann", 1n), "staking/32");
    refused(() => chain.redelegate("cat", "ann", "ann", 1n), "staking/29");
    refused(() => chain.redelegate("cat", "ann", "nobody", 1n), "staking/31");
    refused(() => chain.redelegate("cat", "nobody", "ann", 1n), "staking/3");
    chain.redelegate("cat", "ann", "ben", 1n);
    refused(() => chain.redelegate("cat", "ann", "ben", 1n), "staking/33");
  });

  it("away from a validator that is out of the set is over at once", () => {
    const chain = createStakingBench({ validators: { ann: 10n * UNIT }, accounts: ["cat", "dan"] });
    chain.create("dan", 5n);
    chain.delegate("cat", "dan", 5n);
    const { completionTime } = chain.redelegate("cat", "dan", "ann", 5n) as { completionTime: { seconds: bigint } };
    assert.equal(completionTime.seconds, -62_135_596_800n);
    chain.redelegate("dan", "dan", "ann", 5n);
    assert.deepEqual(chain.bench.broken(), []);
    refused(() => chain.delegate("cat", "dan", 1n), "staking/3");
  });
});

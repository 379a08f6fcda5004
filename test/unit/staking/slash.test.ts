import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineModule } from "#sdk";
import { staking } from "../../../modules/staking/index.ts";
import { refused } from "../../harness/refused.ts";
import { accountOf, createStakingBench, operatorOf, type StakingBench, UNBONDING_NS, UNIT } from "../../harness/stakingBench.ts";

const TENTH = 10n ** 17n;

const begin = (listeners: Parameters<typeof createStakingBench>[0] = {}): StakingBench =>
  createStakingBench({ validators: { ann: 10n * UNIT, ben: 10n * UNIT }, accounts: ["cat"], ...listeners });

const tokensOf = (chain: StakingBench, name: string): bigint | undefined =>
  chain.bench.facet(staking, "view").findValidator(chain.bench.ctx, operatorOf(name))?.tokens;
const sharesOf = (chain: StakingBench, delegator: string, name: string): bigint | undefined =>
  chain.bench.facet(staking, "view").findDelegation(chain.bench.ctx, accountOf(delegator), operatorOf(name))?.sharesE18;

describe("a slash", () => {
  it("takes its part of the power then, in whole units, and lowers what all shares are worth", () => {
    const chain = begin();
    chain.delegate("cat", "ann", UNIT / 2n);
    assert.equal(chain.slash("ann", chain.bench.ctx.height, 10n, TENTH), UNIT);
    assert.equal(tokensOf(chain, "ann"), 9n * UNIT + UNIT / 2n);
    assert.equal(sharesOf(chain, "cat", "ann"), (UNIT / 2n) * 10n ** 18n);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("never takes more than there is, and nothing from nobody", () => {
    const chain = begin();
    assert.equal(chain.slash("ann", chain.bench.ctx.height, 1000n, 10n ** 18n), 10n * UNIT);
    assert.equal(chain.slash("ann", chain.bench.ctx.height, 1000n, 10n ** 18n), 0n);
    assert.equal(chain.slash("nobody", chain.bench.ctx.height, 1000n, 10n ** 18n), 0n);
    assert.equal(chain.slash("ben", chain.bench.ctx.height, 10n, 0n), 0n);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("is refused with a negative part, of a height to come, and of a validator that is out of the set for good", () => {
    const chain = begin();
    refused(() => chain.slash("ann", chain.bench.ctx.height, 1n, -1n), "sdk/35");
    refused(() => chain.slash("ann", chain.bench.ctx.height + 1n, 1n, TENTH), "sdk/35");
    chain.create("cat", 5n);
    refused(() => chain.slash("cat", chain.bench.ctx.height, 1n, TENTH), "sdk/35");
  });

  it("takes of withdrawals that began at the fault or later, and that much less of the validator", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 1000n);
    chain.undelegate("cat", "ann", 300n);
    chain.end();
    const fault = chain.bench.ctx.height;
    chain.undelegate("cat", "ann", 200n);
    chain.end();
    assert.equal(chain.slash("ann", fault, 10n, TENTH), UNIT - 20n);
    chain.end(UNBONDING_NS);
    const before = chain.balance("cat");
    chain.end();
    assert.equal(chain.balance("cat") - before, 300n + 180n);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("takes of what was moved since: first what is being withdrawn where it went, then shares there; the entry stays", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 1000n);
    chain.end();
    const fault = chain.bench.ctx.height;
    chain.redelegate("cat", "ann", "ben", 1000n);
    chain.undelegate("cat", "ben", 30n);
    chain.end();
    assert.equal(chain.slash("ann", fault, 10n, TENTH), UNIT - 100n);
    // 100 were due: 30 of the withdrawal, and a tenth of the shares that the move made.
    assert.equal(sharesOf(chain, "cat", "ben"), (970n - 100n) * 10n ** 18n);
    assert.equal(tokensOf(chain, "ben"), 10n * UNIT + 870n);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("of a move whose destination was withdrawn and paid takes nothing there", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 1000n);
    const fault = chain.bench.ctx.height;
    chain.redelegate("cat", "ann", "ben", 1000n);
    chain.undelegate("cat", "ben", 1000n);
    chain.end(1n);
    assert.equal(chain.slash("ann", fault, 10n, TENTH), UNIT - 100n);
    assert.equal(tokensOf(chain, "ben"), 10n * UNIT);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("of a move to a validator that nobody else staked on forgets the validator", () => {
    const chain = begin();
    chain.delegate("cat", "ann", 1000n);
    chain.create("cat", 1n);
    chain.redelegate("cat", "ann", "cat", 1000n);
    const fault = chain.bench.ctx.height;
    chain.undelegate("cat", "cat", 1n);
    chain.end();
    assert.equal(chain.slash("ann", fault, 10n, 10n ** 18n), 10n * UNIT - 1000n);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("tells the part that was really lost, rounded up and at most all", () => {
    const told: bigint[] = [];
    const listener = defineModule({
      name: "listener",
      version: 1,
      needs: { staking: staking.facet("view") },
      state: {},
      on: () => ({ staking: { beforeValidatorSlashed: (_ctx, _operator, fractionE18) => void told.push(fractionE18) } }),
    });
    const chain = begin({ listeners: [listener] });
    chain.delegate("cat", "ann", 5n);
    chain.slash("ann", chain.bench.ctx.height, 10n, TENTH);
    chain.slash("ann", chain.bench.ctx.height, 1000n, 10n ** 18n);
    // 1000000 of 10000005.
    assert.deepEqual(told, [99_999_950_000_025_000n, 10n ** 18n]);
  });
});

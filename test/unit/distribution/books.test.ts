// One record of a block for all validators, beside the three of each.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createCtx } from "../../../app/sdk/ctx.ts";
import { createGasMeter } from "../../../app/sdk/gas.ts";
import { createRewardsBench, type RewardsBench } from "../../harness/rewardsBench.ts";
import { accountOf, operatorOf, UNIT } from "../../harness/stakingBench.ts";

/** Keys of the store, by their first byte. */
const [POOL, OUTSTANDING, CURRENT, COMMISSION, ACCRUED, SETTLED] = ["00", "02", "06", "07", "0a", "0b"];

/** Both have had a share already, so that their records are there and blocks accrue. */
function begun(): RewardsBench {
  const chain = createRewardsBench({ validators: { ann: 3n * UNIT, ben: UNIT }, accounts: ["cat"] });
  chain.share(1000n);
  return chain;
}

/** First bytes of the keys that work changes, once for each record. */
function written(chain: RewardsBench, work: () => unknown): readonly string[] {
  const dump = () => new Map(chain.bench.store("distribution").dump());
  const before = dump();
  work();
  return [...dump()].filter(([key, value]) => before.get(key) !== value).map(([key]) => key.slice(0, 2));
}

const stored = (chain: RewardsBench, prefix: string): readonly (string | undefined)[] =>
  chain.bench
    .store("distribution")
    .dump()
    .filter(([key]) => key.startsWith(prefix))
    .map(([, value]) => value);

const outstanding = (chain: RewardsBench, name: string): unknown =>
  chain.query("ValidatorOutstandingRewards", { validatorAddress: operatorOf(name) });

const withdrawCommission = (chain: RewardsBench, name: string): object =>
  chain.message("WithdrawValidatorCommission", { validatorAddress: operatorOf(name) });

describe("the record of what accrues", () => {
  it("and the pool are all that a block writes", () => {
    const chain = begun();
    const pending = chain.pending("ann", "ann");
    assert.deepEqual(
      written(chain, () => chain.share(1000n)),
      [POOL, ACCRUED],
    );
    assert.notEqual(chain.pending("ann", "ann"), pending);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("is not written by who settles: three records and a mark are", () => {
    const chain = begun();
    chain.share(1000n);
    assert.deepEqual(
      written(chain, () => withdrawCommission(chain, "ann")),
      [OUTSTANDING, CURRENT, COMMISSION, SETTLED],
    );
    assert.deepEqual(stored(chain, SETTLED), [Buffer.from("1").toString("hex")]);
    assert.deepEqual(chain.bench.broken(), []);
    assert.deepEqual(
      written(chain, () => chain.share(1000n)),
      [POOL, ACCRUED, SETTLED],
    );
    assert.deepEqual(stored(chain, SETTLED), [Buffer.from("0").toString("hex")]);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("gives nobody anything twice, however often a block settles", () => {
    const chain = begun();
    chain.share(1000n);
    const before = outstanding(chain, "ann");
    const accrual = () => withdrawCommission(chain, "ann");
    accrual();
    assert.throws(accrual, /no validator commission to withdraw/);
    assert.equal(chain.pending("ann", "ann"), "1323.000000000000000000atest");
    chain.withdraw("ann", "ann");
    assert.equal(chain.pending("ann", "ann"), "");
    assert.notDeepEqual(outstanding(chain, "ann"), before);
    chain.share(1000n);
    assert.equal(chain.pending("ann", "ann"), "661.500000000000000000atest");
    assert.equal(chain.pending("ben", "ben"), "661.500000000000000000atest");
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("takes a gift beside it into the records", () => {
    const chain = begun();
    chain.share(1000n);
    const amount = [{ denom: "atest", amount: "100" }];
    chain.message("DepositValidatorRewardsPool", { depositor: accountOf("cat"), validatorAddress: operatorOf("ann"), amount });
    assert.equal(chain.pending("ann", "ann"), "1413.000000000000000000atest");
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("has the validators of the last commit alone", () => {
    const chain = begun();
    chain.share(1000n);
    const both = outstanding(chain, "ben");
    assert.deepEqual(
      written(chain, () => chain.share(1000n, { ann: 1n })),
      [POOL, OUTSTANDING, CURRENT, COMMISSION, ACCRUED],
    );
    assert.deepEqual(outstanding(chain, "ben"), both);
    const [left] = stored(chain, ACCRUED);
    chain.share(0n, {});
    assert.ok((stored(chain, ACCRUED)[0]?.length ?? 0) < (left?.length ?? 0));
    assert.deepEqual(outstanding(chain, "ben"), both);
    chain.share(1000n);
    assert.notDeepEqual(outstanding(chain, "ben"), both);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("costs no gas: a withdrawal takes what it takes where everything is in the records", () => {
    const [accrues, recorded] = [begun(), begun()];
    for (const chain of [accrues, recorded]) chain.share(1000n);
    recorded.share(0n, {});
    assert.equal(gasOfWithdrawal(accrues), gasOfWithdrawal(recorded));
  });
});

function gasOfWithdrawal({ bench }: RewardsBench): bigint {
  const { height, timeNs, chainId } = bench.ctx;
  const gas = createGasMeter();
  const ctx = createCtx({ height, timeNs, chainId, gas, stores: bench.store, events: undefined, formatEvent: () => assert.fail() });
  const path = "/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward";
  const method = bench.modules.flatMap(({ msgs }) => msgs).find((one) => one.path === path);
  method?.handle(ctx, { delegatorAddress: accountOf("ann"), validatorAddress: operatorOf("ann") });
  assert.ok(gas.used > 0n);
  return gas.used;
}

// Whatever delegators, validators and slashes do, the books add up and nobody gets more than was earned.
import assert from "node:assert/strict";
import { it } from "node:test";
import { type DecCoins, decAmountOf, decMulTruncate, E18, findDecDifference } from "#sdk";
import { rewardOfVote, rewardRatio, rewardsOfStretch, type Slash, splitReward, taxedFees } from "../../../modules/distribution/math.ts";
import { fc } from "../../harness/fastCheck.ts";
import { createRewardsBench } from "../../harness/rewardsBench.ts";
import { UNIT } from "../../harness/stakingBench.ts";

const fraction = fc.bigInt(0n, E18);
const fees = fc.bigInt(1n, 10n ** 30n).map((amountE18): DecCoins => [{ denom: "atest", amountE18 }]);
const names = fc.constantFrom("ann", "ben", "cat", "dan");
const validators = fc.constantFrom("ann", "ben");

it("votes together never get more than the fees, and nobody less than nothing", () => {
  fc.assert(
    fc.property(fees, fraction, fc.array(fc.bigInt(1n, 10n ** 12n), { minLength: 1, maxLength: 20 }), (coins, tax, powers) => {
      const total = powers.reduce((sum, power) => sum + power, 0n);
      let left: DecCoins | undefined = taxedFees(coins, tax);
      for (const power of powers) left = left && findDecDifference(left, rewardOfVote(taxedFees(coins, tax), power, total));
      assert.ok(left !== undefined);
    }),
  );
});

it("commission and the delegators' part are the whole reward", () => {
  fc.assert(
    fc.property(fees, fraction, (reward, rate) => {
      const { commission, shared } = splitReward(reward, rate);
      assert.equal(decAmountOf(commission, "atest") + decAmountOf(shared, "atest"), decAmountOf(reward, "atest"));
    }),
  );
});

it("delegations of one validator never earn more than it was rewarded, with slashes between", () => {
  const stakes = fc.array(fc.bigInt(1n, 10n ** 15n), { minLength: 1, maxLength: 8 });
  const periods = fc.array(fc.record({ reward: fc.bigInt(0n, 10n ** 30n), slash: fc.bigInt(0n, E18 - 1n) }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(stakes, periods, (amounts, rounds) => {
      let tokens = amounts.reduce((sum, amount) => sum + amount, 0n);
      let left = amounts.map((amount) => amount * E18);
      const ratios: DecCoins[] = [[]];
      const slashes: Slash[] = [];
      let rewarded = 0n;
      for (const [i, { reward, slash }] of rounds.entries()) {
        rewarded += reward;
        const gained = tokens === 0n ? 0n : decAmountOf(rewardRatio([{ denom: "atest", amountE18: reward }], tokens), "atest");
        const sum = decAmountOf(ratios[i] ?? [], "atest") + gained;
        ratios.push(sum === 0n ? [] : [{ denom: "atest", amountE18: sum }]);
        const burned = (tokens * slash) / E18;
        // As staking tells it: what was burned of the tokens, rounded up.
        const fractionE18 = tokens === 0n ? 0n : (burned * E18 + tokens - 1n) / tokens;
        slashes.push({ period: BigInt(i + 1), fractionE18 });
        left = left.map((stake) => decMulTruncate(stake, E18 - fractionE18));
        tokens -= burned;
      }
      const endPeriod = BigInt(rounds.length);
      const earned = amounts.map((amount, i) =>
        rewardsOfStretch(
          { startPeriod: 0n, endPeriod, stakeE18: amount * E18, currentStakeE18: left[i] ?? 0n, slashes },
          (period) => ratios[Number(period)] ?? [],
        ),
      );
      assert.ok(earned.reduce((sum, coins) => sum + decAmountOf(coins, "atest"), 0n) <= rewarded);
    }),
  );
});

it("a chain of any transitions keeps its books", () => {
  const amount = fc.bigInt(1n, 5n * UNIT);
  const step = fc.oneof(
    fc.record({ kind: fc.constant("share" as const), amount }),
    fc.record({ kind: fc.constant("delegate" as const), who: names, to: validators, amount }),
    fc.record({ kind: fc.constant("undelegate" as const), who: names, to: validators, amount }),
    fc.record({ kind: fc.constant("withdraw" as const), who: names, to: validators }),
    fc.record({ kind: fc.constant("slash" as const), to: validators, fractionE18: fc.bigInt(1n, E18 / 2n) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const chain = createRewardsBench({ validators: { ann: 3n * UNIT, ben: UNIT }, accounts: ["cat", "dan"] });
      for (const one of steps) {
        try {
          if (one.kind === "share") chain.share(one.amount);
          else if (one.kind === "delegate") chain.delegate(one.who, one.to, one.amount);
          else if (one.kind === "undelegate" && one.who !== one.to) chain.undelegate(one.who, one.to, one.amount);
          else if (one.kind === "withdraw") chain.withdraw(one.who, one.to);
          else if (one.kind === "slash") chain.slash(one.to, chain.bench.ctx.height, 1n, one.fractionE18);
        } catch (error) {
          // What is refused leaves no trace; what must not happen has code 35.
          assert.notEqual(`${(error as { codespace: string }).codespace}/${(error as { code: number }).code}`, "sdk/35", String(error));
          assert.notEqual((error as { codespace?: string }).codespace, undefined, String(error));
        }
        assert.deepEqual(chain.bench.broken(), []);
      }
      chain.bench.module("distribution").genesis?.handlers.prepareZeroHeight?.(chain.bench.ctx);
      assert.deepEqual(chain.bench.broken(), []);
    }),
    { numRuns: 60 },
  );
});

import assert from "node:assert/strict";
import { it } from "node:test";
import { addDecCoins, type DecCoins, formatDecCoins, parseCoins, subDecCoins, toDecCoins } from "#sdk";
import { rewardOfVote, splitReward, taxedFees } from "../../../modules/distribution/math.ts";
import { atomicsOf, attributeOf, type RecordedEvent, readSdkVectors } from "../../harness/sdkVectors.ts";

const FEE_COLLECTOR = "cosmos17xpfvakm2amg962yls6f84z3kell8c5lserqta";
const TAX = atomicsOf("0.020000000000000000");

/** What left the fee collector at the beginning of a block. */
function feesOf(events: readonly RecordedEvent[]): DecCoins {
  const spent = events.find((event) => event[0] === "coin_spent" && attributeOf(event, "spender") === FEE_COLLECTOR);
  return spent === undefined ? [] : toDecCoins(parseCoins(attributeOf(spent, "amount")));
}

it("the arithmetic of fees gives every reward and commission of the recorded chain", () => {
  const rates = new Map<string, bigint>();
  const rows = readSdkVectors("staking").heights;
  let judged = 0;
  for (const [i, { height, votes, events }] of readSdkVectors("blocks").blocks.entries()) {
    // Rewards of a block follow the rates that the block before it left.
    for (const [operator, validator] of Object.entries(rows[i - 1]?.validators ?? {}))
      if (validator !== null) rates.set(operator, atomicsOf((validator as { readonly commission: string }).commission));
    const commissions = events.filter(([type]) => type === "commission");
    const rewards = events.filter(([type]) => type === "rewards");
    const fees = feesOf(events);
    const total = votes.reduce((sum, [, power]) => sum + BigInt(power), 0n);
    assert.equal(rewards.length, height === 1 ? 0 : votes.length);
    let remaining = fees;
    for (const [at, [, power]] of votes.entries()) {
      const [rewardEvent, commissionEvent] = [rewards[at], commissions[at]];
      assert.ok(rewardEvent && commissionEvent);
      const rate = rates.get(attributeOf(rewardEvent, "validator"));
      assert.ok(rate !== undefined);
      const reward = rewardOfVote(taxedFees(fees, TAX), BigInt(power), total);
      const { commission, shared } = splitReward(reward, rate);
      assert.equal(formatDecCoins(reward), attributeOf(rewardEvent, "amount"), `block ${height}`);
      assert.equal(formatDecCoins(commission), attributeOf(commissionEvent, "amount"), `block ${height}`);
      assert.deepEqual(addDecCoins(commission, shared), reward);
      remaining = subDecCoins(remaining, reward);
      judged++;
    }
    assert.ok(remaining.every(({ amountE18 }) => amountE18 > 0n));
  }
  assert.equal(judged, 261);
});

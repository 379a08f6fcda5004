import assert from "node:assert/strict";
import { it } from "node:test";
import { authorize, NO_ALLOWANCE, splitReward, stepAt, use } from "../../../modules/emissions/math.ts";
import { fc } from "../../harness/fastCheck.ts";

const amount = fc.bigInt({ min: 0n, max: 10n ** 30n });
const shares = fc
  .tuple(fc.bigInt(50_000n, 1_000_000n), fc.bigInt(50_000n, 1_000_000n), fc.bigInt(50_000n, 1_000_000n))
  .filter(([a, b, c]) => a + b + c <= 1_000_000n)
  .map(([validatorsPpm, workPpm, curationPpm]) => ({ validatorsPpm, workPpm, curationPpm }));

it("a reward is divided without loss, and nobody gets more than the share says", () => {
  fc.assert(
    fc.property(amount, shares, (reward, parts) => {
      const { validators, work, curation, treasury } = splitReward(reward, parts);
      assert.equal(validators + work + curation + treasury, reward);
      for (const part of [validators, work, curation, treasury]) assert.ok(part >= 0n);
      assert.ok(validators * 1_000_000n <= reward * parts.validatorsPpm);
    }),
  );
});

it("what is authorised is standing, minted or expired, whatever is done with it", () => {
  const step = fc.record({ share: amount, limit: amount, usedPpm: fc.bigInt(0n, 1_000_000n) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let allowance = NO_ALLOWANCE;
      let authorized = 0n;
      for (const { share, limit, usedPpm } of steps) {
        allowance = authorize(allowance, share, limit);
        assert.ok(allowance.available <= limit);
        allowance = use(allowance, (allowance.available * usedPpm) / 1_000_000n);
        authorized += share;
        assert.equal(allowance.authorized, authorized);
        assert.equal(allowance.available + allowance.minted + allowance.expired, authorized);
        assert.ok(allowance.available >= 0n);
      }
    }),
  );
});

it("the reward of a height is that of the last step before it", () => {
  const schedule = fc
    .uniqueArray(fc.bigInt(2n, 1000n), { maxLength: 20 })
    .map((heights) =>
      [1n, ...heights.sort((a, b) => (a < b ? -1 : 1))].map((startHeight, i) => ({ startHeight, reward: 1000n - BigInt(i) })),
    );
  fc.assert(
    fc.property(schedule, fc.bigInt(1n, 1100n), (steps, height) => {
      const { reward, next } = stepAt(steps, height);
      const past = steps.filter(({ startHeight }) => startHeight <= height);
      assert.equal(reward, past.at(-1)?.reward);
      assert.deepEqual(next, steps[past.length]);
    }),
  );
});

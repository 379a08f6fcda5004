import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addCoins, amountOf, type CoinAmount, equalCoins, explainCoins, subCoins } from "#sdk";
import { createVesting, explainVesting, type Vesting } from "../../../modules/auth/index.ts";
import { lockedCoins, trackDelegation, trackUndelegation, vestedCoins, vestingCoins } from "../../../modules/auth/vesting.ts";
import { decodeVesting, encodeVesting } from "../../../modules/auth/vestingAccount.ts";
import { fc } from "../../harness/fastCheck.ts";

const DENOMS = ["aai", "photon", "stake"];
const run = { seed: 20_261_129, numRuns: 400 };
const amount = fc.oneof(fc.bigInt(1n, 1_000n), fc.bigInt(1n, 10n ** 30n));
const coins = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom(...DENOMS), amount).map(([denom, amount]) => ({ denom, amount })),
    { selector: ({ denom }) => denom, minLength: 1 },
  )
  .map((list): CoinAmount[] => list.sort((a, b) => (a.denom < b.denom ? -1 : 1)));
const time = fc.bigInt(0n, 5_000n);
const vesting = fc.oneof(
  fc
    .record({ coins, start: fc.bigInt(0n, 2_000n), length: fc.bigInt(1n, 2_500n) })
    .map(({ coins: original, start, length }) => createVesting({ kind: "continuous", startTime: start }, original, start + length)),
  fc.record({ coins, end: time }).map(({ coins: original, end }) => createVesting({ kind: "delayed" }, original, end)),
  coins.map((original) => createVesting({ kind: "locked" }, original, 0n)),
  fc
    .record({
      start: fc.bigInt(1n, 2_000n),
      periods: fc.array(
        fc.tuple(fc.bigInt(1n, 500n), coins).map(([length, amount]) => ({ length, amount })),
        { minLength: 1, maxLength: 6 },
      ),
    })
    .map(({ start, periods }) =>
      createVesting(
        { kind: "periodic", startTime: start, periods },
        periods.reduce<readonly CoinAmount[]>((sum, period) => addCoins(sum, period.amount), []),
        periods.reduce((end, { length }) => end + length, start),
      ),
    ),
);
const step = fc.record({ kind: fc.constantFrom("delegate", "undelegate"), coins, wait: fc.bigInt(0n, 700n) });
const atMost = (a: readonly CoinAmount[], b: readonly CoinAmount[]): boolean => a.every((coin) => coin.amount <= amountOf(b, coin.denom));
const delegated = (v: Vesting): readonly CoinAmount[] => addCoins(v.delegatedVesting, v.delegatedFree);

describe("any schedule", () => {
  it("unlocks more and more, from nothing to everything, and what is not unlocked is locked", () => {
    fc.assert(
      fc.property(vesting, time, time, (v, a, b) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        assert.equal(explainVesting(v), undefined);
        assert.ok(atMost(vestedCoins(v, early), vestedCoins(v, late)));
        assert.ok(atMost(vestedCoins(v, late), v.original));
        assert.ok(equalCoins(addCoins(vestedCoins(v, early), vestingCoins(v, early)), v.original));
        assert.deepEqual(vestedCoins(v, -1n), []);
        if (v.schedule.kind !== "locked") assert.ok(equalCoins(vestedCoins(v, 10_000n), v.original));
      }),
      run,
    );
  });
  it("comes back from its packed form", () => {
    fc.assert(
      fc.property(vesting, coins, time, (v, some, at) => {
        const held = trackDelegation(v, some, at);
        const base = { address: "a", pubKey: undefined, accountNumber: 7n, sequence: 9n };
        const { typeUrl, value } = encodeVesting(base, held);
        assert.deepEqual(decodeVesting(typeUrl, value), { base, vesting: held });
      }),
      run,
    );
  });
  it("counts delegations so that their sum is what is delegated, locked ones within what was locked, and none are left in the end", () => {
    fc.assert(
      fc.property(vesting, fc.array(step, { maxLength: 8 }), (v, steps) => {
        let now = 0n;
        let held = v;
        let sum: readonly CoinAmount[] = [];
        for (const { kind, coins: wanted, wait } of steps) {
          now += wait;
          const back = wanted.filter((coin) => coin.amount <= amountOf(sum, coin.denom));
          if (kind === "delegate") {
            const before = lockedCoins(held, now);
            held = trackDelegation(held, wanted, now);
            sum = addCoins(sum, wanted);
            // Nobody can send more after a delegation than before it.
            assert.ok(atMost(subCoins(before, lockedCoins(held, now)), wanted));
          } else {
            held = trackUndelegation(held, back);
            sum = subCoins(sum, back);
          }
          assert.ok(equalCoins(delegated(held), sum));
          assert.equal(explainVesting(held), undefined);
          assert.equal(explainCoins(lockedCoins(held, now)), undefined);
          assert.ok(atMost(lockedCoins(held, now), vestingCoins(held, now)));
        }
        assert.deepEqual(trackUndelegation(held, sum), v);
      }),
      run,
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ModuleError, timestampNs, toTimestamp } from "#sdk";
import { BasicAllowance } from "../../../proto/gen/cosmos/feegrant/v1beta1/feegrant.ts";
import { fc } from "../../harness/fastCheck.ts";
import { BENCH_TIME_NS } from "../../harness/moduleBench.ts";
import { allowance, allowed, basic, begin, coins, grant, periodic, periodicOf, SEND, use } from "../../unit/feegrant/feegrantBench.ts";

const run = { seed: 20_261_129, numRuns: 150 };
const uses = fc.array(fc.record({ fee: fc.bigInt(0n, 60n), wait: fc.bigInt(0n, 25n) }), { maxLength: 30 });

/** Tries a fee. Returns whether it was paid. */
function tries(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!(error instanceof ModuleError)) throw error;
    return false;
  }
}

describe("whatever fees are asked for", () => {
  it("a limit is never overspent, pays whatever it covers, and disappears exactly when it is spent", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 500n), fc.boolean(), uses, (limit, isWrapped, steps) => {
        const bench = begin();
        grant(bench, "ann", "bob", isWrapped ? allowed(basic(limit), SEND) : basic(limit));
        let left = limit;
        for (const { fee } of steps) {
          const before = bench.store("feegrant").dump();
          const isPaid = tries(() => use(bench, coins(fee)));
          assert.equal(isPaid, left > 0n && fee <= left);
          if (isPaid) left -= fee;
          else assert.deepEqual(bench.store("feegrant").dump(), before);
          assert.equal(allowance(bench) === undefined, left === 0n);
          assert.deepEqual(bench.broken(), []);
        }
      }),
      run,
    );
  });
  it("no period pays more than its limit, periods do not overlap, and the reset lies ahead", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 40n), fc.bigInt(1n, 20n), fc.option(fc.bigInt(1n, 400n)), uses, (perPeriod, periodNs, whole, steps) => {
        const bench = begin();
        const total = BasicAllowance.fromPartial({ spendLimit: whole === null ? [] : coins(whole) });
        const period = { seconds: 0n, nanos: Number(periodNs) };
        const periodReset = toTimestamp(BENCH_TIME_NS + periodNs);
        const limit = coins(perPeriod);
        grant(bench, "ann", "bob", periodic({ basic: total, period, periodSpendLimit: limit, periodCanSpend: limit, periodReset }));
        let now = 0n;
        let resetNs = BENCH_TIME_NS + periodNs;
        let [spent, spentInPeriod] = [0n, 0n];
        for (const { fee, wait } of steps) {
          now += wait;
          const later = bench.at(5n + now, BENCH_TIME_NS + now);
          if (!tries(() => use(later, coins(fee)))) continue;
          if (BENCH_TIME_NS + now >= resetNs) spentInPeriod = 0n;
          spent += fee;
          spentInPeriod += fee;
          assert.ok(spentInPeriod <= perPeriod);
          assert.ok(whole === null || spent <= whole);
          if (whole !== null && spent === whole) {
            assert.equal(allowance(bench), undefined);
            return;
          }
          const next = timestampNs(periodicOf(bench)?.periodReset);
          assert.ok(next >= resetNs && next >= BENCH_TIME_NS + now);
          resetNs = next;
          assert.deepEqual(bench.broken(), []);
        }
      }),
      run,
    );
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../../harness/fastCheck.ts";
import { alice, BOND, bob, openCapacityMarket, PSI, UNITS } from "../../unit/hmm/capacityMarket.ts";
import { CHAIN } from "../../unit/hmm/memoryMarket.ts";

const SEED = 20261124;
const OPEN = { largeOrderBps: 10_000, maxOrderBps: 10_000, blockLimitBps: 9000, orderBlocks: 2n };
/** Credit base units that the rounding of fills can cost: two for each block that a buy-back waits, and one more. */
const SLACK = 6n;

test("whatever the price does, providers get at least the bond's part for every unit that their reserve loses, and the worker pays it", () => {
  let defaults = 0;
  const scenario = fc.record({ percent: fc.bigInt(1n, 25n), rise: fc.bigInt(5n, 75n), more: fc.bigInt(0n, 50n) });
  fc.assert(
    fc.property(scenario, ({ percent, rise, more }) => {
      const market = openCapacityMarket({ params: OPEN, native: 10n ** 15n });
      const before = market.balance(alice, CHAIN.baseDenom);
      const units = (PSI * percent) / 100n;
      const bond = (BOND * units * (100n + more)) / (UNITS * 100n);
      const id = market.commitSold(units, bond, 3n);
      const receivable = BigInt(market.commitment(id).receivable);
      market.buy((PSI * rise) / 100n);
      market.blocks(6);
      assert.equal(market.find(id), undefined);
      const settled = market.lastEvent("EventCapacitySettled");
      const read = (name: string): bigint => BigInt(settled[name] ?? assert.fail(name));
      assert.equal(read("boughtBack") + read("writtenDown") + read("uncovered"), units);
      assert.equal(market.balance(alice, CHAIN.baseDenom), before - bond + read("returned"));
      if (read("writtenDown") === 0n) {
        assert.equal(read("returned"), receivable + bond - read("cost"));
        return;
      }
      defaults += 1;
      const loss = market.lastEvent("EventLpLoss");
      const compensation = BigInt(loss["compensation"] ?? "");
      assert.equal(compensation, receivable + bond - read("cost"));
      assert.ok((compensation + SLACK) * units >= read("writtenDown") * (receivable + bond), "each lost unit brings its part of all money");
      // The bond alone was 150 % of the units' value when they were committed.
      assert.ok(compensation * 1000n >= read("writtenDown") * 2n * 1500n - SLACK * 1000n);
      assert.equal(read("returned"), 0n, "the worker that defaults loses sales and bond");
      assert.equal(market.balance(bob, "ngpu"), (PSI * rise) / 100n, "holders keep their units");
    }),
    { seed: SEED, numRuns: 40 },
  );
  assert.ok(defaults > 8, `${defaults} defaults`);
});

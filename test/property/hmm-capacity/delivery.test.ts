import assert from "node:assert/strict";
import { test } from "node:test";
import { minOf } from "#sdk";
import { proportionOf } from "../../../modules/hmm/capacity/commitment.ts";
import { fc } from "../../harness/fastCheck.ts";
import { alice, bob, openCapacityMarket } from "../../unit/hmm/capacityMarket.ts";
import { CHAIN } from "../../unit/hmm/memoryMarket.ts";

const SEED = 20261124;
const amount = fc.oneof(fc.bigInt(0n, 1000n), fc.bigInt(0n, (1n << 128n) - 1n));

test("parts of a total add up to it, however often it is divided, and none is above its proportion", () => {
  const parts = fc.array(fc.oneof(fc.bigInt(1n, 5n), fc.bigInt(1n, 1n << 100n)), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(amount, parts, (total, sizes) => {
      let [money, units, paid] = [total, sizes.reduce((sum, size) => sum + size, 0n), 0n];
      const whole = units;
      let delivered = 0n;
      for (const size of sizes) {
        const part = proportionOf(money, size, units);
        [money, units, paid, delivered] = [money - part, units - size, paid + part, delivered + size];
        assert.ok(paid * whole <= total * delivered, "never ahead of what was delivered");
        assert.ok((paid + BigInt(sizes.length)) * whole >= total * delivered, "never behind by more than a unit for each part");
      }
      assert.deepEqual([money, units, paid], [0n, 0n, total]);
    }),
    { seed: SEED, numRuns: 300 },
  );
});

test("many partial deliveries and releases pay sales and bond out to the last unit", () => {
  const step = fc.record({ units: fc.bigInt(1n, 4_000n), deliver: fc.boolean() });
  fc.assert(
    fc.property(
      fc.bigInt(10n, 9_000n),
      fc.bigInt(1n, 9_000n),
      fc.bigInt(0n, 50_000n),
      fc.array(step, { maxLength: 25 }),
      (sold, kept, extra, steps) => {
        const market = openCapacityMarket();
        const before = market.balance(alice, CHAIN.baseDenom);
        const units = sold + kept;
        const bond = units * 3n + extra;
        const id = market.commit({ resource: `${units}`, bond: `${bond}` });
        market.send("OfferCapacity", { sender: alice, commitmentId: id, resource: `${sold}`, askE18: "1" });
        market.endBlock();
        const receivable = BigInt(market.commitment(id).receivable);
        market.buy(sold);
        const left = { sold, kept };
        for (const { units: wanted, deliver } of [...steps, { units: sold, deliver: true }, { units: kept, deliver: false }]) {
          const kind = deliver ? "sold" : "kept";
          const resource = minOf(wanted, left[kind]);
          if (resource === 0n) continue;
          left[kind] -= resource;
          const [name, sender] = deliver ? ["DeliverCapacity", bob] : ["ReleaseCapacity", alice];
          market.send(name, { sender, commitmentId: id, resource: `${resource}` });
        }
        assert.equal(market.find(id), undefined);
        assert.equal(market.balance(alice, CHAIN.baseDenom), before + receivable);
        market.requireInvariants();
      },
    ),
    { seed: SEED, numRuns: 40 },
  );
});

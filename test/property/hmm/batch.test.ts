import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type BatchOrder, type BatchResult, clearBatch } from "../../../modules/hmm/batch.ts";
import type { QuotePool } from "../../../modules/hmm/fees.ts";
import { h2, priceE18 } from "../../../modules/hmm/math.ts";
import { quoteBuyExactOut, quoteSell } from "../../../modules/hmm/quote.ts";
import { anyPool, part } from "./pools.ts";

const E18 = 10n ** 18n;
const RUNS = { seed: 99, numRuns: 250 } as const;

interface Batch {
  readonly pool: QuotePool;
  readonly orders: readonly BatchOrder[];
}

/** Batches of up to eight orders with limits within 30 % of the price, several of them equal; together at most 40 % of the reserve. */
const anyBatch: fc.Arbitrary<Batch> = fc
  .tuple(
    anyPool.filter((pool) => pool.psi > 1n << 20n && pool.theta > 1n << 20n),
    fc.array(fc.tuple(fc.boolean(), fc.bigInt({ min: 1n, max: 50_000n }), fc.constantFrom(70n, 90n, 97n, 100n, 103n, 110n, 130n)), {
      minLength: 1,
      maxLength: 8,
    }),
  )
  .map(([pool, rows]) => {
    const price = priceE18(pool);
    const orders = rows.map(([buy, m, percent], i) => ({
      id: BigInt(i + 1),
      side: buy ? ("buy" as const) : ("sell" as const),
      psi: part(pool.psi, m),
      limitE18: (price * percent) / 100n + 1n,
    }));
    return { pool, orders };
  });

const find = ({ fills }: BatchResult, { id }: BatchOrder): BatchResult["fills"][number] | undefined => fills.find((fill) => fill.id === id);

test("a batch gives the same result in whatever sequence its orders come", () => {
  fc.assert(
    fc.property(anyBatch, fc.integer({ min: 0, max: 7 }), ({ pool, orders }, shift) => {
      const turned = [...orders.slice(shift), ...orders.slice(0, shift)].reverse();
      assert.deepEqual(clearBatch(pool, turned), clearBatch(pool, orders));
    }),
    RUNS,
  );
});

test("every fill respects its order's limit and size", () => {
  fc.assert(
    fc.property(anyBatch, ({ pool, orders }) => {
      const result = clearBatch(pool, orders);
      for (const order of orders) {
        const fill = find(result, order);
        if (fill === undefined) continue;
        assert.ok(fill.psi > 0n && fill.psi <= order.psi);
        // Rounding of one order is at most one unit of credit before and one after the market fee.
        if (order.side === "buy") assert.ok((fill.theta - 3n) * E18 <= order.limitE18 * fill.psi);
        else assert.ok((fill.theta + 3n) * E18 >= order.limitE18 * fill.psi);
      }
    }),
    RUNS,
  );
});

test("no order that is better than a filled one of its side is left waiting", () => {
  fc.assert(
    fc.property(anyBatch, ({ pool, orders }) => {
      const result = clearBatch(pool, orders);
      for (const filled of orders) {
        if (find(result, filled) === undefined) continue;
        for (const other of orders) {
          const better = filled.side === "buy" ? other.limitE18 > filled.limitE18 : other.limitE18 < filled.limitE18;
          if (other.side === filled.side && better) assert.equal(find(result, other)?.psi, other.psi, "a better order trades whole");
        }
      }
    }),
    RUNS,
  );
});

test("resource and credit balance, the invariant does not fall, and providers keep a surplus", () => {
  fc.assert(
    fc.property(anyBatch, ({ pool, orders }) => {
      const result = clearBatch(pool, orders);
      let net = 0n;
      let paid = 0n;
      for (const order of orders) {
        const fill = find(result, order);
        if (fill === undefined) continue;
        net += order.side === "buy" ? fill.psi : -fill.psi;
        paid += order.side === "buy" ? fill.theta : -fill.theta;
      }
      assert.equal(net, result.netPsi);
      const entering = result.netPsi < 0n ? -result.curve : result.curve;
      assert.equal(paid, entering + result.lpSurplus + result.marketFees);
      assert.ok(result.lpSurplus >= 0n);
      assert.ok(h2(pool, pool.psi - result.netPsi, pool.theta + entering) >= h2(pool));
    }),
    RUNS,
  );
});

test("a batch of one order that nothing rations is the order executed alone; a sale saves the market fee on its risk fee", () => {
  fc.assert(
    fc.property(anyBatch, fc.boolean(), ({ pool, orders }, buy) => {
      const psi = orders[0]?.psi ?? 1n;
      const limitE18 = buy ? priceE18(pool) * 100n : 1n;
      const alone = buy ? quoteBuyExactOut(pool, psi) : quoteSell(pool, psi);
      if (alone.curve === 0n || alone.credit <= 0n) return;
      const [fill] = clearBatch(pool, [{ id: 1n, side: buy ? "buy" : "sell", psi, limitE18 }]).fills;
      assert.equal(fill?.psi, psi);
      // In a batch the risk fee is part of the pool's price, and a sale's market fee is taken of that price.
      const saved = buy ? 0n : (alone.riskFee * pool.marketFeeE18) / E18;
      const distance = (fill?.theta ?? 0n) - alone.credit - saved;
      assert.ok(distance <= 2n && distance >= -2n, `batch ${fill?.theta}, alone ${alone.credit}`);
    }),
    RUNS,
  );
});

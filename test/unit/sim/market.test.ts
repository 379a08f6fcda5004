import assert from "node:assert/strict";
import { test } from "node:test";
import { batchHalfway, batchOnCurve, oneAfterAnother } from "../../../cmd/hanzod/sim/market/blockRules.ts";
import { crowdOf } from "../../../cmd/hanzod/sim/market/crowd.ts";
import { demandAt, type Flow, flowIn, restPrice, supplyAt } from "../../../cmd/hanzod/sim/market/flow.ts";
import { createRandom } from "../../../cmd/hanzod/sim/market/random.ts";
import { createPool, feeOf, fromE18, RESERVE, spotPrice } from "../../../cmd/hanzod/sim/market/simPool.ts";
import { leastValueE18, stabilityE18, toPriceE18 } from "../../../cmd/hanzod/sim/market/stability.ts";
import { highestPrice, impermanentLoss } from "../../../cmd/hanzod/sim/market/theory.ts";
import { type BatchOrder, clearBatch } from "../../../modules/hmm/curve/batch.ts";
import type { QuotePool } from "../../../modules/hmm/curve/fees.ts";

const E18 = 10n ** 18n;
const LAMBDAS = [0n, E18 / 20n, E18 / 5n];
const UNIT = Number(RESERVE);
const FLOW: Flow = { share: 0.1, demand: 3, supply: 0.7, demandElasticity: 0.8, supplyElasticity: 0.6 };

const poolOf = (lambdaE18: bigint, riskE18 = 0n): QuotePool => createPool({ lambdaE18, marketFeeE18: 3n * 10n ** 15n, riskE18 });

function near(actual: number, expected: number, part: number, what: string): void {
  assert.ok(Math.abs(actual / expected - 1) <= part, `${what}: expected ${expected} within ${part}, got ${actual}`);
}

test("one price per block is the chain's batch of the same buys and sales", () => {
  for (const lambda of LAMBDAS) {
    for (const risk of [0n, E18 / 10n]) {
      for (const [rule, etaE18] of [
        [batchOnCurve, E18],
        [batchHalfway, E18 / 2n],
      ] as const) {
        const pool = poolOf(lambda, risk);
        const { pool: after, net, price } = rule(pool, crowdOf(UNIT, 0.003, FLOW));
        const sales = BigInt(Math.trunc(UNIT * supplyAt(FLOW, price * 0.997)));
        const orders: BatchOrder[] = [
          { id: 1n, side: "buy", psi: sales + net, limitE18: 100n * E18 },
          { id: 2n, side: "sell", psi: sales, limitE18: 1n },
        ];
        const cleared = clearBatch(pool, orders, { etaE18 });
        const what = `λ ${lambda}, ρ ${risk}, η ${etaE18}`;
        assert.equal(cleared.netPsi, net, what);
        assert.equal(pool.theta + cleared.curve, after.theta, what);
        near(Number(cleared.priceNum) / Number(cleared.priceDen), price, 1e-12, what);
        near(UNIT * demandAt(FLOW, price / 0.997), Number(sales + net), 1e-9, `${what}: what is wanted at the price is what trades`);
      }
    }
  }
});

test("many small limit orders along the demand and supply lines clear at the same price", () => {
  const pool = poolOf(E18 / 20n);
  const { price } = batchOnCurve(pool, crowdOf(UNIT, 0.003, FLOW));
  const orders: BatchOrder[] = [];
  const limits = Array.from({ length: 401 }, (_, i) => 0.2 * 50 ** (i / 400));
  limits.slice(1).forEach((limit, i) => {
    const below = limits[i] ?? limit;
    // Who buys at one price and no longer at the next has a limit between them.
    const leaves = UNIT * (demandAt(FLOW, below) - demandAt(FLOW, limit));
    const comes = UNIT * (supplyAt(FLOW, limit) - supplyAt(FLOW, below));
    const limitE18 = BigInt(Math.round(Math.sqrt(below * limit) * 1e18));
    orders.push({ id: BigInt(2 * i + 1), side: "buy", psi: BigInt(Math.trunc(leaves)), limitE18 });
    orders.push({ id: BigInt(2 * i + 2), side: "sell", psi: BigInt(Math.trunc(comes)), limitE18 });
  });
  const [first = 1, last = 1] = [limits[0], limits.at(-1)];
  orders.push({ id: 9001n, side: "buy", psi: BigInt(Math.trunc(UNIT * demandAt(FLOW, last))), limitE18: BigInt(Math.round(last * 1e18)) });
  orders.push({
    id: 9002n,
    side: "sell",
    psi: BigInt(Math.trunc(UNIT * supplyAt(FLOW, first))),
    limitE18: BigInt(Math.round(first * 1e18)),
  });
  const { priceNum, priceDen } = clearBatch(pool, orders);
  near(Number(priceNum) / Number(priceDen), price, 0.005, "price");
});

test("half way the price paid is the marginal price afterwards", () => {
  for (const lambda of LAMBDAS) {
    const { pool, price } = batchHalfway(poolOf(lambda), crowdOf(UNIT, 0.003, FLOW));
    near(spotPrice(pool), price, 1e-9, `λ ${lambda}`);
  }
});

test("orders one after the other are sized at the price before the block", () => {
  const pool = poolOf(0n);
  const { net } = oneAfterAnother(pool, crowdOf(UNIT, 0.003, FLOW));
  near(Number(net), UNIT * (demandAt(FLOW, 1 / 0.997) - supplyAt(FLOW, 0.997)), 1e-12, "net");
});

test("a crowd that agrees with the price moves nothing", () => {
  const calm: Flow = { share: 0.1, demand: 1, supply: 1, demandElasticity: 0.5, supplyElasticity: 0.5 };
  for (const rule of [batchOnCurve, batchHalfway]) {
    const pool = poolOf(E18 / 20n);
    assert.deepEqual(rule(pool, crowdOf(UNIT, 0.003, calm)), { pool, net: 0n, price: 1, rationed: false });
  }
});

test("at the end of its band a pool rations and stays there, in both directions", () => {
  for (const [demand, supply, sign] of [
    [1e4, 1e-4, 1],
    [1e-4, 1e4, -1],
  ] as const) {
    const flow: Flow = { share: 5, demand, supply, demandElasticity: 0.25, supplyElasticity: 0.25 };
    let pool = poolOf(E18 / 5n);
    for (let block = 0; block < 5; block++) {
      const settled = batchOnCurve(pool, crowdOf(UNIT, 0.003, flow));
      assert.ok(settled.rationed, `block ${block}`);
      pool = settled.pool;
    }
    near(spotPrice(pool), highestPrice(0.2) ** sign, 1e-9, "price");
  }
});

test("the market rests where demand meets supply, fees included", () => {
  const rest = restPrice(FLOW, 0.003);
  near(demandAt(FLOW, rest / 0.997), supplyAt(FLOW, rest * 0.997), 1e-12, "flows");
  let pool = poolOf(E18 / 20n);
  for (let block = 0; block < 60; block++) pool = batchOnCurve(pool, crowdOf(UNIT, feeOf(pool), FLOW)).pool;
  // One unit of credit is a visible part of the last, tiny trades: the pool stops about 10⁻⁸ short.
  near(spotPrice(pool), rest, 1e-6, "price");
});

test("W is zero at rest, positive elsewhere, and the least value is the closed formula inside and outside the band", () => {
  for (const lambda of LAMBDAS) {
    const pool = poolOf(lambda);
    assert.ok(stabilityE18(pool, E18) <= 1n, `λ ${lambda}`);
    for (const price of [0.01, 0.3, 0.999, 1.001, 3, 30]) {
      assert.ok(stabilityE18(pool, toPriceE18(pool, price)) > 0n, `λ ${lambda}, price ${price}`);
      const value = Number(leastValueE18(pool, toPriceE18(pool, price))) / 1e18 / UNIT / (1 + price) - 1;
      const expected = impermanentLoss(fromE18(lambda), price);
      assert.ok(Math.abs(value - expected) < 1e-9, `λ ${lambda}, price ${price}: expected ${expected}, got ${value}`);
    }
  }
});

test("a flow is looked up by block", () => {
  const phases = [
    { from: 0, flow: FLOW },
    { from: 5, flow: { ...FLOW, demand: 1 } },
  ];
  assert.deepEqual(
    [0, 4, 5, 9].map((block) => flowIn(phases, block).demand),
    [3, 3, 1, 1],
  );
  assert.throws(() => flowIn([{ from: 3, flow: FLOW }], 2), /expected a flow for block 2/);
});

test("random numbers repeat with the seed, differ between seeds, and have the deviation they promise", () => {
  const draw = (seed: number): number[] => {
    const random = createRandom(seed);
    return Array.from({ length: 4000 }, () => random.normal());
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1).slice(0, 4), draw(2).slice(0, 4));
  const values = draw(3);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  assert.ok(Math.abs(mean) < 0.05, `mean ${mean}`);
  near(deviation, 1, 0.04, "deviation");
});

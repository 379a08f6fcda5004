// P13: the stability function W never rises when a block settles at one price, whatever the size of the step.
import assert from "node:assert/strict";
import { type BlockRule, batchHalfway, batchOnCurve, oneAfterAnother } from "../../../cmd/hanzod/sim/market/blockRules.ts";
import { crowdOf } from "../../../cmd/hanzod/sim/market/crowd.ts";
import { type Flow, restPrice } from "../../../cmd/hanzod/sim/market/flow.ts";
import { feeOf } from "../../../cmd/hanzod/sim/market/simPool.ts";
import { stabilityE18, toPriceE18 } from "../../../cmd/hanzod/sim/market/stability.ts";
import { type BatchOrder, clearBatch } from "../../../modules/hmm/curve/batch.ts";
import { grossOf, netOf, type QuotePool } from "../../../modules/hmm/curve/fees.ts";
import { h2, priceE18 } from "../../../modules/hmm/curve/math.ts";
import { fc } from "../../harness/fastCheck.ts";
import { define, type Property } from "../hmm/definitions/property.ts";

const E18 = 10n ** 18n;
const BLOCKS = 10;

/** A pool and the people who come to it. */
interface Market {
  readonly pool: QuotePool;
  readonly flow: Flow;
}

/** Numbers spread evenly by ratio. */
function ratio(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 1000 }).map((step) => min * (max / min) ** (step / 1000));
}

const anyPool: fc.Arbitrary<QuotePool> = fc
  .record({
    psi: fc.bigInt({ min: 10n ** 9n, max: 10n ** 15n }),
    centreE18: fc.bigInt({ min: E18 / 1000n, max: 1000n * E18 }),
    tilt: fc.bigInt({ min: 600n, max: 1600n }),
    // The chain takes λ up to w/2; the theorem holds below w.
    lambda: fc.oneof(fc.constantFrom(0n, 50n, 500n), fc.bigInt({ min: 1n, max: 900n })),
    marketFee: fc.constantFrom(0n, 30n, 500n),
    risk: fc.constantFrom(0n, 100n, 330n),
    reference: fc.bigInt({ min: 500n, max: 2000n }),
  })
  .map(({ psi, centreE18, tilt, lambda, marketFee, risk, reference }) => ({
    psi,
    theta: (psi * centreE18 * tilt) / (1000n * E18) + 1000n,
    centreE18,
    wE18: E18,
    lambdaE18: (lambda * E18) / 1000n,
    marketFeeE18: (marketFee * E18) / 10_000n,
    riskE18: (risk * E18) / 1000n,
    psiRef: (psi * reference) / 1000n,
  }));

/** Random markets: flows from a thousandth of the reserve to five reserves per block, demand and supply up to tenfold either way. */
const anyMarket: fc.Arbitrary<Market> = fc.record({
  pool: anyPool,
  flow: fc.record({
    share: ratio(0.001, 5),
    demand: ratio(0.1, 10),
    supply: ratio(0.1, 10),
    demandElasticity: fc.double({ min: 0.25, max: 2, noNaN: true }),
    supplyElasticity: fc.double({ min: 0.25, max: 2, noNaN: true }),
  }),
});

/**
 * What floats and rounding may add to W in a block, times 10¹⁸: floats carry the resting price with fifteen digits, so a part of 10⁻¹² of the
 * value that moved is theirs; credit is rounded to one unit.
 */
function dustE18(restE18: bigint, moved: bigint): bigint {
  return E18 + (restE18 * (moved < 0n ? -moved : moved)) / 10n ** 12n;
}

/** Blocks after which W is higher than before. */
function countRises({ pool: start, flow }: Market, rule: BlockRule, blocks: number): number {
  const restE18 = toPriceE18(start, restPrice(flow, feeOf(start)));
  const crowd = crowdOf(Number(start.psi), feeOf(start), flow);
  let pool = start;
  let rises = 0;
  for (let block = 0; block < blocks; block++) {
    const { pool: after, net } = rule(pool, crowd);
    assert.ok(h2(after) >= h2(pool), "H never falls");
    if (stabilityE18(after, restE18) > stabilityE18(pool, restE18) + dustE18(restE18, net)) rises++;
    pool = after;
  }
  return rises;
}

/** A pool and orders that come again in every block. */
interface Book {
  readonly pool: QuotePool;
  readonly orders: readonly BatchOrder[];
  readonly etaE18: bigint;
}

const anyBook: fc.Arbitrary<Book> = fc
  .tuple(
    anyPool,
    fc.array(fc.tuple(fc.boolean(), ratio(0.0001, 1), ratio(0.2, 5)), { minLength: 2, maxLength: 16 }),
    fc.constantFrom(E18, E18 / 2n),
  )
  .map(([pool, rows, etaE18]) => ({
    pool,
    etaE18,
    orders: rows.map(([buys, share, limit], i) => ({
      id: BigInt(i + 1),
      side: buys ? ("buy" as const) : ("sell" as const),
      psi: (pool.psi * BigInt(Math.round(share * 1e6))) / 1_000_000n + 1n,
      limitE18: (priceE18(pool) * BigInt(Math.round(limit * 1e6))) / 1_000_000n + 1n,
    })),
  }));

/** The price at which the orders alone would meet: above it they want to sell, below it to buy. */
function restOfBook({ pool, orders }: Book): bigint {
  const plain = orders.map((order) => ({
    ...order,
    at: order.side === "buy" ? netOf(pool, order.limitE18) : grossOf(pool, order.limitE18),
  }));
  const limits = plain.map(({ at }) => at).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const excessAbove = (price: bigint): bigint =>
    plain.reduce((sum, { side, at, psi }) => (side === "buy" ? (at > price ? sum + psi : sum) : at <= price ? sum - psi : sum), 0n);
  return limits.find((price) => excessAbove(price) <= 0n) ?? limits.at(-1) ?? 1n;
}

function bookCalms(book: Book): void {
  const restE18 = restOfBook(book);
  let pool = book.pool;
  for (let block = 0; block < BLOCKS; block++) {
    const { netPsi, curve } = clearBatch(pool, book.orders, { etaE18: book.etaE18 });
    const after = { ...pool, psi: pool.psi - netPsi, theta: netPsi > 0n ? pool.theta + curve : pool.theta - curve };
    // All in integers: each order's credit is rounded by less than a unit.
    const dust = E18 * BigInt(book.orders.length + 1);
    assert.ok(stabilityE18(after, restE18) <= stabilityE18(pool, restE18) + dust, `W rose in block ${block}`);
    pool = after;
  }
}

const DEFINED: readonly Property[] = [
  define("P13.2", "W never rises when a block settles at one price on the curve (η = 1)", 200, anyMarket, (market) =>
    assert.equal(countRises(market, batchOnCurve, BLOCKS), 0),
  ),
  define("P13.3", "W never rises when a block settles at one price half way (η = ½)", 200, anyMarket, (market) =>
    assert.equal(countRises(market, batchHalfway, BLOCKS), 0),
  ),
  define("P13.4", "W never rises when the chain clears the same limit orders again and again", 200, anyBook, bookCalms),
];

/** A property for the campaign program. */
export interface SimProperty extends Property {
  /** Looks at random markets. @throws Error with the shrunk counterexample */
  run(runs: number, seed: number): void;
}

/** The properties of the simulated market. */
export const simProperties: readonly SimProperty[] = DEFINED.map((property) => ({
  ...property,
  run(runs, seed) {
    const failure = property.search({ seed, runs });
    if (failure !== undefined) throw new Error(`${property.name}: ${property.claim}: ${failure}`);
  },
}));

/** Markets of a seed in which one order after the other makes W rise: the control that the properties can fail. */
export function countRestlessMarkets(runs: number, seed: number): number {
  return fc.sample(anyMarket, { numRuns: runs, seed }).filter((market) => countRises(market, oneAfterAnother, BLOCKS) > 0).length;
}

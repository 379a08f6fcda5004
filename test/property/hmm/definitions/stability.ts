// P13: W(Ψ,Θ) = p*·Ψ + Θ − V(p*) is the pool's distance from the price p* at which demand equals supply. V, the least value of the level set
// at p*, grows with H and H never falls; so W does not rise in a block in which p*·ΔΨ + ΔΘ is not positive.
import assert from "node:assert/strict";
import { type BatchOrder, clearBatch } from "../../../../modules/hmm/curve/batch.ts";
import { grossOf, netOf, type QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import { inTheta, outTheta, priceE18 } from "../../../../modules/hmm/curve/math.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { anyPool, part } from "../pools.ts";
import { define, type Property } from "./property.ts";

const E18 = 10n ** 18n;

/** Demand and supply of one block: rows of side, size in millionths of Ψ, and limit in thousandths of the balance price. */
type Block = readonly (readonly [buy: boolean, size: bigint, limit: bigint])[];

interface Market {
  readonly pool: QuotePool;
  /** Balance price in thousandths of the pool's price at the beginning. */
  readonly balance: bigint;
  readonly blocks: readonly Block[];
  readonly etaE18: bigint;
}

const block: fc.Arbitrary<Block> = fc.array(
  fc.tuple(fc.boolean(), fc.bigInt({ min: 1n, max: 400_000n }), fc.bigInt({ min: 300n, max: 2500n })),
  { minLength: 1, maxLength: 10 },
);

const market: fc.Arbitrary<Market> = fc.record({
  pool: anyPool.filter(({ psi, theta }) => psi > 1n << 12n && theta > 1n << 12n),
  balance: fc.bigInt({ min: 600n, max: 1600n }),
  blocks: fc.array(block, { minLength: 1, maxLength: 5 }),
  etaE18: fc.oneof(fc.constant(E18), fc.constant(E18 / 2n), fc.bigInt({ min: E18 / 2n, max: E18 })),
});

/** What an order accepts as the pool's price, before the market fee. */
const plain = (pool: QuotePool, { side, limitE18 }: BatchOrder): bigint =>
  side === "buy" ? netOf(pool, limitE18) : grossOf(pool, limitE18);

/** A block's orders, and one more that makes what is wanted at the balance price equal to what is offered there. */
function ordersOf(pool: QuotePool, reserve: bigint, star: bigint, rows: Block): BatchOrder[] {
  const orders = rows.map(([buy, size, limit], i): BatchOrder => {
    const limitE18 = (star * limit) / 1000n + 1n;
    return { id: BigInt(i + 1), side: buy ? "buy" : "sell", psi: part(reserve, size), limitE18 };
  });
  let missing = 0n;
  for (const order of orders) {
    const price = plain(pool, order);
    if (order.side === "buy" && price >= star) missing += order.psi;
    if (order.side === "sell" && price <= star) missing -= order.psi;
  }
  const id = BigInt(rows.length + 1);
  if (missing > 0n) orders.push({ id, side: "sell", psi: missing, limitE18: netOf(pool, star) / 2n + 1n });
  if (missing < 0n) orders.push({ id, side: "buy", psi: -missing, limitE18: grossOf(pool, star) * 2n });
  return orders;
}

/** p*·ΔΨ + ΔΘ, credit base units times 10¹⁸. */
const rise = (star: bigint, before: QuotePool, after: QuotePool): bigint =>
  star * (after.psi - before.psi) + E18 * (after.theta - before.theta);

function batchesCalm({ pool, balance, blocks, etaE18 }: Market): void {
  const star = (priceE18(pool) * balance) / 1000n + 2n;
  let at = pool;
  for (const rows of blocks) {
    // Sizes are parts of the first reserve: the market does not shrink with the pool.
    const { netPsi, curve } = clearBatch(at, ordersOf(at, pool.psi, star, rows), { etaE18 });
    const after = { ...at, psi: at.psi - netPsi, theta: at.theta + (netPsi < 0n ? -curve : curve) };
    // One unit of credit for the rounding of the curve; η stretches and rounds once more.
    const slack = (etaE18 === E18 ? 1n : 3n) * E18;
    assert.ok(rise(star, at, after) <= slack, `W rose by up to ${rise(star, at, after)} at the price ${star}`);
    if (after.psi < 1000n || after.theta < 1000n || after.psi >> 110n > 0n || after.theta >> 110n > 0n) return;
    at = after;
  }
}

/** The control: everybody who accepts the price before the block trades at the curve, one after the other. */
function afterSequentialBlock(pool: QuotePool, orders: readonly BatchOrder[]): QuotePool {
  const price = priceE18(pool);
  let at = pool;
  for (const order of orders) {
    const accepts = order.side === "buy" ? plain(pool, order) >= price : plain(pool, order) <= price;
    if (!accepts) continue;
    if (order.side === "buy" && order.psi * 10n < at.psi * 9n) {
      at = { ...at, psi: at.psi - order.psi, theta: at.theta + inTheta(at, order.psi) };
    } else if (order.side === "sell" && order.psi < at.psi && at.lambdaE18 * 10n < at.wE18) {
      at = { ...at, psi: at.psi + order.psi, theta: at.theta - outTheta(at, order.psi) };
    }
  }
  return at;
}

/** Counts random markets whose W rises when their first block trades one after the other. */
export function sequentialRises(seed: number, markets: number): number {
  const cases = fc.sample(market, { seed, numRuns: markets });
  return cases.filter(({ pool, balance, blocks }) => {
    const star = (priceE18(pool) * balance) / 1000n + 2n;
    return rise(star, pool, afterSequentialBlock(pool, ordersOf(pool, pool.psi, star, blocks[0] ?? []))) > 3n * E18;
  }).length;
}

/** Claims about stability. */
export const stabilityProperties: readonly Property[] = [
  define(
    "P13.1",
    "batches never move a pool away from the price at which demand equals supply, however large they are",
    400,
    market,
    batchesCalm,
  ),
];

// P11: the block's batch.
import assert from "node:assert/strict";
import { type BatchFill, type BatchOrder, type BatchResult, clearBatch } from "../../../../modules/hmm/curve/batch.ts";
import { grossOf, type QuotePool, saleMarketFee } from "../../../../modules/hmm/curve/fees.ts";
import { h2, inTheta, outTheta, priceE18 } from "../../../../modules/hmm/curve/math.ts";
import { createPoolSide } from "../../../../modules/hmm/curve/poolSide.ts";
import { quoteBuyExactOut, quoteSell } from "../../../../modules/hmm/curve/quote.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { anyPool, part, ppm } from "../pools.ts";
import { anyBatch, type Batch, batchWithOptions, cappedBatch, hostileBatch } from "./batches.ts";
import { define, type Property } from "./property.ts";
import { clearPlainly } from "./referenceBatch.ts";

const E18 = 10n ** 18n;

const find = ({ fills }: BatchResult, { id }: BatchOrder): BatchFill | undefined => fills.find((fill) => fill.id === id);
const clear = ({ pool, orders, options }: Batch): BatchResult => clearBatch(pool, orders, options);
/** Credit that enters the reserve; negative when it leaves. */
const entering = ({ netPsi, curve }: BatchResult): bigint => (netPsi < 0n ? -curve : curve);

/** The clearing equals the plain rule. */
function matchesPlainRule({ pool, orders, options }: Batch): void {
  assert.deepEqual(clearBatch(pool, orders, options), clearPlainly(pool, orders, options));
}

function respectsLimits(batch: Batch): void {
  const result = clear(batch);
  for (const order of batch.orders) {
    const fill = find(result, order);
    if (fill === undefined) continue;
    assert.ok(fill.psi > 0n && fill.psi <= order.psi);
    const worth = order.limitE18 * fill.psi;
    // The amount before the fee, the fee, and the fee's rate on the first of them round by less than a unit each.
    if (order.side === "buy") assert.ok((fill.theta - 3n) * E18 < worth, `pays ${fill.theta} for ${fill.psi}`);
    else assert.ok((fill.theta + 2n) * E18 > worth, `gets ${fill.theta} for ${fill.psi}`);
  }
}

function paysOnePrice(batch: Batch): void {
  const result = clear(batch);
  const { priceNum, priceDen } = result;
  for (const order of batch.orders) {
    const fill = find(result, order);
    if (fill === undefined) continue;
    const value = fill.psi * priceNum;
    const down = value / priceDen;
    if (order.side === "buy") assert.equal(fill.theta, grossOf(batch.pool, down * priceDen === value ? down : down + 1n));
    else assert.equal(fill.theta, down - saleMarketFee(batch.pool, down));
  }
}

function leavesNoBetterOrder(batch: Batch): void {
  const result = clear(batch);
  for (const filled of batch.orders) {
    if (find(result, filled) === undefined) continue;
    for (const other of batch.orders) {
      const better = filled.side === "buy" ? other.limitE18 > filled.limitE18 : other.limitE18 < filled.limitE18;
      // Limits that the market fee rounds to one price are one limit.
      if (other.side !== filled.side || !better || samePrice(batch, filled, other)) continue;
      assert.equal(find(result, other)?.psi, other.psi, "a better order trades whole");
    }
  }
}

function samePrice({ pool }: Batch, a: BatchOrder, b: BatchOrder): boolean {
  const plain = ({ side, limitE18 }: BatchOrder): bigint =>
    side === "buy" ? (limitE18 * (E18 - pool.marketFeeE18)) / E18 : grossOf(pool, limitE18);
  return plain(a) === plain(b);
}

function balances(batch: Batch): void {
  const { pool, orders } = batch;
  const result = clear(batch);
  let net = 0n;
  let paid = 0n;
  for (const order of orders) {
    const fill = find(result, order);
    net += fill === undefined ? 0n : order.side === "buy" ? fill.psi : -fill.psi;
    paid += fill === undefined ? 0n : order.side === "buy" ? fill.theta : -fill.theta;
  }
  assert.equal(net, result.netPsi);
  assert.equal(paid, entering(result) + result.lpSurplus + result.marketFees);
  assert.ok(result.lpSurplus >= 0n && result.marketFees >= 0n && result.curve >= 0n);
  const after = { psi: pool.psi - result.netPsi, theta: pool.theta + entering(result) };
  assert.ok(after.psi > 0n && after.theta > 0n, "the pool keeps a part of both reserves");
  assert.ok(h2(pool, after.psi, after.theta) >= h2(pool), "H does not fall");
}

function staysWithinCaps(batch: Batch): void {
  const { netPsi } = clear(batch);
  const { maxOut, maxIn } = batch.options;
  assert.ok(netPsi <= (maxOut ?? batch.pool.psi - 1n) && -netPsi <= (maxIn ?? (1n << 128n) - 1n), `net ${netPsi}`);
}

/** At the price no pool quantity is refused that the orders at hand would have needed: whoever is strictly better than the price trades whole. */
function leavesNobodyStrictlyWilling(batch: Batch): void {
  const { pool, orders } = batch;
  const result = clear(batch);
  for (const order of orders) {
    const buy = order.side === "buy";
    const limit = buy ? (order.limitE18 * (E18 - pool.marketFeeE18)) / E18 : grossOf(pool, order.limitE18);
    const [offered, asked] = [limit * result.priceDen, result.priceNum * E18];
    if (buy ? offered > asked : offered < asked) assert.equal(find(result, order)?.psi, order.psi, `order ${order.id}`);
    if (buy ? offered < asked : offered > asked) assert.equal(find(result, order), undefined, `order ${order.id}`);
  }
}

function rationsFairly(batch: Batch): void {
  const result = clear(batch);
  const levels = new Map<string, BatchOrder[]>();
  for (const order of batch.orders) {
    const key = `${order.side} ${order.limitE18}`;
    levels.set(key, [...(levels.get(key) ?? []), order]);
  }
  for (const orders of levels.values()) {
    const got = orders.map((order) => find(result, order)?.psi ?? 0n);
    const asked = orders.reduce((sum, { psi }) => sum + psi, 0n);
    const given = got.reduce((a, b) => a + b, 0n);
    // Limits that the fee makes equal share too; then this level alone need not be proportional to the unit, but stays near it.
    orders.forEach((order, i) => {
      const exact = order.psi * given;
      const own = (got[i] ?? 0n) * asked;
      const slack = BigInt(batch.orders.length) * asked;
      assert.ok(own - exact < slack && exact - own < slack, `order ${order.id} got ${got[i]} of ${order.psi}, all together ${given}`);
    });
  }
}

interface Single {
  readonly pool: QuotePool;
  readonly m: bigint;
  readonly buy: boolean;
}

/** Not rationed: an order with a limit far from the price, within the pool. */
function equalsDirectOrder({ pool, m, buy }: Single): void {
  const psi = part(pool.psi, m);
  const limitE18 = buy ? (priceE18(pool) + 1n) * 1000n : 1n;
  const alone = buy ? quoteBuyExactOut(pool, psi) : quoteSell(pool, psi);
  // In a pool of few units one unit of rounding can be worth more than the order.
  fc.pre(alone.curve > 3n && alone.credit > 0n && alone.credit * E18 < (limitE18 / 2n) * psi);
  const [fill] = clearBatch(pool, [{ id: 1n, side: buy ? "buy" : "sell", psi, limitE18 }]).fills;
  assert.equal(fill?.psi, psi);
  // In a batch the risk fee is part of the pool's price, and a sale's market fee is taken of that price.
  const saved = buy ? 0n : (alone.riskFee * pool.marketFeeE18) / E18;
  const distance = (fill?.theta ?? 0n) - alone.credit - saved;
  assert.ok(distance <= 2n && distance >= -2n, `batch ${fill?.theta}, alone ${alone.credit}`);
}

/** With η below one the pool gives at most what keeps its invariant: for every net trade it ends with at least as much credit. */
function keepsMore(batch: Batch): void {
  const { pool } = batch;
  const result = clear(batch);
  if (result.netPsi > 0n) assert.ok(result.curve >= inTheta(pool, result.netPsi));
  if (result.netPsi < 0n) assert.ok(result.curve <= outTheta(pool, -result.netPsi));
}

/**
 * η = ½: the reserves end in the middle of a trade of twice the size that keeps H, and the marginal price there is that trade's average. Each
 * rounding of a credit unit moves that average by its part of the trade.
 */
function endsAtThePrice({ pool, m, buy }: Single): void {
  const psi = part(pool.psi, m / 2n + 1n);
  const plain = { ...pool, riskE18: 0n, marketFeeE18: 0n };
  const order: BatchOrder = { id: 1n, side: buy ? "buy" : "sell", psi, limitE18: buy ? (1n << 192n) - 1n : 1n };
  const result = clearBatch(plain, [order], { etaE18: E18 / 2n });
  fc.pre(result.curve > 0n && result.priceDen !== E18);
  const after = priceE18({ ...plain, psi: plain.psi - result.netPsi, theta: plain.theta + entering(result) });
  const price = (result.priceNum * E18) / result.priceDen;
  const slack = (2n * E18) / psi + (2n * price) / plain.theta + 2n;
  assert.ok(after - price <= slack && price - after <= slack, `price ${price}, afterwards ${after}`);
}

/** What the search over the limits rests on: true for neighbouring prices too, where rounding makes the pool's bids uneven. */
function supplyNeverFalls({ batch: { pool, options, orders }, halvings }: { readonly batch: Batch; readonly halvings: bigint }): void {
  const { etaE18 = E18, maxOut = pool.psi - 1n, maxIn = (1n << 128n) - 1n } = options;
  const side = createPoolSide(pool, { etaE18, maxOut, maxIn });
  for (const { limitE18 } of orders) {
    const higher = limitE18 + (limitE18 >> halvings) + 1n;
    const [less, more] = [side.supply(limitE18), side.supply(higher)];
    assert.ok(less <= more, `${less} at ${limitE18}, ${more} at ${higher}`);
    // The short cut says what the whole search says.
    for (const amount of [less, less + 1n, more, more + 1n, 0n]) assert.equal(side.suppliesAtLeast(limitE18, amount), less >= amount);
  }
}

const turned = fc.tuple(hostileBatch, fc.nat({ max: 9 }), fc.boolean());
const single: fc.Arbitrary<Single> = fc.record({ pool: anyPool, m: ppm, buy: fc.boolean() });

/** P11 and what the clearing adds to it. */
export const batchProperties: readonly Property[] = [
  define("P11.1", "a batch clears as the plain rule says, one limit after the other with halving", 600, anyBatch, matchesPlainRule),
  define("P11.2", "so it does with limits on the net trade and with η below one", 300, batchWithOptions, matchesPlainRule),
  define("P11.3", "so it does for orders and limits of any width", 300, hostileBatch, matchesPlainRule),
  define("P11.4", "a batch gives the same result in whatever sequence its orders come", 400, turned, ([batch, shift, back]) => {
    const moved = [...batch.orders.slice(shift), ...batch.orders.slice(0, shift)];
    const orders = back ? moved.reverse() : moved;
    assert.deepEqual(clear({ ...batch, orders }), clear(batch));
  }),
  define("P11.5", "every fill respects its order's limit and size", 600, hostileBatch, respectsLimits),
  define("P11.6", "all fills are at one price, before a market fee that is rounded in the pool's favour", 500, hostileBatch, paysOnePrice),
  define("P11.7", "no order that is better than a filled one of its side is left waiting", 500, hostileBatch, leavesNoBetterOrder),
  define(
    "P11.8",
    "resource and credit balance, H does not fall, the reserves stay and providers keep a surplus",
    600,
    hostileBatch,
    balances,
  ),
  define("P11.9", "the net trade stays within its limits", 400, hostileBatch, staysWithinCaps),
  define(
    "P11.10",
    "whoever is strictly willing at the price trades whole, whoever is not does not trade",
    500,
    hostileBatch,
    leavesNobodyStrictlyWilling,
  ),
  define("P11.11", "orders at one limit share in proportion to their sizes, to the unit", 400, hostileBatch, rationsFairly),
  define("P11.12", "a batch of one order that nothing rations is the order executed alone", 400, single, equalsDirectOrder),
  define("P11.13", "no batch leaves the pool with less credit than its curve asks", 400, batchWithOptions, keepsMore),
  define("P11.14", "with η = ½ the pool's price after a batch is the batch's price", 300, single, endsAtThePrice),
  define("P11.15", "a batch clears as the plain rule says where the pool's mean bid is uneven", 400, cappedBatch, matchesPlainRule),
  define(
    "P11.16",
    "the pool never supplies less at a higher price",
    300,
    fc.record({ batch: fc.oneof(batchWithOptions, cappedBatch, hostileBatch), halvings: fc.bigInt({ min: 4n, max: 60n }) }),
    supplyNeverFalls,
  ),
];

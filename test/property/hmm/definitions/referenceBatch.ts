// The clearing rule in its plainest form: one limit after the other, supply by halving, every comparison evaluated. Slow, short, and the
// definition that the market's clearing is compared with.
import { E18, minOf } from "#sdk";
import type { BatchFill, BatchOrder, BatchResult, ClearingOptions } from "../../../../modules/hmm/curve/batch.ts";
import { grossOf, netOf, type QuotePool, riskFee, saleMarketFee, thetaReference } from "../../../../modules/hmm/curve/fees.ts";
import { h2, inTheta, outTheta, priceFraction } from "../../../../modules/hmm/curve/math.ts";

const WIDEST = 1n << 128n;

interface Priced extends BatchOrder {
  readonly priceE18: bigint;
}

interface Cleared {
  readonly filled: readonly Priced[];
  readonly num: bigint;
  readonly den: bigint;
}

interface Side {
  ask(psi: bigint): { readonly total: bigint; readonly curve: bigint };
  bid(psi: bigint): { readonly total: bigint; readonly curve: bigint };
  supply(price: bigint): bigint;
}

function halve(top: bigint, holds: (y: bigint) => boolean): bigint {
  let low = 0n;
  let high = top;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

const ceil = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

function sideOf(pool: QuotePool, { etaE18 = E18, maxOut = pool.psi - 1n, maxIn = WIDEST - 1n }: ClearingOptions): Side {
  const thetaRef = thetaReference(pool);
  const far = (psi: bigint): bigint => ceil(psi * E18, etaE18);
  const ask: Side["ask"] = (psi) => {
    const plain = inTheta(pool, psi);
    const curve = ceil(inTheta(pool, far(psi)) * psi, far(psi));
    return { total: curve + riskFee(pool, pool, { psi: pool.psi - psi, theta: pool.theta + plain }, thetaRef), curve };
  };
  const bid: Side["bid"] = (psi) => {
    const plain = outTheta(pool, psi);
    const curve = (outTheta(pool, far(psi)) * psi) / far(psi);
    return { total: curve - riskFee(pool, pool, { psi: pool.psi + psi, theta: pool.theta - plain }, thetaRef), curve };
  };
  const leavesCredit = (psi: bigint): boolean => psi < WIDEST && pool.lambdaE18 * (pool.centreE18 * (pool.psi + psi)) ** 2n < h2(pool);
  const supply = (price: bigint): bigint => {
    const sold = halve(minOf(pool.psi, maxOut + 1n), (y) => far(y) < pool.psi && ask(y).total * E18 <= price * y);
    if (sold > 0n) return sold;
    // No bid exceeds the whole credit reserve.
    const affordable = (y: bigint): boolean => price * y <= pool.theta * E18 && leavesCredit(far(y));
    return -halve(maxIn + 1n, (y) => affordable(y) && bid(y).total * E18 >= price * y);
  };
  return { ask, bid, supply };
}

const sum = (orders: readonly Priced[]): bigint => orders.reduce((total, { psi }) => total + psi, 0n);
const netOfAll = (orders: readonly Priced[]): bigint => orders.reduce((net, { side, psi }) => net + (side === "buy" ? psi : -psi), 0n);

function ration(orders: readonly Priced[], amount: bigint): Priced[] {
  const total = sum(orders);
  if (total === 0n) return [];
  const shares = orders.map(({ psi }) => (psi * amount) / total);
  let rest = amount - shares.reduce((a, b) => a + b, 0n);
  return orders.map((order, i) => {
    const extra = rest > 0n ? 1n : 0n;
    rest -= extra;
    return { ...order, psi: (shares[i] ?? 0n) + extra };
  });
}

function between(pool: QuotePool, side: Side, filled: readonly Priced[], low: bigint | undefined, high: bigint | undefined): Cleared {
  const net = netOfAll(filled);
  let { num, den } = priceFraction(pool);
  if (net > 0n) [num, den] = [side.ask(net).total, net];
  if (net < 0n) [num, den] = [side.bid(-net).total, -net];
  if (high !== undefined && num * E18 > high * den) return { filled, num: high, den: E18 };
  if (low !== undefined && num * E18 < low * den) return { filled, num: low, den: E18 };
  return { filled, num, den };
}

function scan(pool: QuotePool, side: Side, orders: readonly Priced[]): Cleared {
  const limits = [...new Set(orders.map((o) => o.priceE18))].sort((a, b) => (a < b ? -1 : 1));
  const pick = (kind: BatchOrder["side"], test: (limit: bigint) => boolean): Priced[] =>
    orders.filter((o) => o.side === kind && test(o.priceE18));
  let previous: bigint | undefined;
  for (const price of limits) {
    const supply = side.supply(price);
    const [buys, sales] = [pick("buy", (l) => l > price), pick("sell", (l) => l < price)];
    const [lastBuys, lastSales] = [pick("buy", (l) => l === price), pick("sell", (l) => l === price)];
    const missing = supply + sum(sales) - sum(buys);
    if (missing + sum(lastSales) >= 0n) {
      if (sum(lastBuys) < missing) return between(pool, side, [...buys, ...lastBuys, ...sales], previous, price);
      const bought = minOf(sum(lastBuys), missing + sum(lastSales));
      return { filled: [...buys, ...sales, ...ration(lastBuys, bought), ...ration(lastSales, bought - missing)], num: price, den: E18 };
    }
    previous = price;
  }
  const sales = pick("sell", () => true);
  return between(pool, side, sales, previous, undefined);
}

/** Clears a batch by the plain rule. */
export function clearPlainly(pool: QuotePool, orders: readonly BatchOrder[], options: ClearingOptions = {}): BatchResult {
  const side = sideOf(pool, options);
  const priced = orders
    .map((o) => ({ ...o, priceE18: o.side === "buy" ? netOf(pool, o.limitE18) : grossOf(pool, o.limitE18) }))
    .filter(({ priceE18 }) => priceE18 > 0n)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const { filled, num, den } = scan(pool, side, priced);
  const fills: BatchFill[] = [];
  let collected = 0n;
  let marketFees = 0n;
  for (const { id, side: kind, psi } of [...filled].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (psi === 0n) continue;
    const plain = kind === "buy" ? ceil(psi * num, den) : (psi * num) / den;
    const fee = kind === "buy" ? grossOf(pool, plain) - plain : saleMarketFee(pool, plain);
    fills.push({ id, psi, theta: kind === "buy" ? plain + fee : plain - fee });
    collected += kind === "buy" ? plain : -plain;
    marketFees += fee;
  }
  const netPsi = netOfAll(filled);
  // With η < 1 rounding at a limit may leave the batch a unit or two short of the pool's average; then the pool takes what there is.
  const curve = netPsi > 0n ? minOf(side.ask(netPsi).curve, collected) : netPsi < 0n ? -minOf(-side.bid(-netPsi).curve, collected) : 0n;
  const lpSurplus = netPsi > 0n ? collected - curve : collected + curve;
  return { fills, priceNum: num, priceDen: den, netPsi, curve, lpSurplus, marketFees };
}

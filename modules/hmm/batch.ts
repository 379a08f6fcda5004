// Clearing of many orders at one price (whitepaper §4.2, Eq. (4) in discrete time). For a quadratic H the average price of a net trade is the
// marginal price at the middle of its reserves, so one price for the whole batch conserves H exactly, whatever the size of the step.
// The result depends on the set of orders only, not on their sequence.
import { E18, minOf } from "#sdk";
import { hmmError } from "./errors.ts";
import { grossOf, netOf, type QuotePool, riskFee, saleMarketFee, thetaReference } from "./fees.ts";
import { AMOUNT_BITS, h2, inTheta, outTheta, priceFraction } from "./math.ts";

/** An order of a batch. */
export interface BatchOrder {
  /** Breaks ties of rounding; unique in the batch. */
  readonly id: bigint;
  readonly side: "buy" | "sell";
  /** Resource base units, > 0. */
  readonly psi: bigint;
  /** Worst acceptable price with all fees, credit base units per resource base unit, times 10¹⁸. */
  readonly limitE18: bigint;
}

/** What an order got. */
export interface BatchFill {
  readonly id: bigint;
  /** Resource base units, > 0 and at most the order's. */
  readonly psi: bigint;
  /** Credit base units paid (buy, rounded up) or received (sale, rounded down), market fee included. */
  readonly theta: bigint;
}

/** Outcome of a batch. */
export interface BatchResult {
  /** In the order of identifiers. */
  readonly fills: readonly BatchFill[];
  /** The one price before market fees, credit base units per resource base unit, as a fraction. */
  readonly priceNum: bigint;
  readonly priceDen: bigint;
  /** Resource base units that leave the pool; negative when they enter. */
  readonly netPsi: bigint;
  /** Credit base units that enter the pool's reserve (netPsi > 0) or leave it (netPsi < 0). */
  readonly curve: bigint;
  /** Credit base units left over for liquidity providers: risk fee, rounding, and what rationed orders would have paid above the curve. */
  readonly lpSurplus: bigint;
  /** Credit base units of market fees. */
  readonly marketFees: bigint;
}

/** An order with its limit before the market fee: what it accepts as the batch's price. */
interface PlainOrder extends BatchOrder {
  readonly priceE18: bigint;
}

/** The pool as a participant of the batch. */
interface PoolSide {
  /** Total that the pool asks for selling, and what of it goes onto the curve. */
  ask(psi: bigint): { readonly total: bigint; readonly curve: bigint };
  /** Total that the pool bids for buying, and what leaves the curve for it. */
  bid(psi: bigint): { readonly total: bigint; readonly curve: bigint };
  /** Resource base units that the pool sells (positive) or buys (negative) at a price. */
  supply(priceE18: bigint): bigint;
}

/** Largest y below `top` with holds(y), by halving; holds(0) is taken as true. Rounding makes tiny amounts uneven, so only halving counts. */
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

function poolSide(pool: QuotePool): PoolSide {
  const thetaRef = thetaReference(pool);
  const h = h2(pool);
  const ask = (psi: bigint): { total: bigint; curve: bigint } => {
    const curve = inTheta(pool, psi);
    return { total: curve + riskFee(pool, pool, { psi: pool.psi - psi, theta: pool.theta + curve }, thetaRef), curve };
  };
  const bid = (psi: bigint): { total: bigint; curve: bigint } => {
    const curve = outTheta(pool, psi);
    return { total: curve - riskFee(pool, pool, { psi: pool.psi + psi, theta: pool.theta - curve }, thetaRef), curve };
  };
  const leavesCredit = (psi: bigint): boolean => pool.lambdaE18 * (pool.centreE18 * (pool.psi + psi)) ** 2n < h;
  const supply = (price: bigint): bigint => {
    const sold = halve(pool.psi, (y) => ask(y).total * E18 <= price * y);
    if (sold > 0n) return sold;
    // What the pool buys costs at most its whole credit reserve, and no amount is wider than 128 bits.
    const top = minOf((pool.theta * E18) / price + 2n, 1n << BigInt(AMOUNT_BITS));
    return -halve(top, (y) => leavesCredit(y) && bid(y).total * E18 >= price * y);
  };
  return { ask, bid, supply };
}

const sum = (orders: readonly PlainOrder[]): bigint => orders.reduce((total, { psi }) => total + psi, 0n);

/** Buys above and sales below a price, and those exactly at it. */
interface Sides {
  readonly buys: readonly PlainOrder[];
  readonly sales: readonly PlainOrder[];
  readonly marginalBuys: readonly PlainOrder[];
  readonly marginalSales: readonly PlainOrder[];
}

function sidesAt(orders: readonly PlainOrder[], price: bigint): Sides {
  const pick = (side: BatchOrder["side"], test: (limit: bigint) => boolean): PlainOrder[] =>
    orders.filter((o) => o.side === side && test(o.priceE18));
  return {
    buys: pick("buy", (limit) => limit > price),
    sales: pick("sell", (limit) => limit < price),
    marginalBuys: pick("buy", (limit) => limit === price),
    marginalSales: pick("sell", (limit) => limit === price),
  };
}

/** Shares out an amount among orders in proportion to their sizes: rounded down, then one unit each in the order of identifiers. */
function ration(orders: readonly PlainOrder[], amount: bigint): PlainOrder[] {
  const total = sum(orders);
  if (total === 0n) return [];
  const shares = orders.map((order) => (order.psi * amount) / total);
  let rest = amount - shares.reduce((a, b) => a + b, 0n);
  return orders.map((order, i) => {
    const extra = rest > 0n ? 1n : 0n;
    rest -= extra;
    return { ...order, psi: (shares[i] ?? 0n) + extra };
  });
}

/** Orders with the amounts that they get, and the price. */
interface Clearing {
  readonly filled: readonly PlainOrder[];
  readonly priceNum: bigint;
  readonly priceDen: bigint;
}

/** Everything that is willing at a price between two limits trades; the pool takes the difference at its own average price. */
function clearBetween(
  pool: QuotePool,
  side: PoolSide,
  filled: readonly PlainOrder[],
  low: bigint | undefined,
  high: bigint | undefined,
): Clearing {
  const net = netOfOrders(filled);
  if (net > 0n) return { filled, priceNum: side.ask(net).total, priceDen: net };
  if (net < 0n) return { filled, priceNum: side.bid(-net).total, priceDen: -net };
  const { num, den } = priceFraction(pool);
  if (high !== undefined && num * E18 > high * den) return { filled, priceNum: high, priceDen: E18 };
  if (low !== undefined && num * E18 < low * den) return { filled, priceNum: low, priceDen: E18 };
  return { filled, priceNum: num, priceDen: den };
}

function netOfOrders(orders: readonly PlainOrder[]): bigint {
  return orders.reduce((net, { side, psi }) => (side === "buy" ? net + psi : net - psi), 0n);
}

/** Orders better than the price trade whole, those at the price share what is left. */
function clearAt(price: bigint, supply: bigint, { buys, sales, marginalBuys, marginalSales }: Sides): Clearing {
  const missing = supply + sum(sales) - sum(buys);
  const bought = minOf(sum(marginalBuys), missing + sum(marginalSales));
  const filled = [...buys, ...sales, ...ration(marginalBuys, bought), ...ration(marginalSales, bought - missing)];
  return { filled, priceNum: price, priceDen: E18 };
}

function findClearing(pool: QuotePool, orders: readonly PlainOrder[]): Clearing {
  const side = poolSide(pool);
  const limits = [...new Set(orders.map((o) => o.priceE18))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  let previous: bigint | undefined;
  for (const price of limits) {
    const supply = side.supply(price);
    const sides = sidesAt(orders, price);
    if (sum(sides.buys) - sum(sides.sales) - sum(sides.marginalSales) - supply <= 0n) {
      const atLeast = sum(sides.buys) + sum(sides.marginalBuys) - sum(sides.sales) - supply;
      if (atLeast >= 0n) return clearAt(price, supply, sides);
      return clearBetween(pool, side, [...sides.buys, ...sides.marginalBuys, ...sides.sales], previous, price);
    }
    previous = price;
  }
  return clearBetween(
    pool,
    side,
    orders.filter((o) => o.side === "sell"),
    previous,
    undefined,
  );
}

/** Limit of an order as a price before the market fee, rounded against the order. */
function plainOrder(pool: QuotePool, order: BatchOrder): PlainOrder {
  return { ...order, priceE18: order.side === "buy" ? netOf(pool, order.limitE18) : grossOf(pool, order.limitE18) };
}

/**
 * Clears a batch against a pool at one price.
 * @param orders with unique identifiers, sizes above zero and limits above zero
 * @returns fills, price, net trade with the pool, and what liquidity providers and fees get
 * @throws hmm/8 when the net trade would drain the pool
 */
export function clearBatch(pool: QuotePool, orders: readonly BatchOrder[]): BatchResult {
  const sorted = orders.map((order) => plainOrder(pool, order)).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const { filled, priceNum, priceDen } = findClearing(pool, sorted);
  const fills: BatchFill[] = [];
  let collected = 0n;
  let marketFees = 0n;
  for (const { id, side, psi } of [...filled].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (psi === 0n) continue;
    const value = psi * priceNum;
    const plain = side === "buy" ? (value + priceDen - 1n) / priceDen : value / priceDen;
    const fee = side === "buy" ? grossOf(pool, plain) - plain : saleMarketFee(pool, plain);
    fills.push({ id, psi, theta: side === "buy" ? plain + fee : plain - fee });
    collected += side === "buy" ? plain : -plain;
    marketFees += fee;
  }
  const netPsi = netOfOrders(filled);
  const curve = netPsi > 0n ? inTheta(pool, netPsi) : netPsi < 0n ? outTheta(pool, -netPsi) : 0n;
  const lpSurplus = netPsi > 0n ? collected - curve : collected + curve;
  if (lpSurplus < 0n) throw hmmError.unbalanced(`expected a surplus of at least 0, got ${lpSurplus}`);
  return { fills, priceNum, priceDen, netPsi, curve, lpSurplus, marketFees };
}

// Where the supply of a batch meets its demand (whitepaper §4.2): one price for all orders and what each of them gets.
import { E18, minOf } from "#sdk";
import type { PoolSide } from "./poolSide.ts";

/** An order with its limit before the market fee: what it accepts as the batch's price. */
export interface PlainOrder {
  readonly id: bigint;
  readonly side: "buy" | "sell";
  /** Resource base units, > 0; of a filled order, what it gets. */
  readonly psi: bigint;
  /** Credit base units per resource base unit, times 10¹⁸, > 0. */
  readonly priceE18: bigint;
}

/** Orders with the amounts that they get, and the price as a fraction. */
export interface Clearing {
  /** In the sequence of the orders; amounts may be zero. */
  readonly filled: readonly PlainOrder[];
  readonly priceNum: bigint;
  readonly priceDen: bigint;
}

/** Orders at one limit, and those beyond it that accept its price. Resource base units. */
interface Level {
  readonly priceE18: bigint;
  readonly buys: bigint;
  readonly sales: bigint;
  /** Buys with higher limits. */
  readonly buysAbove: bigint;
  /** Sales with lower limits. */
  readonly salesBelow: bigint;
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Levels from the lowest limit to the highest, with running sums. */
function levelsOf(orders: readonly PlainOrder[]): Level[] {
  const levels: { priceE18: bigint; buys: bigint; sales: bigint; buysAbove: bigint; salesBelow: bigint }[] = [];
  let salesBelow = 0n;
  let buysAbove = 0n;
  for (const { side, psi, priceE18 } of [...orders].sort((a, b) => compare(a.priceE18, b.priceE18))) {
    let level = levels.at(-1);
    if (level?.priceE18 !== priceE18) {
      salesBelow += level?.sales ?? 0n;
      level = { priceE18, buys: 0n, sales: 0n, buysAbove: 0n, salesBelow };
      levels.push(level);
    }
    if (side === "buy") level.buys += psi;
    else level.sales += psi;
  }
  for (let i = levels.length - 1; i >= 0; i--) {
    const level = levels[i];
    if (level === undefined) break;
    level.buysAbove = buysAbove;
    buysAbove += level.buys;
  }
  return levels;
}

/**
 * The lowest level at which those who strictly want to trade are supplied. From level to level their demand falls, by at least a unit where
 * anybody leaves or joins, and the pool's supply never falls, so halving finds it.
 * @returns index of the level, or how many levels there are
 */
function findLevel(levels: readonly Level[], side: PoolSide): number {
  let low = -1;
  let high = levels.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const level = levels[middle];
    if (level !== undefined && side.suppliesAtLeast(level.priceE18, level.buysAbove - level.salesBelow - level.sales)) high = middle;
    else low = middle;
  }
  return high;
}

/** Shares out an amount among orders in proportion to their sizes: rounded down, then one unit each in the sequence of the orders. */
function createRation(total: bigint, amount: bigint, orders: readonly PlainOrder[]): (order: PlainOrder) => bigint {
  if (amount === total) return ({ psi }) => psi;
  let rest = orders.reduce((left, { psi }) => left - (psi * amount) / total, amount);
  return ({ psi }) => {
    const extra = rest > 0n ? 1n : 0n;
    rest -= extra;
    return (psi * amount) / total + extra;
  };
}

/** Orders better than the level's price trade whole, those at the price share what is left. */
function clearAt(orders: readonly PlainOrder[], supply: bigint, { priceE18, buys, sales, buysAbove, salesBelow }: Level): Clearing {
  const missing = supply + salesBelow - buysAbove;
  const bought = minOf(buys, missing + sales);
  const marginal = orders.filter((order) => order.priceE18 === priceE18);
  const buyer = createRation(
    buys,
    bought,
    marginal.filter(({ side }) => side === "buy"),
  );
  const seller = createRation(
    sales,
    bought - missing,
    marginal.filter(({ side }) => side === "sell"),
  );
  const filled: PlainOrder[] = [];
  for (const order of orders) {
    const buying = order.side === "buy";
    if (order.priceE18 === priceE18) filled.push({ ...order, psi: buying ? buyer(order) : seller(order) });
    else if (buying === order.priceE18 > priceE18) filled.push(order);
  }
  return { filled, priceNum: priceE18, priceDen: E18 };
}

/**
 * Resource that buyers get minus what sellers give.
 * @returns base units
 */
export function netOfOrders(orders: readonly PlainOrder[]): bigint {
  return orders.reduce((net, { side, psi }) => (side === "buy" ? net + psi : net - psi), 0n);
}

/**
 * Everything that is willing at a price between two limits trades; the pool takes the difference at its own average price. Rounding of a
 * small difference can put that average outside the two limits: then the nearer one is the price, and no order trades beyond its limit.
 */
function clearBetween(filled: readonly PlainOrder[], side: PoolSide, low: bigint | undefined, high: bigint | undefined): Clearing {
  const net = netOfOrders(filled);
  const { num, den } = net > 0n ? { num: side.ask(net).total, den: net } : net < 0n ? { num: side.bid(-net).total, den: -net } : side.spot;
  if (high !== undefined && num * E18 > high * den) return { filled, priceNum: high, priceDen: E18 };
  if (low !== undefined && num * E18 < low * den) return { filled, priceNum: low, priceDen: E18 };
  return { filled, priceNum: num, priceDen: den };
}

/**
 * Finds the price at which a batch clears.
 * @param orders in the order of identifiers, which settles rounding
 */
export function findClearing(side: PoolSide, orders: readonly PlainOrder[]): Clearing {
  const levels = levelsOf(orders);
  const index = findLevel(levels, side);
  const level = levels[index];
  const below = levels[index - 1]?.priceE18;
  if (level === undefined) {
    return clearBetween(
      orders.filter((order) => order.side === "sell"),
      side,
      below,
      undefined,
    );
  }
  const { priceE18, buys, buysAbove, salesBelow } = level;
  // Those willing at the price or better want more than the pool supplies, or as much: the price is this limit.
  if (!side.suppliesAtLeast(priceE18, buysAbove + buys - salesBelow + 1n)) return clearAt(orders, side.supply(priceE18), level);
  const willing = orders.filter((order) => (order.side === "buy" ? order.priceE18 >= priceE18 : order.priceE18 < priceE18));
  return clearBetween(willing, side, below, priceE18);
}

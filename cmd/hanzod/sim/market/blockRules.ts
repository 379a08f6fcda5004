// How one block settles, three ways. Whatever enters or leaves a pool is computed by the chain's own integer swaps; floats only say how much
// people want at a price.
import { E18 } from "#sdk";
import type { QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import { createPoolSide, type PoolSide } from "../../../../modules/hmm/curve/poolSide.ts";
import { searchLargest } from "../../../../modules/hmm/curve/searchLargest.ts";
import type { Crowd } from "./crowd.ts";
import { cutToLimits, fromE18, spotPrice, tradeOnCurve, withReserves } from "./simPool.ts";

/** A settled block. */
export interface Settled {
  readonly pool: QuotePool;
  /** Resource base units that left the pool; negative when they entered. */
  readonly net: bigint;
  /** Price before fees that the pool traded at on average, in centre prices; the marginal price when it did not trade. */
  readonly price: number;
  /** Whether the chain's limits kept the pool from trading all that people wanted at that price. */
  readonly rationed: boolean;
}

/** A way to settle a block. */
export type BlockRule = (pool: QuotePool, crowd: Crowd) => Settled;

/** Floats beyond this are cut, so that a price near zero still gives an integer. Far above any reserve. */
const MOST_WANTED = 1e24;
/** No more than this enters a pool: the width of amounts. The limits of reserves hold long before. */
const MOST_IN = (1n << 128n) - 1n;

/** Whole units of a float, toward zero. */
function units(amount: number): bigint {
  return BigInt(Math.trunc(Math.min(Math.max(amount, -MOST_WANTED), MOST_WANTED)));
}

/** Trades an amount with the pool at the price that the chain's batch would give it. @returns reserves and price in centre prices */
function tradeWithPool(
  pool: QuotePool,
  side: PoolSide,
  net: bigint,
): { readonly psi: bigint; readonly theta: bigint; readonly price: number } {
  const { total, curve } = net > 0n ? side.ask(net) : side.bid(-net);
  const price = Number(total) / Math.abs(Number(net)) / fromE18(pool.centreE18);
  return { psi: pool.psi - net, theta: net > 0n ? pool.theta + curve : pool.theta - curve, price };
}

/**
 * One price for the whole block: the pool trades exactly what is wanted at the price that this trade itself makes, found on the chain's own
 * ask or bid. It is the limit of a batch of infinitely many small orders.
 * @param depth 1/η: the pool asks the average price of so many times the amount
 */
function clearAtOnePrice(depth: bigint): BlockRule {
  return (pool, crowd) => {
    const spot = spotPrice(pool);
    const most = units(crowd.buys(spot) - crowd.sells(spot));
    if (most === 0n) return { pool, net: 0n, price: spot, rationed: false };
    const sign = most < 0n ? -1n : 1n;
    const budget = sign * most;
    const upper = (sign * cutToLimits(pool, depth * most)) / depth;
    const side = createPoolSide(pool, { etaE18: E18 / depth, maxOut: pool.psi - 1n, maxIn: MOST_IN });
    const wanted = (price: number): bigint => (price > 0 ? sign * units(crowd.buys(price) - crowd.sells(price)) : 0n);
    // The price moves against the crowd, so what it wants falls while the amount grows: this is ≤ budget where it still wants the amount.
    const missing = (amount: bigint): bigint => amount + budget - wanted(tradeWithPool(pool, side, sign * amount).price);
    const found = searchLargest(upper, budget, (amount) => (amount === 0n ? 0n : missing(amount)));
    if (found === 0n) return { pool, net: 0n, price: spot, rationed: upper < budget };
    const { psi, theta, price } = tradeWithPool(pool, side, sign * found);
    return { pool: withReserves(pool, { psi, theta }), net: sign * found, price, rationed: found === upper && wanted(price) > found };
  };
}

/** η = 1: the net trade moves the pool along its curve; H is kept. */
export const batchOnCurve: BlockRule = clearAtOnePrice(1n);

/** η = ½: the pool trades half as much at the same price, which is then its marginal price; H grows. */
export const batchHalfway: BlockRule = clearAtOnePrice(2n);

/**
 * The control: everybody decides at the price before the block, then the orders run one after the other on the curve, sales first (on a curve
 * the sequence changes what each pays, not where the pool ends).
 */
export const oneAfterAnother: BlockRule = (pool, crowd) => {
  const spot = spotPrice(pool);
  const [sales, buys] = [-units(crowd.sells(spot)), units(crowd.buys(spot))];
  const sold = cutToLimits(pool, sales);
  const between = withReserves(pool, tradeOnCurve(pool, sold));
  const bought = cutToLimits(between, buys);
  const after = withReserves(between, tradeOnCurve(between, bought));
  return { pool: after, net: sold + bought, price: spotPrice(after), rationed: sold !== sales || bought !== buys };
};

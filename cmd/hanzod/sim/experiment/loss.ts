import type { QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import { inTheta, outTheta, priceE18 } from "../../../../modules/hmm/curve/math.ts";
import { searchLargest } from "../../../../modules/hmm/curve/searchLargest.ts";
import { createRandom } from "../market/random.ts";
import { cutToLimits, isAllowed, RESERVE, tradeOnCurve, withReserves } from "../market/simPool.ts";
import { toPriceE18 } from "../market/stability.ts";
import { impermanentLoss, stiffness } from "../market/theory.ts";
import { lambdaOf, poolOf, type Setting } from "./setting.ts";

/** Prices at which holding a pool is compared with holding its reserves: from a fifth to five times the centre price. */
const PRICES = Array.from({ length: 33 }, (_, i) => 5 ** ((i - 16) / 16));

/** Outside prices are drawn near 1 with this deviation per block, and pulled back by a fiftieth of their distance. */
const OUTSIDE_DEVIATION = 0.002;
const OUTSIDE_PULL = 0.02;
const LVR_BLOCKS = 1500;

/** Loss of a pool's owners when the price moves from 1 and stays. */
export interface LossPoint {
  readonly price: number;
  /** Value of the pool over the value of its first reserves, less 1; ≤ 0. */
  readonly simulated: number;
  readonly theory: number;
}

/** What a curve costs its owners. */
export interface LossRun {
  readonly lambda: number;
  readonly points: readonly LossPoint[];
  readonly double: LossPoint;
  readonly fivefold: LossPoint;
  /** Resource that moves the price by 1 %, relative to λ = 0; and what the theory says: (w + λ)/(w − λ). */
  readonly depth: number;
  /** Loss against rebalancing (LVR) under random outside prices, relative to λ = 0. */
  readonly rebalancing: number;
  readonly theoryFactor: number;
}

/** The trade that brings the marginal price to a target, or as near as the chain's limits let it. @returns base units, > 0 when they leave */
function tradeToPrice(pool: QuotePool, target: number): bigint {
  const spot = priceE18(pool);
  const targetE18 = toPriceE18(pool, target);
  const sign = targetE18 > spot ? 1n : -1n;
  const distance = sign * (targetE18 - spot);
  const moved = (amount: bigint): bigint => sign * (priceE18(withReserves(pool, tradeOnCurve(pool, sign * amount))) - spot);
  let upper = pool.psi / 1000n;
  while (isAllowed(pool, sign * upper) && moved(upper) <= distance) upper *= 2n;
  upper = sign * cutToLimits(pool, sign * upper);
  return sign * searchLargest(upper, distance, (amount) => (amount === 0n ? 0n : moved(amount)));
}

/** Value at an outside price after arbitrage has brought the pool there, or as near as the chain lets it. */
function lossAt(pool: QuotePool, lambda: number, price: number): LossPoint {
  const after = tradeOnCurve(pool, tradeToPrice(pool, price));
  const simulated = (Number(after.psi) * price + Number(after.theta)) / (Number(pool.psi) * price + Number(pool.theta)) - 1;
  return { price, simulated, theory: impermanentLoss(lambda, price) };
}

/** Outside prices for the arbitrage: random, near 1. */
function outsidePrices(seed: number): number[] {
  const random = createRandom(seed);
  let log = 0;
  return Array.from({ length: LVR_BLOCKS }, () => {
    log += OUTSIDE_DEVIATION * random.normal() - OUTSIDE_PULL * log;
    return Math.exp(log);
  });
}

/** What arbitrage takes from a pool that follows outside prices, against trading the same amounts at those prices. @returns parts of Θ */
function rebalancingLoss(start: QuotePool, prices: readonly number[]): number {
  let pool = start;
  let lost = 0;
  for (const price of prices) {
    const net = tradeToPrice(pool, price);
    const credit = net > 0n ? inTheta(pool, net) : -outTheta(pool, -net);
    lost += (Number(net) * price - Number(credit)) / Number(RESERVE);
    pool = withReserves(pool, { psi: pool.psi - net, theta: pool.theta + credit });
  }
  return lost;
}

/** Measures what each curve costs its owners and how deep it is. */
export function runLoss(lambdasE18: readonly bigint[], { seed }: Setting): LossRun[] {
  const prices = outsidePrices(seed);
  const plain = poolOf(0n);
  const plainDepth = Number(tradeToPrice(plain, 1.01));
  const plainLoss = rebalancingLoss(plain, prices);
  return lambdasE18.map((lambdaE18) => {
    const [pool, lambda] = [poolOf(lambdaE18), lambdaOf(lambdaE18)];
    return {
      lambda,
      points: PRICES.map((price) => lossAt(pool, lambda, price)),
      double: lossAt(pool, lambda, 2),
      fivefold: lossAt(pool, lambda, 5),
      depth: Number(tradeToPrice(pool, 1.01)) / plainDepth,
      rebalancing: rebalancingLoss(pool, prices) / plainLoss,
      theoryFactor: 1 / stiffness(lambda),
    };
  });
}

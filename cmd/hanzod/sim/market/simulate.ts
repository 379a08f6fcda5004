import type { QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import type { BlockRule } from "./blockRules.ts";
import { crowdOf } from "./crowd.ts";
import { flowIn, type Phase, restPrice } from "./flow.ts";
import { feeOf, spotPrice } from "./simPool.ts";
import { stabilityE18, toPriceE18 } from "./stability.ts";

/** What happened to a pool, block by block. Index 0 is the state before the first block. */
export interface Course {
  /** Marginal prices in centre prices. */
  readonly prices: readonly number[];
  /** Blocks in which the chain's limits kept the pool from trading all that was wanted. */
  readonly rationed: readonly number[];
  /** W against the resting price of each block's flow, in parts of the pool's value; empty unless asked for. */
  readonly stability: readonly number[];
  readonly pool: QuotePool;
}

/** What is simulated. */
export interface Simulation {
  readonly pool: QuotePool;
  readonly phases: readonly Phase[];
  readonly rule: BlockRule;
  readonly blocks: number;
  /** Orders at any price in a block, in reserves: buys above zero. */
  readonly noise?: (block: number) => number;
  /** Whether to follow W. */
  readonly watchStability?: boolean;
}

/** Lets blocks pass. */
export function simulate({ pool: start, phases, rule, blocks, noise, watchStability = false }: Simulation): Course {
  const [fee, unit] = [feeOf(start), Number(start.psi)];
  const stabilityOf = (pool: QuotePool, block: number): number =>
    Number(stabilityE18(pool, toPriceE18(pool, restPrice(flowIn(phases, block), fee)))) / 1e18 / Number(start.theta * 2n);
  const prices = [spotPrice(start)];
  const stability = watchStability ? [stabilityOf(start, 0)] : [];
  const rationed: number[] = [];
  let pool = start;
  for (let block = 0; block < blocks; block++) {
    const settled = rule(pool, crowdOf(unit, fee, flowIn(phases, block), noise?.(block)));
    pool = settled.pool;
    prices.push(spotPrice(pool));
    if (settled.rationed) rationed.push(block);
    if (watchStability) stability.push(stabilityOf(pool, block));
  }
  return { prices, rationed, stability, pool };
}

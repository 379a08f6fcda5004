import { batchOnCurve } from "../market/blockRules.ts";
import { createRandom } from "../market/random.ts";
import { simulate } from "../market/simulate.ts";
import { stiffness } from "../market/theory.ts";
import { calmFlow, lambdaOf, poolOf, type Setting, USUAL_SHARE } from "./setting.ts";

/** Deviation of the random net flow: 0.2 % of the reserve per block. */
export const FLOW_DEVIATION = 0.002;

/** How restless the price of one curve is under random orders. */
export interface VolatilityRun {
  readonly lambda: number;
  /** Deviation of ln(p_t / p_t−1), bps per block. */
  readonly simulated: number;
  /** 2·σ·(w − λ)/(w + λ), bps per block. */
  readonly theory: number;
  /** Relative to the first curve with the same orders, and what the theory expects of that. */
  readonly ratio: number;
  readonly theoryRatio: number;
}

function deviationBps(prices: readonly number[]): number {
  const steps = prices.slice(1).map((price, i) => Math.log(price / (prices[i] ?? price)));
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  return Math.sqrt(steps.reduce((sum, step) => sum + (step - mean) ** 2, 0) / (steps.length - 1)) * 1e4;
}

/** The same random orders on every curve, in a market that slowly pulls the price back. */
export function runVolatility(lambdasE18: readonly bigint[], { blocks, seed }: Setting): VolatilityRun[] {
  const random = createRandom(seed);
  const draws = Array.from({ length: blocks }, () => FLOW_DEVIATION * random.normal());
  const phases = [{ from: 0, flow: calmFlow(USUAL_SHARE, 0.5) }];
  const measured = lambdasE18.map((lambdaE18) => {
    const noise = (block: number): number => draws[block] ?? 0;
    const { prices } = simulate({ pool: poolOf(lambdaE18), phases, rule: batchOnCurve, blocks, noise });
    return { lambda: lambdaOf(lambdaE18), simulated: deviationBps(prices) };
  });
  const first = measured[0];
  if (first === undefined) return [];
  return measured.map(({ lambda, simulated }) => ({
    lambda,
    simulated,
    theory: 2 * FLOW_DEVIATION * 1e4 * stiffness(lambda),
    ratio: simulated / first.simulated,
    theoryRatio: stiffness(lambda) / stiffness(first.lambda),
  }));
}

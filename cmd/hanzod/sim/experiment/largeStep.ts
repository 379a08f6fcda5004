import { type BlockRule, batchHalfway, batchOnCurve, oneAfterAnother } from "../market/blockRules.ts";
import { type Phase, restPrice } from "../market/flow.ts";
import { feeOf } from "../market/simPool.ts";
import { simulate } from "../market/simulate.ts";
import { calmFlow, lambdaOf, poolOf, type Setting } from "./setting.ts";

/** φ of the large steps: 30 % of the reserve per block and side, where the explicit scheme is far beyond its stability limit. */
const LARGE_SHARE = 0.3;
const LARGE_BLOCKS = 24;

/** Demand fourfold with elasticities of 1: the resting price is twice the centre price. */
const LARGE_PHASES: readonly Phase[] = [{ from: 0, flow: { ...calmFlow(LARGE_SHARE, 1), demand: 4 } }];

/** The ways to settle a block that are compared. */
const RULES: readonly { readonly name: RuleName; readonly rule: BlockRule }[] = [
  { name: "batch", rule: batchOnCurve },
  { name: "halfway", rule: batchHalfway },
  { name: "sequential", rule: oneAfterAnother },
];

/** One price with η = 1, one price with η = ½, one order after the other. */
export type RuleName = "batch" | "halfway" | "sequential";

/** The large steps on one curve with one rule. */
export interface LargeStepRun {
  readonly lambda: number;
  readonly rule: RuleName;
  /** Marginal prices in centre prices, index 0 before the first block. */
  readonly prices: readonly number[];
  /** W in parts of the pool's value. */
  readonly stability: readonly number[];
  /** Blocks after which W was higher than before by more than one credit base unit. */
  readonly rises: number;
}

/** All runs, and the price at which demand meets supply. */
export interface LargeStepResult {
  readonly rest: number;
  readonly share: number;
  readonly runs: readonly LargeStepRun[];
}

/** Counts the blocks in which W rose by more than a millionth of a millionth of the pool: a thousand times what rounding can do. */
function countRises(stability: readonly number[]): number {
  return stability.filter((w, i) => i > 0 && w > (stability[i - 1] ?? w) + 1e-12).length;
}

/** Compares the three ways to settle a block when a block's flow is a large part of the pool. */
export function runLargeStep({ lambdasE18 }: Setting): LargeStepResult {
  const runs = lambdasE18.flatMap((lambdaE18) =>
    RULES.map(({ name, rule }) => {
      const simulation = { pool: poolOf(lambdaE18), phases: LARGE_PHASES, rule, blocks: LARGE_BLOCKS, watchStability: true };
      const { prices, stability } = simulate(simulation);
      return { lambda: lambdaOf(lambdaE18), rule: name, prices, stability, rises: countRises(stability) };
    }),
  );
  const flow = LARGE_PHASES[0]?.flow ?? calmFlow(LARGE_SHARE, 1);
  return { rest: restPrice(flow, feeOf(poolOf(0n))), share: LARGE_SHARE, runs };
}

import { batchOnCurve } from "../market/blockRules.ts";
import { type Flow, restPrice } from "../market/flow.ts";
import { feeOf } from "../market/simPool.ts";
import { simulate } from "../market/simulate.ts";
import { relaxationBlocks } from "../market/theory.ts";
import { calmFlow, lambdaOf, poolOf, type Setting, USUAL_SHARE } from "./setting.ts";

/** A disturbance small enough for the linear theory: demand 0.4 % up, and with Σε = 1 the resting price as much. */
const DISTURBED: Flow = { ...calmFlow(USUAL_SHARE, 0.5), demand: 1.004 };

/** How far a curve is from rest, block by block. */
export interface RelaxationRun {
  readonly lambda: number;
  /** ln(p* /p): falls by a factor e in τ blocks. */
  readonly distances: readonly number[];
  /** τ measured between the start and a fall to a tenth, blocks. */
  readonly simulated: number;
  /** (w + λ)/(2(w − λ)·φ·(ε_d + ε_s)), blocks. */
  readonly theory: number;
}

/** τ of a decaying series: the time to a tenth over ln 10. */
function decayBlocks(distances: readonly number[]): number {
  const first = distances[0] ?? 0;
  const at = distances.findIndex((distance) => distance <= first / 10);
  const end = at < 0 ? distances.length - 1 : at;
  return end / Math.log(first / (distances[end] ?? first));
}

/** Measures the relaxation of small disturbances. */
export function runRelaxation({ lambdasE18, blocks }: Setting): RelaxationRun[] {
  return lambdasE18.map((lambdaE18) => {
    const pool = poolOf(lambdaE18);
    const rest = restPrice(DISTURBED, feeOf(pool));
    const phases = [{ from: 0, flow: DISTURBED }];
    const { prices } = simulate({ pool, phases, rule: batchOnCurve, blocks });
    const distances = prices.map((price) => Math.log(rest / price));
    return {
      lambda: lambdaOf(lambdaE18),
      distances,
      simulated: decayBlocks(distances),
      theory: relaxationBlocks(lambdaOf(lambdaE18), DISTURBED),
    };
  });
}

import { batchOnCurve } from "../market/blockRules.ts";
import { type Phase, restPrice } from "../market/flow.ts";
import { feeOf } from "../market/simPool.ts";
import { simulate } from "../market/simulate.ts";
import { continuousPrices, highestPrice } from "../market/theory.ts";
import { calmFlow, lambdaOf, poolOf, type Setting, USUAL_SHARE } from "./setting.ts";

/** Longest time that the passing shock lasts, blocks; a third of the run when that is less. */
const PULSE_BLOCKS = 2000;

/** A price counts as arrived within this part of the resting price. */
const NEAR = 0.05;

/** The shocks that are followed for many blocks. */
export type ShockName = "demand10" | "inelastic" | "supply50" | "pulse";

/** A change of the flow, and where the price then belongs. */
export interface Shock {
  readonly name: ShockName;
  readonly phases: readonly Phase[];
  /** Block from which the time to rest is counted: the last change. */
  readonly from: number;
}

/** The flow before and after. @param blocks length of the run */
function createShock(name: ShockName, blocks: number): Shock {
  const calm = calmFlow(USUAL_SHARE, 0.5);
  switch (name) {
    case "demand10":
      return { name, from: 0, phases: [{ from: 0, flow: { ...calm, demand: 10 } }] };
    case "inelastic":
      return { name, from: 0, phases: [{ from: 0, flow: { ...calmFlow(USUAL_SHARE, 0.25), demand: 10 } }] };
    case "supply50":
      return { name, from: 0, phases: [{ from: 0, flow: { ...calm, supply: 0.5 } }] };
    case "pulse": {
      const end = Math.min(PULSE_BLOCKS, Math.trunc(blocks / 3));
      return {
        name,
        from: end,
        phases: [
          { from: 0, flow: { ...calm, demand: 10 } },
          { from: end, flow: calm },
        ],
      };
    }
  }
}

/** The figures of one price path. */
export interface PathFigures {
  /** Price in centre prices 100 blocks after the start, undefined when the run is shorter. */
  readonly after100: number | undefined;
  readonly after1000: number | undefined;
  /** Blocks from the last change until the price is within 5 % of the resting price; undefined when it does not get there. */
  readonly reach: number | undefined;
}

/** A shock on one curve. */
export interface ShockRun {
  readonly lambda: number;
  readonly prices: readonly number[];
  readonly simulated: PathFigures;
  readonly theory: PathFigures;
  /** Price at which the chain stops trading away from the centre. */
  readonly highest: number;
  readonly rationedBlocks: number;
  readonly firstRationed: number | undefined;
}

/** A shock on all curves. */
export interface ShockResult {
  readonly shock: Shock;
  /** Where demand meets supply in the end, in centre prices. */
  readonly rest: number;
  readonly runs: readonly ShockRun[];
}

function figuresOf(prices: readonly number[], from: number, rest: number): PathFigures {
  const at = prices.findIndex((price, block) => block >= from && Math.abs(price / rest - 1) <= NEAR);
  return { after100: prices[100], after1000: prices[1000], reach: at < 0 ? undefined : at - from };
}

/** Follows a shock on every curve, one price per block (η = 1). */
export function runShock(name: ShockName, { lambdasE18, blocks }: Setting): ShockResult {
  const shock = createShock(name, blocks);
  const last = shock.phases.at(-1);
  if (last === undefined) throw new Error("a shock has at least one phase");
  const fee = feeOf(poolOf(0n));
  const rest = restPrice(last.flow, fee);
  const runs = lambdasE18.map((lambdaE18) => {
    const lambda = lambdaOf(lambdaE18);
    const { prices, rationed } = simulate({ pool: poolOf(lambdaE18), phases: shock.phases, rule: batchOnCurve, blocks });
    return {
      lambda,
      prices,
      simulated: figuresOf(prices, shock.from, rest),
      theory: figuresOf(continuousPrices(lambda, shock.phases, fee, blocks), shock.from, rest),
      highest: highestPrice(lambda),
      rationedBlocks: rationed.length,
      firstRationed: rationed[0],
    };
  });
  return { shock, rest, runs };
}

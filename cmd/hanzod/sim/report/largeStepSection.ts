import type { LargeStepResult, LargeStepRun, RuleName } from "../experiment/largeStep.ts";
import type { Point, Series } from "./chart.ts";
import { formatMeasured, formatPrice } from "./numbers.ts";
import { type Section, shapeOf } from "./section.ts";

/** λ of the chain's pools. */
const USUAL_LAMBDA = 0.05;

const RULE_TEXTS: Readonly<Record<RuleName, string>> = {
  batch: "one price, H kept (η = 1)",
  halfway: "one price, half way (η = ½)",
  sequential: "one after the other (control)",
};

const SHORT_TEXTS: Readonly<Record<RuleName, string>> = { batch: "η = 1", halfway: "η = ½", sequential: "control" };

/** The runs of the curve nearest to the chain's own. */
function shownRuns({ runs }: LargeStepResult): readonly LargeStepRun[] {
  const lambdas = [...new Set(runs.map(({ lambda }) => lambda))];
  const nearest = lambdas.sort((a, b) => Math.abs(a - USUAL_LAMBDA) - Math.abs(b - USUAL_LAMBDA))[0];
  return runs.filter(({ lambda }) => lambda === nearest);
}

function seriesOf(runs: readonly LargeStepRun[], values: (run: LargeStepRun) => readonly number[]): Series[] {
  return runs.map((run, index) => {
    const points = values(run).map((value, block): Point => [block, value]);
    return { label: RULE_TEXTS[run.rule], colour: index, shape: shapeOf(index), line: points, marks: points };
  });
}

/** Prices when a block's flow is a large part of the pool. */
export function largeStepSection(result: LargeStepResult): Section {
  const runs = shownRuns(result);
  const prices = runs.flatMap((run) => run.prices);
  return {
    id: "large",
    title: "Blocks that move a third of the pool",
    sentence:
      "With one price per block the market finds its resting price in a few blocks at any step size; with one order after the other it swings ever wider, until only the limits of the curve hold it.",
    chart: {
      description: "Price per block for three ways to settle a block",
      x: { label: "blocks after demand has grown fourfold", kind: "linear", min: 0, max: (runs[0]?.prices.length ?? 2) - 1 },
      y: { label: "price, in centre prices c (ratio scale)", kind: "log", min: 0.7 * Math.min(...prices), max: 1.5 * Math.max(...prices) },
      series: seriesOf(runs, (run) => run.prices),
      references: [{ axis: "y", value: result.rest, label: "" }],
    },
    note: `Shown for λ = ${runs[0]?.lambda ?? 0}; φ = ${result.share} of the reserve per block and side, ε = 1 each. Dotted: the resting price, ${formatPrice(result.rest)}.`,
    table: {
      head: ["λ", "rule", "block 1", "2", "3", "4", "last"],
      rows: result.runs.map(({ lambda, rule, prices: path }) => [
        String(lambda),
        SHORT_TEXTS[rule],
        ...[1, 2, 3, 4].map((block) => formatMeasured(path[block], 3)),
        formatMeasured(path.at(-1), 3),
      ]),
    },
  };
}

/** The stability function in the same runs. */
export function stabilitySection(result: LargeStepResult): Section {
  const runs = shownRuns(result);
  const floor = 1e-12;
  const highest = Math.max(...runs.flatMap((run) => run.stability));
  return {
    id: "stability",
    title: "The stability function W",
    sentence:
      "W measures how far the pool is from rest; with one price per block it only ever falls, whatever the size of the step, and with one order after the other it rises.",
    chart: {
      description: "W per block, on a ratio scale, for three ways to settle a block",
      x: { label: "blocks after demand has grown fourfold", kind: "linear", min: 0, max: (runs[0]?.stability.length ?? 2) - 1 },
      y: { label: "W, in parts of the pool's value (ratio scale)", kind: "log", min: floor, max: 5 * highest },
      series: seriesOf(runs, (run) => run.stability),
    },
    note: "W = p*Ψ + Θ − V(p*; κ), computed in integers. Lines end where W is below the rounding of one unit. Rises: blocks after which W was higher than before.",
    table: {
      head: ["λ", "rule", "W before", "after 1", "after 4", "last", "rises"],
      rows: result.runs.map(({ lambda, rule, stability, rises }) => [
        String(lambda),
        SHORT_TEXTS[rule],
        ...[stability[0], stability[1], stability[4], stability.at(-1)].map((w) =>
          w !== undefined && w < floor ? "0" : formatMeasured(w, 3),
        ),
        String(rises),
      ]),
    },
  };
}

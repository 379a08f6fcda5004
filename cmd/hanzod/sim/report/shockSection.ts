import type { ShockName, ShockResult, ShockRun } from "../experiment/shock.ts";
import { continuousPrices } from "../market/theory.ts";
import type { Point, Series } from "./chart.ts";
import { formatDifference, formatNumber, formatPrice } from "./numbers.ts";
import { roundUp, type Section, shapeOf } from "./section.ts";

const TEXTS: Readonly<Record<ShockName, { readonly title: string; readonly sentence: string }>> = {
  demand10: {
    title: "Demand grows tenfold",
    sentence:
      "The price climbs without overshoot to where demand meets supply; λ slows it a little, and a curve whose band ends below that price stops and rations.",
  },
  inelastic: {
    title: "Demand grows tenfold and nobody economises",
    sentence:
      "With elasticities of ¼ the resting price is 100 c: only the plain curve gets there, every λ above zero ends at its hard cap and rations what is left.",
  },
  supply50: {
    title: "Half of the supply disappears",
    sentence: "The price goes to twice the centre price in about three relaxation times, the later the larger λ.",
  },
  pulse: {
    title: "A passing wave of demand",
    sentence: "Demand is tenfold for a while and then as before: the price goes up, comes back to the centre price and leaves no trace.",
  },
};

/** End of the x axis: what happens, and half as much again. */
function lastBlock({ shock, runs }: ShockResult): number {
  const length = (runs[0]?.prices.length ?? 1) - 1;
  const events = runs.map(({ simulated, firstRationed }) => shock.from + (simulated.reach ?? firstRationed ?? length));
  return Math.min(length, roundUp(1.4 * Math.max(...events)));
}

/** Points of the theory, a few per line, shifted from curve to curve so that they do not cover each other. */
function theoryMarks(prices: readonly number[], last: number, index: number): Point[] {
  const step = Math.max(1, Math.trunc(last / 9));
  const points: Point[] = [];
  for (let block = Math.trunc((step * (index + 1)) / 4); block <= last; block += step) {
    const price = prices[block];
    if (price !== undefined) points.push([block, price]);
  }
  return points;
}

function seriesOf(run: ShockRun, result: ShockResult, last: number, fee: number, index: number): Series {
  const start = run.firstRationed;
  const price = start === undefined ? undefined : run.prices[start + 1];
  return {
    label: `λ = ${run.lambda}`,
    colour: index,
    shape: shapeOf(index),
    line: run.prices.slice(0, last + 1).map((p, block): Point => [block, p]),
    marks: theoryMarks(continuousPrices(run.lambda, result.shock.phases, fee, last), last, index),
    events: start === undefined || price === undefined ? [] : [[start + 1, price]],
  };
}

/** Price paths after a shock. @param fee f_m */
export function shockSection(result: ShockResult, fee: number): Section {
  const { shock, rest, runs } = result;
  const last = lastBlock(result);
  const shown = runs.flatMap(({ prices }) => prices.slice(0, last + 1));
  const rations = runs.some(({ firstRationed }) => firstRationed !== undefined);
  const { title, sentence } = TEXTS[shock.name];
  const series = runs.map((run, index) => seriesOf(run, result, last, fee, index));
  return {
    id: shock.name,
    title,
    sentence,
    chart: {
      description: `${title}: price per block for ${runs.map(({ lambda }) => `λ ${lambda}`).join(", ")}; it rests at ${formatNumber(rest)} c`,
      x: { label: "blocks after the shock", kind: "linear", min: 0, max: last },
      y: {
        label: "price, in centre prices c (ratio scale)",
        kind: "log",
        min: 0.93 * Math.min(1, ...shown),
        max: 1.12 * Math.max(rest, ...shown),
      },
      series: rations ? [...series, { label: "rationing begins", colour: "ink", shape: "cross", events: [[-1, -1]] }] : series,
      references: [
        // A path that comes back to the centre price says itself where it rests, and leaves no room for the words.
        { axis: "y", value: rest, label: shock.from > 0 ? "" : `rests at ${formatNumber(rest)} c` },
        ...(shock.from > 0 ? [{ axis: "x" as const, value: shock.from, label: "demand as before" }] : []),
      ],
    },
    note: "Lines: the chain's integer market, block by block. Marks: the continuous theory.",
    table: {
      head: ["λ", "after 100", "after 1,000", "blocks to 5 % of rest", "theory", "off by", "blocks rationed"],
      rows: runs.map(({ lambda, simulated, theory, highest, rationedBlocks }) => [
        String(lambda),
        formatPrice(simulated.after100),
        formatPrice(simulated.after1000),
        ...[simulated.reach, theory.reach].map((blocks) =>
          blocks === undefined ? (rest > highest ? "never" : "later") : formatNumber(blocks, 6),
        ),
        formatDifference(simulated.reach, theory.reach),
        rationedBlocks === 0 ? "0" : `${formatNumber(rationedBlocks, 6)} at ${formatNumber(highest)} c`,
      ]),
    },
  };
}

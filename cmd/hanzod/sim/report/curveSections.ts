// Sections about what λ does to a curve: speed, restlessness, sandwiches, losses of owners.
import type { LossRun } from "../experiment/loss.ts";
import type { RelaxationRun } from "../experiment/relaxation.ts";
import { type SandwichRun, WINDOW } from "../experiment/sandwich.ts";
import { FLOW_DEVIATION, type VolatilityRun } from "../experiment/volatility.ts";
import { stiffness } from "../market/theory.ts";
import type { Point } from "./chart.ts";
import { formatDifference, formatMeasured, formatNumber, formatPercent } from "./numbers.ts";
import { roundUp, type Section, shapeOf } from "./section.ts";

/** How fast small disturbances die out. */
export function relaxationSection(runs: readonly RelaxationRun[]): Section {
  const length = (runs[0]?.distances.length ?? 2) - 1;
  const last = Math.min(length, roundUp(3 * Math.max(...runs.map(({ theory }) => theory))));
  return {
    id: "relaxation",
    title: "How fast small disturbances die out",
    sentence:
      "Straight lines on a ratio scale: the distance from rest falls by a factor e in every relaxation time τ, and λ only changes the slope.",
    chart: {
      description: "Distance from the resting price over blocks, one line per λ",
      x: { label: "blocks", kind: "linear", min: 0, max: last },
      y: { label: "distance from rest, at the start = 1 (ratio scale)", kind: "log", min: 0.03, max: 1.1 },
      series: runs.map(({ lambda, distances, theory }, index) => ({
        label: `λ = ${lambda}`,
        colour: index,
        shape: shapeOf(index),
        line: distances.slice(0, last + 1).map((distance, block): Point => [block, distance / (distances[0] ?? 1)]),
        marks: Array.from({ length: 9 }, (_, i): Point => {
          const block = (last * (i + (index + 1) / 4)) / 9;
          return [block, Math.exp(-block / theory)];
        }),
      })),
    },
    note: "Lines: simulated. Marks: e^(−t/τ) with τ = (w + λ) / (2 (w − λ) φ (ε_d + ε_s)).",
    table: {
      head: ["λ", "τ simulated, blocks", "theory", "off by"],
      rows: runs.map(({ lambda, simulated, theory }) => [
        String(lambda),
        formatNumber(simulated, 5),
        formatNumber(theory, 5),
        formatDifference(simulated, theory),
      ]),
    },
  };
}

/** How restless the price is under random orders. */
export function volatilitySection(runs: readonly VolatilityRun[]): Section {
  const top = Math.max(...runs.map(({ lambda }) => lambda));
  const theory = Array.from({ length: 61 }, (_, i): Point => [(top * i) / 60, 2e4 * FLOW_DEVIATION * stiffness((top * i) / 60)]);
  return {
    id: "volatility",
    title: "The price under random orders",
    sentence: "The same random orders move the price less the larger λ is: by a tenth less at the chain's 0.05, by two thirds less at 0.5.",
    chart: {
      description: "Volatility of the price over λ",
      x: { label: "λ (with w = 1)", kind: "linear", min: 0, max: top },
      y: { label: "volatility, bps per block", kind: "linear", min: 0, max: 45 },
      series: [
        { label: "simulated", colour: 0, shape: "circle", marks: runs.map(({ lambda, simulated }): Point => [lambda, simulated]) },
        { label: "theory 2σ(w − λ)/(w + λ)", colour: "ink", shape: "circle", line: theory, dash: "dashed" },
      ],
    },
    note: `Random net orders with a deviation of ${formatPercent(FLOW_DEVIATION, 1)} of the reserve per block, the same for every curve.`,
    table: {
      head: ["λ", "bps per block", "theory", "off by", "relative to λ = 0", "theory"],
      rows: runs.map(({ lambda, simulated, theory: expected, ratio, theoryRatio }) => [
        String(lambda),
        formatMeasured(simulated, 3),
        formatMeasured(expected, 3),
        formatDifference(simulated, expected),
        formatMeasured(ratio, 3),
        formatMeasured(theoryRatio, 3),
      ]),
    },
  };
}

/** What a sandwich brings. */
export function sandwichSection(runs: readonly SandwichRun[]): Section {
  const bps = (part: number): number => part * 1e4;
  const values = runs.flatMap(({ points }) => points.flatMap(({ immediate, batch }) => [bps(immediate), bps(batch)]));
  const batch = runs[0]?.points.map(({ victim, batch: profit }): Point => [victim * 100, bps(profit)]) ?? [];
  const last = Math.max(...batch.map(([x]) => x));
  return {
    id: "sandwich",
    title: "Sandwiches",
    sentence:
      "At once, a sandwich pays only around victims larger than f_m·(w\u00a0+\u00a0λ)/(w\u00a0−\u00a0λ), and the immediate window ends before that; in a batch it loses both fees, whatever the victim.",
    chart: {
      description: "Profit of a sandwich over the size of its victim, at once and in a batch",
      x: { label: "victim's purchase, % of the resource reserve", kind: "linear", min: 0, max: last },
      y: { label: "attacker's profit, bps of the stake", kind: "linear", min: 1.15 * Math.min(...values), max: 1.05 * Math.max(...values) },
      series: [
        ...runs.map(({ lambda, points, theory }, index) => ({
          label: `at once, λ = ${lambda}`,
          colour: index,
          shape: shapeOf(index),
          line: points.map(({ victim, immediate }): Point => [victim * 100, bps(immediate)]),
          marks: [[theory * 100, 0]] as readonly Point[],
        })),
        { label: "in a batch, every λ", colour: "ink", shape: "circle", line: batch, dash: "dashed" },
      ],
      references: [
        { axis: "y", value: 0, label: "" },
        { axis: "x", value: WINDOW * 100, label: "window" },
      ],
    },
    note: `The attacker stakes ${formatPercent(WINDOW)} of the reserve, all that the window holds. Marks: thresholds by theory.`,
    table: {
      head: ["λ", "largest safe victim", "theory", "off by", "best in a batch"],
      rows: runs.map(({ lambda, points, simulated, theory }) => [
        String(lambda),
        formatPercent(simulated, 4),
        formatPercent(theory, 4),
        formatDifference(simulated, theory),
        `${formatNumber(bps(Math.max(...points.map((point) => point.batch))), 4)} bps`,
      ]),
    },
  };
}

/** What a curve costs its owners. */
export function lossSection(runs: readonly LossRun[]): Section {
  const lowest = Math.min(...runs.flatMap(({ points }) => points.map(({ simulated }) => simulated)));
  return {
    id: "loss",
    title: "What λ costs liquidity providers",
    sentence: "More depth is not free: when the price moves and stays, a pool with λ has given away more than a plain one.",
    chart: {
      description: "Loss against holding over the price, one line per λ",
      x: { label: "price, in centre prices c (ratio scale)", kind: "log", min: 0.2, max: 5 },
      y: { label: "loss against holding the reserves, %", kind: "linear", min: 105 * lowest, max: 0 },
      series: runs.map(({ lambda, points }, index) => ({
        label: `λ = ${lambda}`,
        colour: index,
        shape: shapeOf(index),
        line: points.map(({ price, simulated }): Point => [price, 100 * simulated]),
        marks: points.filter((_, i) => i % 8 === (index * 2) % 8).map(({ price, theory }): Point => [price, 100 * theory]),
      })),
    },
    note: "Lines: simulated, after arbitrage without fees, as far as the chain's limits let the pool go. Marks: closed formula.",
    table: {
      head: ["λ", "loss at 2 c", "theory", "at 5 c", "theory", "depth ×", "LVR ×", "theory of both"],
      rows: runs.map(({ lambda, double, fivefold, depth, rebalancing, theoryFactor }) => [
        String(lambda),
        formatPercent(double.simulated),
        formatPercent(double.theory),
        formatPercent(fivefold.simulated),
        formatPercent(fivefold.theory),
        formatMeasured(depth, 4),
        formatMeasured(rebalancing, 4),
        formatMeasured(theoryFactor, 4),
      ]),
    },
  };
}

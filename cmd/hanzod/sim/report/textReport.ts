import { formatTable } from "../../../shared/output.ts";
import type { LargeStepResult } from "../experiment/largeStep.ts";
import type { ShockResult } from "../experiment/shock.ts";
import type { MarketResult } from "../runMarket.ts";
import { formatDifference, formatMeasured, formatNumber, formatPercent, NONE } from "./numbers.ts";

/** A simulated figure with the theory's in brackets. */
function pair(simulated: number | undefined, theory: number | undefined): string {
  if (simulated === undefined && theory === undefined) return NONE;
  return `${formatMeasured(simulated, 4)} (${formatMeasured(theory, 4)})`;
}

function shockTable(shocks: readonly ShockResult[]): string {
  const rows = shocks.flatMap(({ shock, runs }) =>
    runs.map(({ lambda, simulated, theory, highest, rationedBlocks, firstRationed }) => [
      shock.name,
      String(lambda),
      pair(simulated.after100, theory.after100),
      pair(simulated.after1000, theory.after1000),
      simulated.reach === undefined ? NONE : `${formatNumber(simulated.reach, 6)} (${formatNumber(theory.reach, 6)})`,
      firstRationed === undefined ? NONE : `${formatNumber(rationedBlocks, 6)} blocks at ${formatNumber(highest)} c`,
    ]),
  );
  return formatTable(["shock", "λ", "price after 100", "after 1,000", "blocks to 5 % of rest", "rations"], rows);
}

function largeStepTable({ runs }: LargeStepResult): string {
  const rows = runs.map(({ lambda, rule, prices, rises }) => [
    `large, ${rule}`,
    String(lambda),
    prices
      .slice(1, 5)
      .map((price) => formatMeasured(price, 3))
      .join(", "),
    String(rises),
  ]);
  return formatTable(["settlement", "λ", "price after blocks 1, 2, 3, 4", "blocks in which W rose"], rows);
}

function curveTable({ relaxation, volatility, sandwich, loss }: MarketResult): string {
  const row = (name: string, lambda: number, simulated: number, theory: number, text: (value: number) => string): string[] => [
    name,
    String(lambda),
    text(simulated),
    text(theory),
    formatDifference(simulated, theory),
  ];
  const rows = [
    ...(relaxation ?? []).map((r) => row("relaxation time, blocks", r.lambda, r.simulated, r.theory, (v) => formatNumber(v, 5))),
    ...(volatility ?? []).map((r) => row("volatility, bps per block", r.lambda, r.simulated, r.theory, (v) => formatMeasured(v, 3))),
    ...(sandwich ?? []).map((r) => row("largest safe victim", r.lambda, r.simulated, r.theory, (v) => formatPercent(v, 4))),
    ...(loss ?? []).map((r) => row("loss at twice the price", r.lambda, r.double.simulated, r.double.theory, (v) => formatPercent(v))),
    ...(loss ?? []).map((r) => row("LVR relative to λ = 0", r.lambda, r.rebalancing, r.theoryFactor, (v) => formatMeasured(v, 4))),
  ];
  return rows.length === 0 ? "" : formatTable(["figure", "λ", "simulated", "theory", "off by"], rows);
}

/** The figures as tables for a terminal, simulated beside theory. Prices are in centre prices c. */
export function textReport(result: MarketResult): string {
  return [
    result.shocks.length === 0 ? "" : `In brackets: the continuous theory. Prices in centre prices c.\n\n${shockTable(result.shocks)}`,
    result.largeStep === undefined ? "" : largeStepTable(result.largeStep),
    curveTable(result),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

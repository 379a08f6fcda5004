import type { MarketResult } from "../runMarket.ts";
import { formatNumber, formatPercent } from "./numbers.ts";

/** A figure that sums up a part of the report. */
export interface Headline {
  readonly figure: string;
  readonly meaning: string;
}

/** The largest distance between pairs of figures, as a part. */
function worst(pairs: readonly (readonly [simulated: number | undefined, theory: number | undefined])[]): number | undefined {
  const distances = pairs.flatMap(([simulated, theory]) =>
    simulated === undefined || theory === undefined ? [] : [Math.abs(simulated / theory - 1)],
  );
  return distances.length === 0 ? undefined : Math.max(...distances);
}

/** What a reader should know first. */
export function headlinesOf({ shocks, largeStep, relaxation, sandwich }: MarketResult): Headline[] {
  const found: Headline[] = [];
  const reach = worst(shocks.flatMap(({ runs }) => runs.map(({ simulated, theory }) => [simulated.reach, theory.reach] as const)));
  if (reach !== undefined)
    found.push({ figure: formatPercent(reach), meaning: "largest distance between simulated and theoretical times to rest" });
  if (largeStep !== undefined) {
    const rises = (sequential: boolean): number =>
      largeStep.runs.filter(({ rule }) => (rule === "sequential") === sequential).reduce((sum, run) => sum + run.rises, 0);
    found.push({
      figure: `${rises(false)} vs ${rises(true)}`,
      meaning: "blocks in which W rose: with one price per block, with one order after the other",
    });
  }
  const tau = worst((relaxation ?? []).map(({ simulated, theory }) => [simulated, theory] as const));
  if (tau !== undefined)
    found.push({ figure: formatPercent(tau), meaning: "largest distance between simulated and theoretical relaxation times" });
  const safe = Math.min(...(sandwich ?? []).map(({ simulated }) => simulated));
  if (Number.isFinite(safe))
    found.push({
      figure: `${formatNumber(safe * 100, 4)} %`,
      meaning: "of the reserve: the smallest victim that pays for a sandwich; the immediate window ends at 0.25 %",
    });
  return found;
}

import { type LargeStepResult, runLargeStep } from "./experiment/largeStep.ts";
import { type LossRun, runLoss } from "./experiment/loss.ts";
import { type RelaxationRun, runRelaxation } from "./experiment/relaxation.ts";
import { runSandwich, type SandwichRun } from "./experiment/sandwich.ts";
import type { Setting } from "./experiment/setting.ts";
import { runShock, type ShockName, type ShockResult } from "./experiment/shock.ts";
import { runVolatility, type VolatilityRun } from "./experiment/volatility.ts";

/** What can be asked for: one shock, the large steps, or everything. */
export const SHOCK_CHOICES = ["demand10", "inelastic", "supply50", "pulse", "large", "all"] as const;

/** One of {@link SHOCK_CHOICES}. */
export type ShockChoice = (typeof SHOCK_CHOICES)[number];

/** What the simulator found; parts that were not asked for are undefined. */
export interface MarketResult {
  readonly setting: Setting;
  readonly choice: ShockChoice;
  readonly shocks: readonly ShockResult[];
  readonly largeStep: LargeStepResult | undefined;
  readonly relaxation: readonly RelaxationRun[] | undefined;
  readonly volatility: readonly VolatilityRun[] | undefined;
  readonly sandwich: readonly SandwichRun[] | undefined;
  readonly loss: readonly LossRun[] | undefined;
}

const SHOCKS: readonly ShockName[] = ["demand10", "supply50", "inelastic", "pulse"];

/** Curves that volatility and losses are shown for besides those asked for: plain, the chain's default, and two strong ones. */
const LADDER_E18 = [0n, 50n, 200n, 500n].map((thousandths) => thousandths * 10n ** 15n);

function ladderWith(lambdasE18: readonly bigint[]): bigint[] {
  return [...new Set([...LADDER_E18, ...lambdasE18])].sort((a, b) => (a < b ? -1 : 1));
}

/**
 * Runs the experiments that were asked for.
 * @param progress told what begins
 */
export function runMarket(setting: Setting, choice: ShockChoice, progress: (what: string) => void): MarketResult {
  const all = choice === "all";
  const step = <T>(wanted: boolean, what: string, work: () => T): T | undefined => {
    if (!wanted) return undefined;
    progress(what);
    return work();
  };
  const ladder = ladderWith(setting.lambdasE18);
  const shocks = SHOCKS.filter((name) => all || name === choice).flatMap((name) => {
    const result = step(true, `shock ${name}: ${setting.lambdasE18.length} curves, ${setting.blocks} blocks`, () =>
      runShock(name, setting),
    );
    return result === undefined ? [] : [result];
  });
  return {
    setting,
    choice,
    shocks,
    largeStep: step(all || choice === "large", "large steps: three ways to settle a block", () => runLargeStep(setting)),
    relaxation: step(all, "relaxation of small disturbances", () => runRelaxation(setting)),
    volatility: step(all, "volatility under random orders", () => runVolatility(ladder, setting)),
    sandwich: step(all, "sandwiches, at once and in a batch", () => runSandwich(setting)),
    loss: step(all, "losses of liquidity providers", () => runLoss(ladder, setting)),
  };
}

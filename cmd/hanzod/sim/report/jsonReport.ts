import { fromE18 } from "../market/simPool.ts";
import type { MarketResult } from "../runMarket.ts";

/** The figures without the paths: what a program wants to compare. */
export function jsonReport({ setting, choice, shocks, largeStep, relaxation, volatility, sandwich, loss }: MarketResult): object {
  return {
    setting: { lambdas: setting.lambdasE18.map(fromE18), blocks: setting.blocks, seed: setting.seed, shock: choice },
    shocks: shocks.map(({ shock, rest, runs }) => ({ name: shock.name, rest, runs: runs.map(({ prices: _, ...figures }) => figures) })),
    largeStep,
    relaxation: relaxation?.map(({ distances: _, ...figures }) => figures),
    volatility,
    sandwich: sandwich?.map(({ points: _, ...figures }) => figures),
    loss: loss?.map(({ points: _, ...figures }) => figures),
  };
}

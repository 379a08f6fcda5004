import { MARKET_FEE_E18 } from "../experiment/setting.ts";
import { fromE18 } from "../market/simPool.ts";
import type { MarketResult } from "../runMarket.ts";
import { lossSection, relaxationSection, sandwichSection, volatilitySection } from "./curveSections.ts";
import { largeStepSection, stabilitySection } from "./largeStepSection.ts";
import type { Section } from "./section.ts";
import { shockSection } from "./shockSection.ts";

/** The sections of a report, for all that was run. */
export function sectionsOf({ shocks, largeStep, relaxation, volatility, sandwich, loss }: MarketResult): Section[] {
  return [
    ...shocks.map((result) => shockSection(result, fromE18(MARKET_FEE_E18))),
    ...(largeStep === undefined ? [] : [largeStepSection(largeStep), stabilitySection(largeStep)]),
    ...(relaxation === undefined ? [] : [relaxationSection(relaxation)]),
    ...(volatility === undefined ? [] : [volatilitySection(volatility)]),
    ...(sandwich === undefined ? [] : [sandwichSection(sandwich)]),
    ...(loss === undefined ? [] : [lossSection(loss)]),
  ];
}

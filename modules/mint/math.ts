// How fast coins come into being, in the Cosmos SDK's order of operations. Decimals are whole numbers of 10^-18.
import { decMul, decQuo, decTruncate, E18 } from "#sdk";

/** What steers the inflation. */
export interface InflationRule {
  /** Greatest change in a year, a fraction. */
  readonly rateChangeE18: bigint;
  readonly maxE18: bigint;
  readonly minE18: bigint;
  /** Bonded fraction at which the inflation stands still, above 0. */
  readonly goalBondedE18: bigint;
  /** At least 1. */
  readonly blocksPerYear: bigint;
}

/** Inflation after one more block: it rises below the goal, falls above it and stays within its bounds. Rounds half to even at every step. */
export function nextInflation(inflationE18: bigint, rule: InflationRule, bondedE18: bigint): bigint {
  const perYear = decMul(E18 - decQuo(bondedE18, rule.goalBondedE18), rule.rateChangeE18);
  const next = inflationE18 + decQuo(perYear, rule.blocksPerYear * E18);
  if (next > rule.maxE18) return rule.maxE18;
  if (next < rule.minE18) return rule.minE18;
  return next;
}

/** Atomic units of a year, with their fraction. @param supply atomic units */
export function annualProvisions(inflationE18: bigint, supply: bigint): bigint {
  return inflationE18 * supply;
}

/** Whole atomic units of one block, rounded down. */
export function blockProvision(annualE18: bigint, blocksPerYear: bigint): bigint {
  return decTruncate(annualE18 / blocksPerYear);
}

import type { Minter, Params } from "#proto/cosmos/mint/v1beta1/mint";
import { E18, formatDecimal, isDenom, parseDecAtomics, unregisteredError } from "#sdk";
import type { InflationRule } from "./math.ts";

const HUNDREDTH = E18 / 100n;
/** Blocks of five seconds in a year of 8766 hours. */
const BLOCKS_PER_YEAR = 6_311_520n;
/** Largest count of blocks: the SDK reckons with 64 bits and a sign. */
const MAX_BLOCKS = (1n << 63n) - 1n;

/** Parameters of a new chain (cosmos-sdk x/mint DefaultParams). */
export const DEFAULT_PARAMS: Params = {
  mintDenom: "stake",
  inflationRateChange: (13n * HUNDREDTH).toString(),
  inflationMax: (20n * HUNDREDTH).toString(),
  inflationMin: (7n * HUNDREDTH).toString(),
  goalBonded: (67n * HUNDREDTH).toString(),
  blocksPerYear: BLOCKS_PER_YEAR,
};

/** What a new chain begins with: 13 %, and nothing minted. */
export const DEFAULT_MINTER: Minter = { inflation: (13n * HUNDREDTH).toString(), annualProvisions: "0" };

/** The rule that valid parameters make. */
export function ruleOf(params: Params): InflationRule {
  return {
    rateChangeE18: parseDecAtomics(params.inflationRateChange),
    maxE18: parseDecAtomics(params.inflationMax),
    minE18: parseDecAtomics(params.inflationMin),
    goalBondedE18: parseDecAtomics(params.goalBonded),
    blocksPerYear: params.blocksPerYear,
  };
}

/** @throws undefined/1 with the SDK's text */
export function validateParams(params: Params): void {
  const { mintDenom, blocksPerYear } = params;
  if (mintDenom.trim() === "") throw unregisteredError("mint denom cannot be blank");
  if (!isDenom(mintDenom)) throw unregisteredError(`invalid denom: ${mintDenom}`);
  const { rateChangeE18, maxE18, minE18, goalBondedE18 } = ruleOf(params);
  requireFraction("inflation rate change", rateChangeE18);
  requireFraction("max inflation", maxE18);
  requireFraction("min inflation", minE18);
  if (goalBondedE18 <= 0n) throw unregisteredError(`goal bonded must be positive: ${formatDecimal(goalBondedE18)}`);
  requireFraction("goal bonded", goalBondedE18);
  if (blocksPerYear === 0n) throw unregisteredError("blocks per year must be positive: 0");
  if (blocksPerYear > MAX_BLOCKS) throw unregisteredError(`blocks per year too large: ${blocksPerYear}, maximum value is: ${MAX_BLOCKS}`);
  if (maxE18 < minE18)
    throw unregisteredError(
      `max inflation (${formatDecimal(maxE18)}) must be greater than or equal to min inflation (${formatDecimal(minE18)})`,
    );
}

/** @throws undefined/1 for an inflation below zero */
export function validateMinter({ inflation }: Minter): void {
  const dec = parseDecAtomics(inflation);
  if (dec < 0n) throw unregisteredError(`mint parameter Inflation should be positive, is ${formatDecimal(dec)}`);
}

function requireFraction(name: string, dec: bigint): void {
  if (dec < 0n) throw unregisteredError(`${name} cannot be negative: ${formatDecimal(dec)}`);
  if (dec > E18) throw unregisteredError(`${name} too large: ${formatDecimal(dec)}`);
}

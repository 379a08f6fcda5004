import type { Params } from "#proto/cosmos/staking/v1beta1/staking";
import { durationNs, E18, isDenom, parseDecAtomics, unregisteredError } from "#sdk";

const DAY_SECONDS = 86_400n;

/** Parameters of a new chain as the Cosmos SDK has them: three weeks, a hundred validators. @param bondDenom denomination that is staked */
export function defaultParams(bondDenom: string): Params {
  return {
    unbondingTime: { seconds: 21n * DAY_SECONDS, nanos: 0 },
    maxValidators: 100,
    maxEntries: 7,
    historicalEntries: 10_000,
    bondDenom,
    minCommissionRate: "0",
  };
}

/** Stand for parameters until genesis wrote some: nothing can be staked. */
export const DEFAULT_PARAMS: Params = defaultParams("");

/** @throws undefined/1, as in the Cosmos SDK, naming the parameter that is out of range (x/staking Params.Validate) */
export function validateParams({ unbondingTime, maxValidators, maxEntries, bondDenom, minCommissionRate }: Params): void {
  if (durationNs(unbondingTime) <= 0n) throw unregisteredError(`unbonding time must be positive: ${durationNs(unbondingTime)}`);
  if (maxValidators === 0) throw unregisteredError("max validators must be positive: 0");
  if (maxEntries === 0) throw unregisteredError("max entries must be positive: 0");
  if (bondDenom.trim() === "") throw unregisteredError("bond denom cannot be blank");
  if (!isDenom(bondDenom)) throw unregisteredError(`invalid denom: ${bondDenom}`);
  if (minCommissionRate === "") throw unregisteredError("minimum commission rate cannot be nil: ");
  const rate = parseDecAtomics(minCommissionRate);
  if (rate < 0n) throw unregisteredError(`minimum commission rate cannot be negative: ${minCommissionRate}`);
  if (rate > E18) throw unregisteredError(`minimum commission rate cannot be greater than 100%: ${minCommissionRate}`);
}

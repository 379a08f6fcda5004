import type { Params } from "#proto/cosmos/staking/v1beta1/staking";
import { type Coin, durationNs, E18, isDenom, parseAmount, parseDecAtomics, unregisteredError } from "#sdk";

const DAY_SECONDS = 86_400n;

/**
 * Parameters of a new chain as the Cosmos SDK has them: three weeks, a hundred validators; a new consensus key costs a unit of power.
 * @param bondDenom denomination that is staked
 * @param rotationFee what a new key costs, atomic units; left out: keys are not changed
 */
export function defaultParams(bondDenom: string, rotationFee?: bigint): Params {
  return {
    unbondingTime: { seconds: 21n * DAY_SECONDS, nanos: 0 },
    maxValidators: 100,
    maxEntries: 7,
    historicalEntries: 10_000,
    bondDenom,
    minCommissionRate: "0",
    keyRotationFee: rotationFee === undefined ? undefined : { denom: bondDenom, amount: rotationFee.toString() },
  };
}

/** Stand for parameters until genesis wrote some: nothing can be staked. */
export const DEFAULT_PARAMS: Params = defaultParams("");

/** @throws undefined/1, as in the Cosmos SDK, naming the parameter that is out of range (x/staking Params.Validate); sdk/10 for a fee that is no amount */
export function validateParams(params: Params): void {
  const { unbondingTime, maxValidators, maxEntries, bondDenom, minCommissionRate, keyRotationFee } = params;
  if (durationNs(unbondingTime) <= 0n) throw unregisteredError(`unbonding time must be positive: ${durationNs(unbondingTime)}`);
  if (maxValidators === 0) throw unregisteredError("max validators must be positive: 0");
  if (maxEntries === 0) throw unregisteredError("max entries must be positive: 0");
  if (bondDenom.trim() === "") throw unregisteredError("bond denom cannot be blank");
  if (!isDenom(bondDenom)) throw unregisteredError(`invalid denom: ${bondDenom}`);
  if (minCommissionRate === "") throw unregisteredError("minimum commission rate cannot be nil: ");
  const rate = parseDecAtomics(minCommissionRate);
  if (rate < 0n) throw unregisteredError(`minimum commission rate cannot be negative: ${minCommissionRate}`);
  if (rate > E18) throw unregisteredError(`minimum commission rate cannot be greater than 100%: ${minCommissionRate}`);
  if (keyRotationFee !== undefined) validateRotationFee(keyRotationFee, bondDenom);
}

function validateRotationFee({ denom, amount }: Coin, bondDenom: string): void {
  if (parseAmount(amount) === 0n) throw unregisteredError(`key rotation fee must be positive: ${amount}${denom}`);
  if (denom !== bondDenom)
    throw unregisteredError(`key rotation fee denom ${JSON.stringify(denom)} must match bond denom ${JSON.stringify(bondDenom)}`);
}

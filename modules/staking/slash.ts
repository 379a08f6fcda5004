import { type Ctx, decQuoUp, E18, minOf, sdkError } from "#sdk";
import type { Fault } from "./fault.ts";
import { burnStake } from "./pools.ts";
import { slashRedelegation } from "./slashRedelegation.ts";
import { slashUnbonding } from "./slashUnbonding.ts";
import type { Staking } from "./staking.ts";
import { STATUS, type Validator } from "./validator.ts";
import { findByConsAddress, replaceValidator } from "./validators.ts";

/**
 * Takes a part of the stake that a validator had when it did wrong: first of what was withdrawn or moved since, the rest of what it holds now.
 * CONTRACT: the fault is not older than the unbonding time.
 * @param power units of power that the validator had then
 * @returns atomic units burned of what it holds now; 0 for a consensus address that no validator has
 * @throws sdk/35 for a negative fraction, a fault in the future, or a validator that is out of the set for good
 */
export function slash(staking: Staking, ctx: Ctx, cons: Uint8Array, fault: Fault, power: bigint): bigint {
  const { emit, chain } = staking;
  const { height, fractionE18 } = fault;
  if (fractionE18 < 0n) throw sdkError.logic(`attempted to slash with a negative slash factor: ${fractionE18}`);
  const validator = findByConsAddress(staking, ctx, cons);
  // It was slashed to nothing and is forgotten, or the chain began with validators that hold no stake.
  if (validator === undefined) return 0n;
  if (validator.status === STATUS.unbonded) throw sdkError.logic(`should not be slashing unbonded validator: ${validator.operator}`);
  emit.beforeValidatorModified(ctx, validator.operator);
  if (height > ctx.height)
    throw sdkError.logic(`impossible attempt to slash future infraction at height ${height} but we are at height ${ctx.height}`);
  const due = (power * chain.powerReduction * fractionE18) / E18;
  const elsewhere = height < ctx.height ? slashWhatLeft(staking, ctx, validator, fault) : 0n;
  const wanted = minOf(due - elsewhere, validator.tokens);
  return wanted > 0n ? slashTokens(staking, ctx, validator, wanted) : 0n;
}

/** @returns atomic units that withdrawals and moves account for, whether they still held them or not */
function slashWhatLeft(staking: Staking, ctx: Ctx, validator: Validator, fault: Fault): bigint {
  const { state } = staking;
  const { operator } = validator;
  let accounted = 0n;
  const withdrawals = [...state.unbondingsByValidator.under(ctx, operator)];
  for (const [[, delegator]] of withdrawals)
    accounted += slashUnbonding(staking, ctx, state.unbondings.get(ctx, [delegator, operator]), fault);
  const moves = [...state.redelegationsBySource.under(ctx, operator)];
  for (const [[, [delegator, destination]]] of moves)
    accounted += slashRedelegation(staking, ctx, state.redelegations.get(ctx, [delegator, [operator, destination]]), fault);
  return accounted;
}

/** Burns a part of what a validator holds. @param amount above 0, at most its tokens */
function slashTokens(staking: Staking, ctx: Ctx, validator: Validator, amount: bigint): bigint {
  // The part really lost, not the parameter: power is whole units, and rewards are divided by it.
  staking.emit.beforeValidatorSlashed(ctx, validator.operator, minOf(decQuoUp(amount * E18, validator.tokens * E18), E18));
  replaceValidator(staking, ctx, validator, { ...validator, tokens: validator.tokens - amount });
  burnStake(staking, ctx, validator.status, amount);
  return amount;
}

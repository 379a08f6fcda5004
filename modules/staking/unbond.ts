import { type Ctx, E18, equalBytes, formatDecimal, type ReadCtx, sdkError } from "#sdk";
import { removeDelegation, saveDelegation } from "./delegate.ts";
import { jailValidator } from "./jail.ts";
import { sharesOfTokens, tokensOfShares } from "./shares.ts";
import type { Staking } from "./staking.ts";
import { STATUS, type Validator } from "./validator.ts";
import { getValidator, removeShares, removeValidator } from "./validators.ts";

/**
 * Shares that a delegator gives up for an amount, units of 10^-18. Where rounding asks for more than there are, all of them.
 * @throws staking/3, staking/19, staking/22; sdk/18 for more than the delegation is worth
 */
export function sharesToUnbond(staking: Staking, ctx: ReadCtx, delegator: string, operator: string, amount: bigint): bigint {
  const { state, err } = staking;
  const validator = getValidator(staking, ctx, operator);
  const delegation = state.delegations.find(ctx, [delegator, operator]);
  if (delegation === undefined) throw err.noDelegation();
  if (validator.tokens === 0n) throw err.insufficientShares();
  const wanted = sharesOfTokens(validator, amount) ?? 0n;
  if (wanted > BigInt(delegation.shares)) throw sdkError.invalidRequest("invalid shares amount");
  return wanted;
}

/**
 * Takes shares off a delegation and its validator. The tokens stay in the pool that they are in. An operator whose own stake falls below its minimum
 * is jailed; a validator out of the set without any shares is forgotten.
 * @param isStrict whether this is a user's message, which fails where subscribers do
 * @returns atomic units that the shares were worth
 * @throws staking/21, staking/24, staking/3
 */
export function unbond(staking: Staking, ctx: Ctx, delegator: string, operator: string, partE18: bigint, isStrict: boolean): bigint {
  const { state, err, emit } = staking;
  const delegation = state.delegations.find(ctx, [delegator, operator]);
  if (delegation === undefined) throw err.noDelegator();
  emit.beforeDelegationSharesModified(ctx, delegator, operator, isStrict);
  const heldE18 = BigInt(delegation.shares);
  if (heldE18 < partE18) throw err.notEnoughShares(formatDecimal(heldE18));
  const restE18 = heldE18 - partE18;
  const validator = jailBelowMinimum(staking, ctx, delegator, getValidator(staking, ctx, operator), restE18);
  if (restE18 === 0n) {
    removeDelegation(staking, ctx, delegator, operator);
  } else {
    saveDelegation(staking, ctx, delegator, operator, restE18);
    emit.afterDelegationModified(ctx, delegator, operator);
  }
  const { validator: after, amount } = removeShares(staking, ctx, validator, partE18);
  // A validator in the set, or on its way out, is forgotten when its unbonding ends.
  if (after.sharesE18 === 0n && after.status === STATUS.unbonded) removeValidator(staking, ctx, operator, isStrict);
  return amount;
}

/** Jails an operator who keeps less than it promised to stake itself. @param restE18 shares that the delegator will hold */
function jailBelowMinimum(staking: Staking, ctx: Ctx, delegator: string, validator: Validator, restE18: bigint): Validator {
  const { address } = staking;
  if (validator.jailed || !equalBytes(address.parse(delegator), address.operator.parse(validator.operator))) return validator;
  if (tokensOfShares(validator, restE18) / E18 >= validator.minSelfDelegation) return validator;
  return jailValidator(staking, ctx, validator);
}

/**
 * After stake left a validator of the set: a chain without validators makes no further block, so nobody could repair it.
 * @throws staking/64
 */
export function requireSomebodyLeft({ state, chain, err }: Staking, ctx: ReadCtx): void {
  for (const [{ power }] of state.byPower.entries(ctx, { reverse: true })) {
    if (power > 0n) return;
    break;
  }
  throw err.lastValidator(`a validator with ${chain.powerReduction} atomic units or more expected to be left, got none`);
}

import type { MsgDelegate } from "#proto/cosmos/staking/v1beta1/tx";
import { type Ctx, formatDecimal } from "#sdk";
import { moveStake, poolOf } from "./pools.ts";
import { coinText, requireBondDenom, requireStake } from "./stake.ts";
import type { Staking } from "./staking.ts";
import type { Status, Validator } from "./validator.ts";
import { addStake, getValidator } from "./validators.ts";

/** MsgDelegate: stakes coins of an account. @throws sdk/18, staking/3, staking/34, sdk/5 */
export function delegate(staking: Staking, ctx: Ctx, msg: MsgDelegate): object {
  const amount = requireStake(msg.amount, "invalid delegation amount");
  const validator = getValidator(staking, ctx, msg.validatorAddress);
  requireBondDenom(staking, ctx, amount);
  const newShares = stakeFromAccount(staking, ctx, staking.address.canonical(msg.delegatorAddress), validator, amount.amount);
  ctx.event("delegate", [
    ["validator", msg.validatorAddress],
    ["delegator", msg.delegatorAddress],
    ["amount", coinText(amount)],
    ["new_shares", formatDecimal(newShares)],
  ]);
  return {};
}

/** Stakes coins of an account. @returns new shares, units of 10^-18 @throws staking/34, sdk/5 */
export function stakeFromAccount(staking: Staking, ctx: Ctx, delegator: string, validator: Validator, amount: bigint): bigint {
  return stake(staking, ctx, delegator, validator, amount, () => {
    const denom = staking.params.get(ctx).bondDenom;
    staking.needs.bank.delegate(ctx, delegator, poolOf(staking, validator.status), [{ denom, amount }]);
  });
}

/** Stakes what lies in the pool of a status already. @returns new shares, units of 10^-18 @throws staking/34 */
export function stakeFromPool(staking: Staking, ctx: Ctx, delegator: string, validator: Validator, amount: bigint, source: Status): bigint {
  return stake(staking, ctx, delegator, validator, amount, () => moveStake(staking, ctx, source, validator.status, amount));
}

/** @param fund brings the coins to the pool of the validator's status */
function stake(staking: Staking, ctx: Ctx, delegator: string, validator: Validator, amount: bigint, fund: () => void): bigint {
  const { err, state, emit } = staking;
  const { operator } = validator;
  if (isWorthless(validator)) throw err.worthlessShares();
  const before = state.delegations.find(ctx, [delegator, operator]);
  if (before === undefined) emit.beforeDelegationCreated(ctx, delegator, operator);
  else emit.beforeDelegationSharesModified(ctx, delegator, operator, true);
  fund();
  const newShares = addStake(staking, ctx, validator, amount);
  saveDelegation(staking, ctx, delegator, operator, BigInt(before?.shares ?? 0) + newShares);
  emit.afterDelegationModified(ctx, delegator, operator);
  return newShares;
}

/** Whether shares are out that nothing stands behind: a slash took everything. */
export function isWorthless({ tokens, sharesE18 }: Validator): boolean {
  return tokens === 0n && sharesE18 > 0n;
}

/** INVARIANT: every delegation has its row under its validator. */
export function saveDelegation({ state }: Pick<Staking, "state">, ctx: Ctx, delegator: string, operator: string, sharesE18: bigint): void {
  state.delegations.set(ctx, [delegator, operator], {
    delegatorAddress: delegator,
    validatorAddress: operator,
    shares: sharesE18.toString(),
  });
  state.delegationsByValidator.set(ctx, [operator, delegator], true);
}

/** Forgets a delegation that has no shares any more. */
export function removeDelegation({ state, emit }: Pick<Staking, "state" | "emit">, ctx: Ctx, delegator: string, operator: string): void {
  emit.beforeDelegationRemoved(ctx, delegator, operator);
  state.delegations.delete(ctx, [delegator, operator]);
  state.delegationsByValidator.delete(ctx, [operator, delegator]);
}

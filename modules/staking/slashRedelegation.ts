import type { Redelegation, UnbondingDelegationEntry } from "#proto/cosmos/staking/v1beta1/staking";
import { type Ctx, decMul, E18, minOf } from "#sdk";
import type { Fault } from "./fault.ts";
import { burnStake } from "./pools.ts";
import { isLiable, reduced } from "./slashUnbonding.ts";
import type { Staking } from "./staking.ts";
import { unbond } from "./unbond.ts";
import { saveUnbonding } from "./unbondings.ts";
import { STATUS } from "./validator.ts";
import { getValidator } from "./validators.ts";

/**
 * Takes a part of what a delegator moved away from a validator, where the move began at the fault or later: first of what the delegator is
 * withdrawing from the destination, then of the delegation there. The entry stays as it is.
 * @returns atomic units that were due, whether anything was left of them or not
 */
export function slashRedelegation(staking: Staking, ctx: Ctx, redelegation: Redelegation, fault: Fault): bigint {
  const { state } = staking;
  const { delegatorAddress: delegator, validatorDstAddress: destination } = redelegation;
  let due = 0n;
  const burned = { bonded: 0n, notBonded: 0n };
  for (const entry of redelegation.entries) {
    if (!isLiable(ctx, entry, fault)) continue;
    const share = (fault.fractionE18 * BigInt(entry.initialBalance)) / E18;
    due += share;
    const withdrawn = takeFromWithdrawals(staking, ctx, delegator, destination, share, fault);
    burned.notBonded += withdrawn;
    const wanted = decMul(fault.fractionE18, BigInt(entry.sharesDst));
    if (wanted === 0n || share === withdrawn) continue;
    const delegation = state.delegations.find(ctx, [delegator, destination]);
    if (delegation === undefined) continue;
    // Read before: with its last shares a validator out of the set is forgotten.
    const { status } = getValidator(staking, ctx, destination);
    const taken = unbond(staking, ctx, delegator, destination, minOf(wanted, BigInt(delegation.shares)), false);
    burned[status === STATUS.bonded ? "bonded" : "notBonded"] += taken;
  }
  burnStake(staking, ctx, STATUS.bonded, burned.bonded);
  burnStake(staking, ctx, STATUS.unbonding, burned.notBonded);
  return due;
}

/** @returns atomic units taken, at most `amount` */
function takeFromWithdrawals(staking: Staking, ctx: Ctx, delegator: string, operator: string, amount: bigint, fault: Fault): bigint {
  const unbonding = staking.state.unbondings.find(ctx, [delegator, operator]);
  if (unbonding === undefined) return 0n;
  let left = amount;
  const take = (entry: UnbondingDelegationEntry): UnbondingDelegationEntry => {
    const taken = isLiable(ctx, entry, fault) ? minOf(left, BigInt(entry.balance)) : 0n;
    left -= taken;
    return taken === 0n ? entry : reduced(entry, taken);
  };
  const entries = unbonding.entries.map(take);
  if (left < amount) saveUnbonding(staking, ctx, { ...unbonding, entries });
  return amount - left;
}

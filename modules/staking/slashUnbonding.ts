import type { UnbondingDelegation, UnbondingDelegationEntry } from "#proto/cosmos/staking/v1beta1/staking";
import { type Ctx, E18, minOf } from "#sdk";
import type { Fault } from "./fault.ts";
import { burnStake } from "./pools.ts";
import type { Staking } from "./staking.ts";
import { isMature, saveUnbonding } from "./unbondings.ts";
import { STATUS } from "./validator.ts";

/**
 * Takes a part of what a delegator is withdrawing, where the withdrawal began at the fault or later.
 * @returns atomic units that were due, whether the entries still held them or not
 */
export function slashUnbonding(staking: Staking, ctx: Ctx, unbonding: UnbondingDelegation, fault: Fault): bigint {
  let due = 0n;
  let burned = 0n;
  const entries = unbonding.entries.map((entry) => {
    if (!isLiable(ctx, entry, fault)) return entry;
    const share = (fault.fractionE18 * BigInt(entry.initialBalance)) / E18;
    due += share;
    const taken = minOf(share, BigInt(entry.balance));
    burned += taken;
    return reduced(entry, taken);
  });
  if (burned > 0n) saveUnbonding(staking, ctx, { ...unbonding, entries });
  burnStake(staking, ctx, STATUS.unbonding, burned);
  return due;
}

/** Whether stake had a part in a fault and can still be reached. */
export function isLiable(
  ctx: Ctx,
  entry: Pick<UnbondingDelegationEntry, "creationHeight" | "completionTime" | "unbondingOnHoldRefCount">,
  { height }: Pick<Fault, "height">,
): boolean {
  return entry.creationHeight >= height && !isMature(entry, ctx.timeNs);
}

/** An entry that pays less. */
export function reduced(entry: UnbondingDelegationEntry, amount: bigint): UnbondingDelegationEntry {
  return { ...entry, balance: (BigInt(entry.balance) - amount).toString() };
}

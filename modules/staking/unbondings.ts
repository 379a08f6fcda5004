// Records of what is being withdrawn.
import type { UnbondingDelegation, UnbondingDelegationEntry } from "#proto/cosmos/staking/v1beta1/staking";
import { type Ctx, timestampNs, toTimestamp } from "#sdk";
import type { Staking } from "./staking.ts";
import { UNBONDING_PREFIX } from "./state.ts";
import { nextUnbondingId, noteUnbonding } from "./unbondingIds.ts";

type Reads = Pick<Staking, "state">;

/** Whether an entry's time has come and no module holds it up. @param timeNs of the block */
export function isMature(
  { completionTime, unbondingOnHoldRefCount }: Pick<UnbondingDelegationEntry, "completionTime" | "unbondingOnHoldRefCount">,
  timeNs: bigint,
): boolean {
  return timestampNs(completionTime) <= timeNs && unbondingOnHoldRefCount <= 0n;
}

/** INVARIANT: every unbonding delegation has an entry at least, and its row under its validator. */
export function saveUnbonding({ state }: Reads, ctx: Ctx, unbonding: UnbondingDelegation): void {
  const { delegatorAddress: delegator, validatorAddress: operator } = unbonding;
  if (unbonding.entries.length > 0) {
    state.unbondings.set(ctx, [delegator, operator], unbonding);
    state.unbondingsByValidator.set(ctx, [operator, delegator], true);
  } else {
    state.unbondings.delete(ctx, [delegator, operator]);
    state.unbondingsByValidator.delete(ctx, [operator, delegator]);
  }
}

/**
 * Adds a withdrawal. One that begins and ends with another is joined to it; the id that it was given is lost then, as in the Cosmos SDK.
 * @param completionNs end
 * @param amount atomic units
 */
export function addUnbonding(staking: Staking, ctx: Ctx, delegator: string, operator: string, completionNs: bigint, amount: bigint): void {
  const { state, address } = staking;
  const id = nextUnbondingId(staking, ctx);
  const before = state.unbondings.find(ctx, [delegator, operator])?.entries ?? [];
  const same = before.findIndex((entry) => entry.creationHeight === ctx.height && timestampNs(entry.completionTime) === completionNs);
  const entries = same >= 0 ? before.map((entry, i) => (i === same ? grown(entry, amount) : entry)) : [...before, newEntry()];
  saveUnbonding(staking, ctx, { delegatorAddress: delegator, validatorAddress: operator, entries });
  if (same < 0) noteUnbonding(staking, ctx, id, UNBONDING_PREFIX, [address.parse(delegator), address.operator.parse(operator)]);
  enqueueUnbonding(staking, ctx, delegator, operator, completionNs);

  function newEntry(): UnbondingDelegationEntry {
    const balance = amount.toString();
    return {
      creationHeight: ctx.height,
      completionTime: toTimestamp(completionNs),
      initialBalance: balance,
      balance,
      unbondingId: id,
      unbondingOnHoldRefCount: 0n,
    };
  }
}

/** An entry with another amount, as at its beginning and now. */
export function grown(entry: UnbondingDelegationEntry, amount: bigint): UnbondingDelegationEntry {
  const [initialBalance, balance] = [BigInt(entry.initialBalance) + amount, BigInt(entry.balance) + amount];
  return { ...entry, initialBalance: initialBalance.toString(), balance: balance.toString() };
}

/** Notes the end of an entry. */
export function enqueueUnbonding({ state }: Reads, ctx: Ctx, delegator: string, operator: string, completionNs: bigint): void {
  const pairs = state.unbondingQueue.find(ctx, completionNs)?.pairs ?? [];
  state.unbondingQueue.set(ctx, completionNs, { pairs: [...pairs, { delegatorAddress: delegator, validatorAddress: operator }] });
}

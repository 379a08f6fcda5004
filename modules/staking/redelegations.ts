// Records of what was moved between validators.
import type { Redelegation } from "#proto/cosmos/staking/v1beta1/staking";
import { type Ctx, toTimestamp } from "#sdk";
import type { Staking } from "./staking.ts";
import { REDELEGATION_PREFIX } from "./state.ts";
import { nextUnbondingId, noteUnbonding } from "./unbondingIds.ts";

/** Who moved from where to where. */
export interface Move {
  readonly delegator: string;
  readonly source: string;
  readonly destination: string;
}

/** How long the source stays liable for a move, and for how much. */
export interface Liability {
  /** Height from which on it counts. */
  readonly height: bigint;
  readonly completionNs: bigint;
  /** Atomic units that were moved. */
  readonly amount: bigint;
  /** Shares of the destination that they became, units of 10^-18. */
  readonly sharesE18: bigint;
}

/** INVARIANT: every redelegation has an entry at least, and its rows under both validators. */
export function saveRedelegation({ state }: Pick<Staking, "state">, ctx: Ctx, redelegation: Redelegation): void {
  const { delegatorAddress: delegator, validatorSrcAddress: source, validatorDstAddress: destination } = redelegation;
  if (redelegation.entries.length > 0) {
    state.redelegations.set(ctx, [delegator, [source, destination]], redelegation);
    state.redelegationsBySource.set(ctx, [source, [delegator, destination]], true);
    state.redelegationsByDestination.set(ctx, [[destination, delegator], source], true);
  } else {
    state.redelegations.delete(ctx, [delegator, [source, destination]]);
    state.redelegationsBySource.delete(ctx, [source, [delegator, destination]]);
    state.redelegationsByDestination.delete(ctx, [[destination, delegator], source]);
  }
}

/** Adds a move, each as an entry of its own. */
export function addRedelegation(staking: Staking, ctx: Ctx, move: Move, liability: Liability): void {
  const { state, address } = staking;
  const { delegator, source, destination } = move;
  const id = nextUnbondingId(staking, ctx);
  const before = state.redelegations.find(ctx, [delegator, [source, destination]])?.entries ?? [];
  const entry = {
    creationHeight: liability.height,
    completionTime: toTimestamp(liability.completionNs),
    initialBalance: liability.amount.toString(),
    sharesDst: liability.sharesE18.toString(),
    unbondingId: id,
    unbondingOnHoldRefCount: 0n,
  };
  saveRedelegation(staking, ctx, {
    delegatorAddress: delegator,
    validatorSrcAddress: source,
    validatorDstAddress: destination,
    entries: [...before, entry],
  });
  const parts = [address.parse(delegator), address.operator.parse(source), address.operator.parse(destination)];
  noteUnbonding(staking, ctx, id, REDELEGATION_PREFIX, parts);
  enqueueRedelegation(staking, ctx, move, liability.completionNs);
}

/** Notes the end of an entry. */
export function enqueueRedelegation({ state }: Pick<Staking, "state">, ctx: Ctx, move: Move, completionNs: bigint): void {
  const triplet = {
    delegatorAddress: move.delegator,
    validatorSrcAddress: move.source,
    validatorDstAddress: move.destination,
  };
  state.redelegationQueue.set(ctx, completionNs, {
    triplets: [...(state.redelegationQueue.find(ctx, completionNs)?.triplets ?? []), triplet],
  });
}

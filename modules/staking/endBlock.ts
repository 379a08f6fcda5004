import { type BoundMap, type Ctx, formatCoins, type ValidatorUpdate } from "#sdk";
import { poolOf } from "./pools.ts";
import { saveRedelegation } from "./redelegations.ts";
import { forgetRotations } from "./rotations.ts";
import type { Staking } from "./staking.ts";
import { forgetUnbonding } from "./unbondingIds.ts";
import { isMature, saveUnbonding } from "./unbondings.ts";
import { STATUS } from "./validator.ts";
import { unbondMatureValidators } from "./validatorQueue.ts";
import type { SettledSet } from "./validatorSet.ts";

/** The validator set of the block after the next, and everything whose time has come: validators, withdrawals, moves, changes of key, in this order. */
export function endBlock(staking: Staking, ctx: Ctx, set: SettledSet): ValidatorUpdate[] {
  // CONTRACT: first, so that a validator that leaves with an unbonding time of nothing is out in the same block.
  const updates = set.update(ctx);
  unbondMatureValidators(staking, ctx);
  completeWithdrawals(staking, ctx);
  completeMoves(staking, ctx);
  forgetRotations(staking, ctx);
  return updates;
}

function completeWithdrawals(staking: Staking, ctx: Ctx): void {
  const { state } = staking;
  for (const { delegatorAddress: delegator, validatorAddress: operator } of dequeue(state.unbondingQueue, ctx, ({ pairs }) => pairs)) {
    const amount = payOut(staking, ctx, delegator, operator);
    // Another entry of the same block or a cancellation was there first.
    if (amount === undefined) continue;
    ctx.event("complete_unbonding", [
      ["amount", coinsText(staking, ctx, amount)],
      ["validator", operator],
      ["delegator", delegator],
    ]);
  }
}

/** Pays the withdrawals of a delegator that are over. @returns atomic units, undefined when nothing is being withdrawn */
function payOut(staking: Staking, ctx: Ctx, delegator: string, operator: string): bigint | undefined {
  const { state, needs, params } = staking;
  const unbonding = state.unbondings.find(ctx, [delegator, operator]);
  if (unbonding === undefined) return undefined;
  let paid = 0n;
  for (const { unbondingId, balance } of unbonding.entries.filter((entry) => isMature(entry, ctx.timeNs))) {
    forgetUnbonding(staking, ctx, unbondingId);
    const amount = BigInt(balance);
    if (amount === 0n) continue;
    needs.bank.undelegate(ctx, poolOf(staking, STATUS.unbonded), delegator, [{ denom: params.get(ctx).bondDenom, amount }]);
    paid += amount;
  }
  saveUnbonding(staking, ctx, { ...unbonding, entries: unbonding.entries.filter((entry) => !isMature(entry, ctx.timeNs)) });
  return paid;
}

function completeMoves(staking: Staking, ctx: Ctx): void {
  const { state } = staking;
  for (const triplet of dequeue(state.redelegationQueue, ctx, ({ triplets }) => triplets)) {
    const { delegatorAddress: delegator, validatorSrcAddress: source, validatorDstAddress: destination } = triplet;
    const redelegation = state.redelegations.find(ctx, [delegator, [source, destination]]);
    if (redelegation === undefined) continue;
    let amount = 0n;
    for (const entry of redelegation.entries.filter((entry) => isMature(entry, ctx.timeNs))) {
      forgetUnbonding(staking, ctx, entry.unbondingId);
      amount += BigInt(entry.initialBalance);
    }
    saveRedelegation(staking, ctx, { ...redelegation, entries: redelegation.entries.filter((entry) => !isMature(entry, ctx.timeNs)) });
    ctx.event("complete_redelegation", [
      ["amount", coinsText(staking, ctx, amount)],
      ["delegator", delegator],
      ["source_validator", source],
      ["destination_validator", destination],
    ]);
  }
}

/** Takes everything off a queue whose time has come, in the order of time. The next slot is not looked at: it may hold thousands of delegators. */
function dequeue<V, T>(queue: BoundMap<bigint, V, {}>, ctx: Ctx, itemsOf: (slot: V) => readonly T[]): T[] {
  const next = queue.first(ctx);
  if (next === undefined || next > ctx.timeNs) return [];
  const due = [...queue.entries(ctx, { before: ctx.timeNs + 1n })];
  for (const [timeNs] of due) queue.delete(ctx, timeNs);
  return due.flatMap(([, slot]) => itemsOf(slot));
}

/** Nothing is written as empty text. */
function coinsText({ params }: Staking, ctx: Ctx, amount: bigint): string {
  return amount === 0n ? "" : formatCoins([{ denom: params.get(ctx).bondDenom, amount }]);
}

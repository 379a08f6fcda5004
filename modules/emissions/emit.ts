import { EventEmitted, EventMinted } from "#proto/hanzo/emissions/v1/events";
import type { Split as WireSplit } from "#proto/hanzo/emissions/v1/types";
import { type Ctx, moduleAddress } from "#sdk";
import { FEE_COLLECTOR } from "../auth/index.ts";
import { authorize, type Split, splitReward, stepAt, use } from "./math.ts";
import { scheduleOf, sharesOf } from "./params.ts";
import { decodeAllowance, type Emissions, encodeAllowance, type Purpose } from "./state.ts";

/**
 * A block's reward: coins for validators and the treasury come into being, those for work and curators are only authorised. Runs before fees are
 * shared out, so that validators have theirs in the same block.
 */
export function emitReward(emissions: Emissions, ctx: Ctx): void {
  const { state, params, needs, address, chain } = emissions;
  const current = params.get(ctx);
  const { reward } = stepAt(scheduleOf(current), ctx.height);
  if (reward === 0n) return;
  const split = splitReward(reward, sharesOf(current));
  needs.bank.mint(ctx, address.format(moduleAddress(FEE_COLLECTOR)), chain.baseDenom, split.validators);
  needs.bank.mint(ctx, address.format(moduleAddress(current.treasuryModule)), chain.baseDenom, split.treasury);
  const workExpired = authorizeShare(emissions, ctx, "work", split.work);
  const curationExpired = authorizeShare(emissions, ctx, "curation", split.curation);
  const { emitted, validators, treasury } = state.totals.get(ctx);
  state.totals.set(ctx, {
    emitted: (BigInt(emitted) + reward).toString(),
    validators: (BigInt(validators) + split.validators).toString(),
    treasury: (BigInt(treasury) + split.treasury).toString(),
  });
  ctx.emit(EventEmitted, {
    split: encodeSplit(split),
    workExpired: workExpired.toString(),
    curationExpired: curationExpired.toString(),
  });
}

/** @returns what expires */
function authorizeShare({ state, params }: Emissions, ctx: Ctx, purpose: Purpose, share: bigint): bigint {
  const before = decodeAllowance(state[purpose].get(ctx));
  const after = authorize(before, share, share * params.get(ctx).carryBlocks);
  state[purpose].set(ctx, encodeAllowance(after));
  return after.expired - before.expired;
}

/**
 * Makes coins that were authorised.
 * @param amount base units, at least 0; 0 does nothing
 * @throws emissions/3 when it is more than stands
 */
export function mintAuthorized(emissions: Emissions, ctx: Ctx, purpose: Purpose, to: string, amount: bigint): void {
  const { state, needs, chain, err } = emissions;
  if (amount === 0n) return;
  const allowance = decodeAllowance(state[purpose].get(ctx));
  if (amount > allowance.available)
    throw err.exceedsAuthorization(`at most ${allowance.available}${chain.baseDenom} for ${purpose} expected, got ${amount}`);
  needs.bank.mint(ctx, to, chain.baseDenom, amount);
  const after = use(allowance, amount);
  state[purpose].set(ctx, encodeAllowance(after));
  ctx.emit(EventMinted, { purpose, receiver: to, amount: amount.toString(), available: after.available.toString() });
}

/** A split as events and answers show it. */
export function encodeSplit({ reward, validators, work, curation, treasury }: Split): WireSplit {
  return {
    reward: reward.toString(),
    validators: validators.toString(),
    work: work.toString(),
    curation: curation.toString(),
    treasury: treasury.toString(),
  };
}

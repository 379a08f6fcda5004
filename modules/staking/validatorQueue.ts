import type { Ctx, ReadCtx } from "#sdk";
import type { QueueSlot } from "./keys.ts";
import type { Staking } from "./staking.ts";
import { forgetUnbonding } from "./unbondingIds.ts";
import { STATUS, type Validator } from "./validator.ts";
import { getValidator, removeValidator, saveValidator } from "./validators.ts";

type Queue = Pick<Staking, "state">;

/** When a validator's unbonding ends. */
function slotOf({ unbondingTimeNs, unbondingHeight }: Validator): QueueSlot {
  return { timeNs: unbondingTimeNs, height: unbondingHeight };
}

/** Notes the end of a validator's unbonding. */
export function enqueueValidator({ state }: Queue, ctx: Ctx, validator: Validator): void {
  const slot = slotOf(validator);
  const others = state.validatorQueue.find(ctx, slot)?.addresses ?? [];
  state.validatorQueue.set(ctx, slot, { addresses: [...others, validator.operator] });
}

/** Takes the note back, if there is one. */
export function dequeueValidator({ state }: Queue, ctx: Ctx, validator: Validator): void {
  const slot = slotOf(validator);
  const others = (state.validatorQueue.find(ctx, slot)?.addresses ?? []).filter((operator) => operator !== validator.operator);
  if (others.length > 0) state.validatorQueue.set(ctx, slot, { addresses: others });
  else state.validatorQueue.delete(ctx, slot);
}

/** Ends the unbonding of every validator whose time has come. Those that nobody staked on are forgotten. */
export function unbondMatureValidators(staking: Staking, ctx: Ctx): void {
  for (const operator of matureOperators(staking, ctx)) {
    const validator = getValidator(staking, ctx, operator);
    // A module holds it up: it is asked again in the next block.
    if (validator.onHold > 0n) continue;
    for (const id of validator.unbondingIds) forgetUnbonding(staking, ctx, id);
    saveValidator(staking, ctx, { ...validator, status: STATUS.unbonded });
    if (validator.sharesE18 === 0n) removeValidator(staking, ctx, operator, false);
    dequeueValidator(staking, ctx, validator);
  }
}

function matureOperators({ state }: Queue, ctx: ReadCtx): string[] {
  const mature: string[] = [];
  const next = state.validatorQueue.first(ctx);
  if (next === undefined || next.timeNs > ctx.timeNs) return mature;
  for (const [{ timeNs, height }, { addresses }] of state.validatorQueue.entries(ctx)) {
    if (timeNs > ctx.timeNs) break;
    if (height <= ctx.height) mature.push(...addresses);
  }
  return mature;
}

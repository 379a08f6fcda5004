import { type Ctx, compareBytes, derived, durationNs, type ValidatorUpdate } from "#sdk";
import { moveStake } from "./pools.ts";
import { announce, applyRotations, type PowerChange } from "./rotations.ts";
import { powerOf } from "./shares.ts";
import type { Staking } from "./staking.ts";
import { VALIDATOR_PREFIX } from "./state.ts";
import { nextUnbondingId, noteUnbonding } from "./unbondingIds.ts";
import { STATUS, type Validator } from "./validator.ts";
import { dequeueValidator, enqueueValidator } from "./validatorQueue.ts";
import { consAddress, getValidator, replaceValidator } from "./validators.ts";

/**
 * Brings the set in line with the stake: the `max_validators` with most power come in, the others leave. Touches as many entries of the store as the
 * set has members.
 * @returns changes for CometBFT: members by falling power, then leavers in the order of their addresses, then those who only have a new key
 */
export function applyValidatorSetUpdates(staking: Staking, ctx: Ctx): ValidatorUpdate[] {
  const { state, chain } = staking;
  applyRotations(staking, ctx);
  const powerBefore = new Map(state.lastPowers.entries(ctx));
  const last = new Map(powerBefore);
  const changes: PowerChange[] = [];
  let totalPower = 0n;
  let bonded = 0n;
  for (const before of strongest(staking, ctx)) {
    const power = powerOf(before.tokens, chain.powerReduction);
    if (before.status !== STATUS.bonded) {
      bondValidator(staking, ctx, before);
      bonded += before.tokens;
    }
    if (last.get(before.operator) !== power) {
      changes.push({ validator: before, power });
      state.lastPowers.set(ctx, before.operator, power);
    }
    last.delete(before.operator);
    totalPower += power;
  }
  for (const operator of inAddressOrder(staking, last.keys())) {
    const left = beginUnbonding(staking, ctx, getValidator(staking, ctx, operator));
    bonded -= left.tokens;
    state.lastPowers.delete(ctx, operator);
    changes.push({ validator: left, power: 0n });
  }
  const updates = announce(staking, ctx, changes, powerBefore);
  if (bonded > 0n) moveStake(staking, ctx, STATUS.unbonded, STATUS.bonded, bonded);
  if (bonded < 0n) moveStake(staking, ctx, STATUS.bonded, STATUS.unbonded, -bonded);
  if (updates.length > 0) state.lastTotalPower.set(ctx, { int: totalPower.toString() });
  noteUpdates(staking, ctx, updates);
  return updates;
}

/** The set, and whether it is settled: nothing that it depends on has changed since the block after which it was in line with the stake. */
export interface SettledSet {
  update(ctx: Ctx): ValidatorUpdate[];
}

/** {@link applyValidatorSetUpdates} once per block, which looks at the members only where something about validators has changed. */
export function createSettledSet(staking: Staking): SettledSet {
  const { state, params } = staking;
  const size = (ctx: Ctx): number => params.get(ctx).maxValidators;
  // DETERMINISM: without changes the same sources give no updates again; the remembered mark follows from them alone.
  const mark = derived([state.validators, state.byPower, state.lastPowers, state.rotationApplyQueue], () => ({ settledFor: -1 }));
  return {
    update(ctx) {
      const before = mark(ctx);
      if (before.settledFor === size(ctx)) {
        noteUpdates(staking, ctx, []);
        return [];
      }
      const updates = applyValidatorSetUpdates(staking, ctx);
      // Had it changed anything, the mark would be another one by now. Changes of key wait for a height.
      const isSettled = updates.length === 0 && mark(ctx) === before && state.rotationApplyQueue.first(ctx) === undefined;
      if (isSettled) before.settledFor = size(ctx);
      return updates;
    },
  };
}

/** Keeps the changes of a block for those who ask in the next one. Mostly there are none, as before. */
function noteUpdates({ state }: Staking, ctx: Ctx, updates: readonly ValidatorUpdate[]): void {
  if (updates.length === 0 && state.updates.find(ctx)?.updates.length === 0) return;
  state.updates.set(ctx, { updates: updates.map(({ keyType, publicKey, power }) => ({ pubKey: { [keyType]: publicKey }, power })) });
}

/** Validators that belong into the set, most power first. Power below one unit is none. */
function strongest(staking: Staking, ctx: Ctx): Validator[] {
  const { state, params } = staking;
  const { maxValidators } = params.get(ctx);
  const operators: string[] = [];
  for (const [{ power, operator }] of state.byPower.entries(ctx, { reverse: true })) {
    if (operators.length >= maxValidators || power === 0n) break;
    operators.push(operator);
  }
  return operators.map((operator) => getValidator(staking, ctx, operator));
}

function inAddressOrder({ address }: Staking, operators: Iterable<string>): string[] {
  const bytes = [...operators].map((operator) => [operator, address.operator.parse(operator)] as const);
  return bytes.sort(([, a], [, b]) => compareBytes(a, b)).map(([operator]) => operator);
}

function bondValidator(staking: Staking, ctx: Ctx, before: Validator): void {
  const validator = replaceValidator(staking, ctx, before, { ...before, status: STATUS.bonded });
  dequeueValidator(staking, ctx, validator);
  staking.emit.afterValidatorBonded(ctx, consAddress(validator), validator.operator);
}

function beginUnbonding(staking: Staking, ctx: Ctx, before: Validator): Validator {
  const { params, emit, address } = staking;
  const id = nextUnbondingId(staking, ctx);
  const validator: Validator = {
    ...before,
    status: STATUS.unbonding,
    unbondingTimeNs: ctx.timeNs + durationNs(params.get(ctx).unbondingTime),
    unbondingHeight: ctx.height,
    unbondingIds: [...before.unbondingIds, id],
  };
  replaceValidator(staking, ctx, before, validator);
  enqueueValidator(staking, ctx, validator);
  emit.afterValidatorBeginUnbonding(ctx, consAddress(validator), validator.operator);
  noteUnbonding(staking, ctx, id, VALIDATOR_PREFIX, [address.operator.parse(validator.operator)]);
  return validator;
}

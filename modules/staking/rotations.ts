// Changes of consensus keys on their way: CometBFT is told at the end of the block that has the message, and uses the new key two blocks later. The
// validator gets it in state at the end of that block, when all votes of the old key have been counted.
import type { Any } from "#proto/google/protobuf/any";
import { type Ctx, equalBytes, type ReadCtx, type ValidatorUpdate } from "#sdk";
import { consAddressOfPacked, parseConsKey } from "./consKey.ts";
import { LOCK } from "./consKeyLock.ts";
import type { Staking } from "./staking.ts";
import type { Validator } from "./validator.ts";
import { consAddress, saveConsAddress, saveValidator } from "./validators.ts";

/** Blocks from the end of a block until CometBFT uses the set that it gave (CometBFT state/execution.go). */
export const UPDATE_DELAY = 2n;

/** A change of key on its way. */
export interface Rotation {
  /** As it is in state, with the old key. */
  readonly validator: Validator;
  readonly newKey: Any;
  /** Block at whose end the validator gets the key. */
  readonly applyHeight: bigint;
}

/** A change of the set, as stake and votes make it. */
export interface PowerChange {
  readonly validator: Validator;
  /** 0 for who leaves. */
  readonly power: bigint;
}

/**
 * Changes on their way, oldest first. One whose validator was removed meanwhile is none, even if somebody made a new validator of the operator: the
 * new one has another key, since the old one is locked.
 */
export function pendingRotations({ state, address }: Staking, ctx: ReadCtx): Rotation[] {
  const found: Rotation[] = [];
  for (const [[applyHeight, operator], newKey] of state.rotationApplyQueue.entries(ctx)) {
    const validator = state.validators.find(ctx, operator);
    const lock = validator && state.consKeyLocks.find(ctx, consAddress(validator));
    if (validator === undefined || lock?.kind !== LOCK.pendingFrom) continue;
    if (equalBytes(lock.operator, address.operator.parse(operator))) found.push({ validator, newKey, applyHeight });
  }
  return found;
}

/** Gives validators their new keys whose block has come. CONTRACT: before the set of the block's end is made. */
export function applyRotations(staking: Staking, ctx: Ctx): void {
  const { state } = staking;
  for (const rotation of pendingRotations(staking, ctx)) if (rotation.applyHeight <= ctx.height) applyRotation(staking, ctx, rotation);
  const due = [...state.rotationApplyQueue.entries(ctx)].filter(([[applyHeight]]) => applyHeight <= ctx.height);
  for (const [at, newKey] of due) {
    // The key is the validator's own now, or nobody's.
    state.consKeyLocks.delete(ctx, consAddressOfPacked(newKey));
    state.rotationApplyQueue.delete(ctx, at);
  }
}

function applyRotation(staking: Staking, ctx: Ctx, { validator, newKey }: Rotation): void {
  const { state, address, emit } = staking;
  const { operator } = validator;
  const oldCons = consAddress(validator);
  const after = { ...validator, consPubKey: newKey };
  saveValidator(staking, ctx, after);
  state.byConsAddress.delete(ctx, oldCons);
  saveConsAddress(staking, ctx, after);
  state.consKeyLocks.set(ctx, oldCons, { kind: LOCK.rotatedFrom, operator: address.operator.parse(operator) });
  ctx.event("apply_cons_pubkey_rotation", [
    ["validator", operator],
    ["old_cons_addr", address.consensus.format(oldCons)],
    ["new_cons_addr", address.consensus.format(consAddress(after))],
  ]);
  emit.afterValidatorConsKeyUpdated(ctx, oldCons, consAddress(after), operator);
}

/**
 * Changes of the set in the keys that CometBFT knows: the old key leaves and the new one comes at the end of the block that has the message; from
 * then on the new key stands for the validator.
 * @param changes as stake and votes make them, in CometBFT's order
 * @param powerBefore power of a validator as CometBFT was told it last, by operator
 * @returns the same order; changes of key alone come last, oldest first
 */
export function announce(
  staking: Staking,
  ctx: ReadCtx,
  changes: readonly PowerChange[],
  powerBefore: ReadonlyMap<string, bigint>,
): ValidatorUpdate[] {
  const rotations = new Map<string, Rotation>();
  for (const rotation of pendingRotations(staking, ctx))
    if (rotation.applyHeight - UPDATE_DELAY <= ctx.height) rotations.set(rotation.validator.operator, rotation);
  const updates = changes.flatMap(({ validator, power }) => {
    const { operator, consPubKey } = validator;
    const rotation = rotations.get(operator);
    rotations.delete(operator);
    if (rotation === undefined) return [updateOf(consPubKey, power)];
    if (!isAnnounced(rotation)) return [updateOf(rotation.newKey, power)];
    // CometBFT never heard of the new key of one who leaves.
    return power === 0n ? [updateOf(consPubKey, 0n)] : [updateOf(consPubKey, 0n), updateOf(rotation.newKey, power)];
  });
  for (const rotation of rotations.values()) {
    const power = powerBefore.get(rotation.validator.operator) ?? 0n;
    if (isAnnounced(rotation)) updates.push(updateOf(rotation.validator.consPubKey, 0n), updateOf(rotation.newKey, power));
  }
  return updates;

  /** Whether this block tells CometBFT: it knows the old key. */
  function isAnnounced({ validator, applyHeight }: Rotation): boolean {
    return applyHeight - UPDATE_DELAY === ctx.height && (powerBefore.get(validator.operator) ?? 0n) > 0n;
  }
}

function updateOf(key: Any, power: bigint): ValidatorUpdate {
  return { ...parseConsKey(key), power };
}

/** Lets validators change their keys again when the unbonding time is over, and forgets given-up keys that no evidence can name any more. */
export function forgetRotations(staking: Staking, ctx: Ctx): void {
  endWaits(staking, ctx);
  unlockExpired(staking, ctx);
}

function endWaits({ state }: Staking, ctx: Ctx): void {
  const next = state.rotationQueue.first(ctx);
  if (next === undefined || next[0] > ctx.timeNs) return;
  const mature: (readonly [timeNs: bigint, operator: string])[] = [];
  for (const [at] of state.rotationQueue.entries(ctx)) {
    if (at[0] > ctx.timeNs) break;
    mature.push(at);
  }
  for (const at of mature) {
    state.rotationQueue.delete(ctx, at);
    state.rotated.delete(ctx, at[1]);
  }
}

/** A lock outlives its change, also where the unbonding time is shorter than that and nothing else limits evidence. */
function unlockExpired({ state, address }: Staking, ctx: Ctx): void {
  const next = state.evidenceQueue.first(ctx);
  if (next === undefined || next[0] >= ctx.timeNs) return;
  const pending = new Set([...state.rotationApplyQueue.entries(ctx)].map(([[, operator]]) => operator));
  const expired: (readonly [timeNs: bigint, cons: Uint8Array])[] = [];
  for (const [at, { expiryHeight, validatorAddress }] of state.evidenceQueue.entries(ctx)) {
    if (at[0] >= ctx.timeNs) break;
    const isPending = () =>
      state.consKeyLocks.find(ctx, at[1])?.kind === LOCK.pendingFrom && pending.has(address.operator.format(validatorAddress));
    if (ctx.height > expiryHeight && !isPending()) expired.push(at);
  }
  for (const at of expired) {
    state.evidenceQueue.delete(ctx, at);
    state.consKeyLocks.delete(ctx, at[1]);
  }
}

/** The validator that gave a key up and is still liable for it. */
export function findByRotatedConsAddress({ state, address }: Staking, ctx: ReadCtx, cons: Uint8Array): Validator | undefined {
  const lock = state.consKeyLocks.find(ctx, cons);
  return lock?.kind === LOCK.rotatedFrom ? state.validators.find(ctx, address.operator.format(lock.operator)) : undefined;
}

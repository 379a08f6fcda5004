// Changes of consensus keys in genesis files, in the format of the Cosmos SDK.
import type { ConsensusKeyRotationHistory, GenesisState, PendingConsensusKeyRotation } from "#proto/cosmos/staking/v1beta1/genesis";
import { type Ctx, equalBytes, type ReadCtx, timestampNs, toTimestamp } from "#sdk";
import { consAddressOfPacked } from "./consKey.ts";
import { LOCK } from "./consKeyLock.ts";
import { hasTime, NO_TIME_NS } from "./noTime.ts";
import { UPDATE_DELAY } from "./rotations.ts";
import type { Staking } from "./staking.ts";
import { consAddress } from "./validators.ts";

/** The two lists of a genesis file. */
export type RotationGenesis = Pick<GenesisState, "consensusKeyRotationHistory" | "pendingConsensusKeyRotations">;

/** Writes what the file says. CONTRACT: behind its validators. */
export function initRotations(staking: Staking, ctx: Ctx, genesis: RotationGenesis): void {
  const { state, address } = staking;
  const pending = new Set<string>();
  for (const { validatorAddress, newPubkey, applyHeight } of genesis.pendingConsensusKeyRotations) {
    if (newPubkey === undefined) continue;
    const operator = address.operator.parse(validatorAddress);
    pending.add(validatorAddress);
    state.consKeyLocks.set(ctx, consAddressOfPacked(newPubkey), { kind: LOCK.pendingTo, operator });
    state.rotationApplyQueue.set(ctx, [applyHeight, validatorAddress], newPubkey);
  }
  for (const history of genesis.consensusKeyRotationHistory) {
    const { validatorAddress, oldConsensusAddress, maturityTime, evidenceExpiryTime, evidenceExpiryHeight: expiryHeight } = history;
    if (hasTime(maturityTime)) {
      state.rotationQueue.set(ctx, [timestampNs(maturityTime), validatorAddress], true);
      state.rotated.set(ctx, validatorAddress, true);
    }
    const oldCons = address.consensus.parse(oldConsensusAddress);
    const operator = address.operator.parse(validatorAddress);
    const kind = pending.has(validatorAddress) && mayHave(staking, ctx, validatorAddress, oldCons) ? LOCK.pendingFrom : LOCK.rotatedFrom;
    state.consKeyLocks.set(ctx, oldCons, { kind, operator });
    const expiry = { validatorAddress: operator, expiryTime: evidenceExpiryTime, expiryHeight };
    state.evidenceQueue.set(ctx, [timestampNs(evidenceExpiryTime), oldCons], expiry);
  }
}

/** Whether the validator still has the key, or was removed with it: then nobody is to be found by it. */
function mayHave({ state }: Staking, ctx: ReadCtx, operator: string, cons: Uint8Array): boolean {
  const validator = state.validators.find(ctx, operator);
  return validator === undefined || equalBytes(consAddress(validator), cons);
}

/**
 * What a chain hands on.
 * @param firstHeight of the chain that goes on: its validators sign with what CometBFT was told last, and get their keys at the end of that block
 */
export function exportRotations(staking: Staking, ctx: ReadCtx, firstHeight: bigint): RotationGenesis {
  const { state, address } = staking;
  const mature = new Map([...state.rotationQueue.entries(ctx)].map(([[timeNs, operator]]) => [operator, timeNs]));
  const history = [...state.evidenceQueue.entries(ctx)].map(([[, oldCons], expiry]): ConsensusKeyRotationHistory => {
    const validatorAddress = address.operator.format(expiry.validatorAddress);
    const maturityTime = toTimestamp(mature.get(validatorAddress) ?? NO_TIME_NS);
    // One entry of a validator says when it may change its key again.
    mature.delete(validatorAddress);
    return {
      validatorAddress,
      oldConsensusAddress: address.consensus.format(oldCons),
      maturityTime,
      evidenceExpiryTime: expiry.expiryTime,
      evidenceExpiryHeight: expiry.expiryHeight,
    };
  });
  const pending = [...state.rotationApplyQueue.entries(ctx)].map(
    ([[applyHeight, validatorAddress], newPubkey]): PendingConsensusKeyRotation => ({
      validatorAddress,
      newPubkey,
      applyHeight: isAnnounced(applyHeight, ctx) && applyHeight > firstHeight ? firstHeight : applyHeight,
    }),
  );
  return { consensusKeyRotationHistory: history, pendingConsensusKeyRotations: pending };
}

/** A chain that begins anew begins with the new keys. Heights at which evidence expires stay, as in the Cosmos SDK. */
export function restartRotations({ state }: Staking, ctx: Ctx): void {
  for (const [at, newKey] of [...state.rotationApplyQueue.entries(ctx)]) {
    if (!isAnnounced(at[0], ctx)) continue;
    state.rotationApplyQueue.delete(ctx, at);
    state.rotationApplyQueue.set(ctx, [1n, at[1]], newKey);
  }
}

/** Whether CometBFT was told; it was in the block of the message, unless a genesis file says otherwise. */
function isAnnounced(applyHeight: bigint, { height }: ReadCtx): boolean {
  return applyHeight - UPDATE_DELAY <= height;
}

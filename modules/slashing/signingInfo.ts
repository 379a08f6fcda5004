import type { ValidatorSigningInfo } from "#proto/cosmos/slashing/v1beta1/slashing";
import { type Ctx, type ReadCtx, toTimestamp } from "#sdk";
import { moveMissed } from "./bitmap.ts";
import type { Slashing } from "./slashing.ts";

/** @throws slashing/8 for a validator that was never bonded */
export function getSigningInfo({ state, address, err }: Slashing, ctx: ReadCtx, consAddress: Uint8Array): ValidatorSigningInfo {
  const info = state.signingInfos.find(ctx, consAddress);
  if (info === undefined) throw err.noSigningInfo(address.consensus.format(consAddress));
  return info;
}

/** Signing is counted from the height of the context on; whoever was there before keeps the rest of its record. */
export function beginSigning({ state, address }: Slashing, ctx: Ctx, consAddress: Uint8Array): void {
  const before = state.signingInfos.find(ctx, consAddress) ?? {
    address: address.consensus.format(consAddress),
    indexOffset: 0n,
    jailedUntil: toTimestamp(0n),
    tombstoned: false,
    missedBlocksCounter: 0n,
  };
  state.signingInfos.set(ctx, consAddress, { ...before, startHeight: ctx.height });
}

/** Keeps the consensus key of a new validator. */
export function rememberPubKey({ state, needs }: Slashing, ctx: Ctx, consAddress: Uint8Array): void {
  const pubKey = needs.staking.consPubKey(ctx, consAddress);
  if (pubKey !== undefined) state.pubKeys.set(ctx, consAddress, pubKey);
}

/**
 * The record of a validator goes on under its new key, tombstone and missed blocks included. A record that an earlier validator left there is
 * forgotten: the key is this validator's now.
 */
export function moveSigning(slashing: Slashing, ctx: Ctx, oldCons: Uint8Array, newCons: Uint8Array): void {
  const { state, address } = slashing;
  rememberPubKey(slashing, ctx, newCons);
  state.pubKeys.delete(ctx, oldCons);
  const info = state.signingInfos.find(ctx, oldCons);
  // A validator that was never bonded has no record.
  if (info === undefined) return;
  state.signingInfos.set(ctx, newCons, { ...info, address: address.consensus.format(newCons) });
  state.signingInfos.delete(ctx, oldCons);
  moveMissed(state, ctx, oldCons, newCons);
}

/** Whether a validator signed twice at some height; one without a record did not. */
export function isTombstoned({ state }: Slashing, ctx: ReadCtx, consAddress: Uint8Array): boolean {
  return state.signingInfos.find(ctx, consAddress)?.tombstoned ?? false;
}

/** Ends a validator for ever: out of the set, and never unjailed. @throws slashing/8, slashing/9 */
export function tombstone(slashing: Slashing, ctx: Ctx, consAddress: Uint8Array): void {
  const info = getSigningInfo(slashing, ctx, consAddress);
  if (info.tombstoned) throw slashing.err.validatorTombstoned(info.address);
  slashing.state.signingInfos.set(ctx, consAddress, { ...info, tombstoned: true });
}

/** Nobody is unjailed before. @param untilNs nanoseconds since 1970 @throws slashing/8 */
export function jailUntil(slashing: Slashing, ctx: Ctx, consAddress: Uint8Array, untilNs: bigint): void {
  const info = getSigningInfo(slashing, ctx, consAddress);
  slashing.state.signingInfos.set(ctx, consAddress, { ...info, jailedUntil: toTimestamp(untilNs) });
}

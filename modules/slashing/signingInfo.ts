import type { ValidatorSigningInfo } from "#proto/cosmos/slashing/v1beta1/slashing";
import { type Ctx, type ReadCtx, toTimestamp } from "#sdk";
import { moveMissed } from "./bitmap.ts";
import { infoAfter, type SigningRecord } from "./signingRecord.ts";
import type { Slashing } from "./slashing.ts";

/** @throws slashing/8 for a validator that was never bonded */
export function getRecord({ state, address, err }: Slashing, ctx: ReadCtx, consAddress: Uint8Array): SigningRecord {
  const record = state.signingRecords.find(ctx, consAddress);
  if (record === undefined) throw err.noSigningInfo(address.consensus.format(consAddress));
  return record;
}

/** A validator's record as everybody may know it. CONTRACT: not before the votes of the block are counted. */
export function findSigningInfo(
  { state }: Pick<Slashing, "state">,
  ctx: ReadCtx,
  consAddress: Uint8Array,
): ValidatorSigningInfo | undefined {
  const record = state.signingRecords.find(ctx, consAddress);
  return record === undefined ? undefined : infoAfter(record, ctx.height);
}

/** Changes what does not come of votes; who is steady stays so. @throws slashing/8 */
function changeInfo(slashing: Slashing, ctx: Ctx, consAddress: Uint8Array, change: Partial<ValidatorSigningInfo>): void {
  const { info, steadySince } = getRecord(slashing, ctx, consAddress);
  slashing.state.signingRecords.set(ctx, consAddress, { info: { ...info, ...change }, steadySince });
}

/** Signing is counted from the height of the context on; whoever was there before keeps the rest of its record. */
export function beginSigning(slashing: Slashing, ctx: Ctx, consAddress: Uint8Array): void {
  const { state, address } = slashing;
  const startHeight = ctx.height;
  if (state.signingRecords.has(ctx, consAddress)) {
    changeInfo(slashing, ctx, consAddress, { startHeight });
    return;
  }
  const info = {
    address: address.consensus.format(consAddress),
    startHeight,
    indexOffset: 0n,
    jailedUntil: toTimestamp(0n),
    tombstoned: false,
    missedBlocksCounter: 0n,
  };
  state.signingRecords.set(ctx, consAddress, { info, steadySince: 0n });
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
  const info = findSigningInfo(slashing, ctx, oldCons);
  // A validator that was never bonded has no record.
  if (info === undefined) return;
  state.signingRecords.set(ctx, newCons, { info: { ...info, address: address.consensus.format(newCons) }, steadySince: 0n });
  state.signingRecords.delete(ctx, oldCons);
  moveMissed(state, ctx, oldCons, newCons);
}

/** Whether a validator signed twice at some height; one without a record did not. */
export function isTombstoned({ state }: Slashing, ctx: ReadCtx, consAddress: Uint8Array): boolean {
  return state.signingRecords.find(ctx, consAddress)?.info.tombstoned ?? false;
}

/** Ends a validator for ever: out of the set, and never unjailed. @throws slashing/8, slashing/9 */
export function tombstone(slashing: Slashing, ctx: Ctx, consAddress: Uint8Array): void {
  const { info } = getRecord(slashing, ctx, consAddress);
  if (info.tombstoned) throw slashing.err.validatorTombstoned(info.address);
  changeInfo(slashing, ctx, consAddress, { tombstoned: true });
}

/** Nobody is unjailed before. @param untilNs nanoseconds since 1970 @throws slashing/8 */
export function jailUntil(slashing: Slashing, ctx: Ctx, consAddress: Uint8Array, untilNs: bigint): void {
  changeInfo(slashing, ctx, consAddress, { jailedUntil: toTimestamp(untilNs) });
}

import type { ReadCtx } from "#sdk";
import { missedIndexes } from "./bitmap.ts";
import type { Slashing } from "./slashing.ts";

/** A status of x/staking: in the set. */
const BONDED = 3;

/** Every record counts as many missed blocks as its bitmap has marks, and nobody else has a bitmap. */
export function countersMatchBitmaps({ state, address }: Slashing, ctx: ReadCtx): string | undefined {
  for (const [consAddress, info] of state.signingInfos.entries(ctx)) {
    const marks = BigInt(missedIndexes(state, ctx, consAddress).length);
    if (marks !== info.missedBlocksCounter) return `${info.address} counts ${info.missedBlocksCounter} missed blocks, its bitmap ${marks}`;
  }
  for (const [[consAddress]] of state.missedBlocks.entries(ctx))
    if (!state.signingInfos.has(ctx, consAddress)) return `${address.consensus.format(consAddress)} has a bitmap without signing info`;
  return undefined;
}

/** Whoever is bonded has a record, which says its address. */
export function bondedHaveRecords({ state, needs, address }: Slashing, ctx: ReadCtx): string | undefined {
  for (const { consAddress, status, operator } of needs.staking.allValidators(ctx))
    if (status === BONDED && !state.signingInfos.has(ctx, consAddress)) return `${operator} is bonded without signing info`;
  for (const [consAddress, info] of state.signingInfos.entries(ctx)) {
    const expected = address.consensus.format(consAddress);
    if (info.address !== expected) return `signing info of ${expected} names ${info.address}`;
  }
  return undefined;
}

/** Whoever signed twice is in jail for ever. */
export function tombstonedAreJailed({ state, needs }: Slashing, ctx: ReadCtx): string | undefined {
  for (const [consAddress, info] of state.signingInfos.entries(ctx)) {
    const validator = needs.staking.findByConsAddress(ctx, consAddress);
    if (info.tombstoned && validator !== undefined && !validator.jailed) return `${validator.operator} is tombstoned and not jailed`;
  }
  return undefined;
}

/** The keys kept are those of the validators that exist. */
export function pubKeysAreOfValidators({ state, needs, address }: Slashing, ctx: ReadCtx): string | undefined {
  let validators = 0;
  for (const { consAddress, operator } of needs.staking.allValidators(ctx)) {
    validators++;
    if (!state.pubKeys.has(ctx, consAddress)) return `consensus key of ${operator} is not kept`;
  }
  let keys = 0;
  for (const [consAddress] of state.pubKeys.entries(ctx)) {
    keys++;
    if (needs.staking.findByConsAddress(ctx, consAddress) === undefined)
      return `${address.consensus.format(consAddress)} has a key and is no validator`;
  }
  return keys === validators ? undefined : `${keys} consensus keys for ${validators} validators`;
}

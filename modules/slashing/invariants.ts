import { all, column, each, type Invariant, sums } from "#sdk";
import { countMarks } from "./bitmap.ts";
import type { Slashing } from "./slashing.ts";

/** A status of x/staking: in the set. */
const BONDED = 3;

/** Every record counts as many missed blocks as its bitmap has marks, and nobody else has a bitmap. */
export function countersMatchBitmaps({ state, address }: Slashing): Invariant {
  const nameOf = address.consensus.format;
  return all(
    sums(
      [
        column(state.signingInfos, (consAddress, { missedBlocksCounter }) => [[nameOf(consAddress), missedBlocksCounter]]),
        column(state.missedBlocks, ([consAddress], chunk) => [[nameOf(consAddress), BigInt(countMarks(chunk))]]),
      ],
      (_ctx, name, [counted, marks]) => (counted === marks ? undefined : `${name} counts ${counted} missed blocks, its bitmap ${marks}`),
    ),
    each(state.missedBlocks, (ctx, [consAddress], chunk) =>
      chunk === undefined || state.signingInfos.has(ctx, consAddress)
        ? undefined
        : `${nameOf(consAddress)} has a bitmap without signing info`,
    ),
  );
}

/** Whoever is bonded has a record, which says its address. */
export function bondedHaveRecords({ state, needs, address }: Slashing): Invariant {
  return all(
    (ctx) => {
      for (const { consAddress, status, operator } of needs.staking.allValidators(ctx))
        if (status === BONDED && !state.signingInfos.has(ctx, consAddress)) return `${operator} is bonded without signing info`;
      return undefined;
    },
    each(state.signingInfos, (ctx, consAddress, info) => {
      const expected = address.consensus.format(consAddress);
      if (info !== undefined) return info.address === expected ? undefined : `signing info of ${expected} names ${info.address}`;
      const validator = needs.staking.findByConsAddress(ctx, consAddress);
      return validator?.status === BONDED ? `${validator.operator} is bonded without signing info` : undefined;
    }),
  );
}

/** Whoever signed twice is in jail for ever. */
export function tombstonedAreJailed({ state, needs }: Slashing): Invariant {
  return each(state.signingInfos, (ctx, consAddress, info) => {
    if (info?.tombstoned !== true) return undefined;
    const validator = needs.staking.findByConsAddress(ctx, consAddress);
    return validator === undefined || validator.jailed ? undefined : `${validator.operator} is tombstoned and not jailed`;
  });
}

/** The keys kept are those of the validators that exist. */
export function pubKeysAreOfValidators({ state, needs, address }: Slashing): Invariant {
  return all(
    (ctx) => {
      for (const { consAddress, operator } of needs.staking.allValidators(ctx))
        if (!state.pubKeys.has(ctx, consAddress)) return `consensus key of ${operator} is not kept`;
      return undefined;
    },
    each(state.pubKeys, (ctx, consAddress, kept) => {
      const validator = needs.staking.findByConsAddress(ctx, consAddress);
      if ((validator === undefined) === (kept === undefined)) return undefined;
      return validator === undefined
        ? `${address.consensus.format(consAddress)} has a key and is no validator`
        : `consensus key of ${validator.operator} is not kept`;
    }),
  );
}

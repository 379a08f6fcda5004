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
        column(state.signingRecords, (consAddress, { info }) => [[nameOf(consAddress), info.missedBlocksCounter]]),
        column(state.missedBlocks, ([consAddress], chunk) => [[nameOf(consAddress), BigInt(countMarks(chunk))]]),
      ],
      (_ctx, name, [counted, marks]) => (counted === marks ? undefined : `${name} counts ${counted} missed blocks, its bitmap ${marks}`),
    ),
    each(state.missedBlocks, (ctx, [consAddress], chunk) =>
      chunk === undefined || state.signingRecords.has(ctx, consAddress)
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
        if (status === BONDED && !state.signingRecords.has(ctx, consAddress)) return `${operator} is bonded without signing info`;
      return undefined;
    },
    each(state.signingRecords, (ctx, consAddress, record) => {
      const expected = address.consensus.format(consAddress);
      if (record !== undefined)
        return record.info.address === expected ? undefined : `signing info of ${expected} names ${record.info.address}`;
      const validator = needs.staking.findByConsAddress(ctx, consAddress);
      return validator?.status === BONDED ? `${validator.operator} is bonded without signing info` : undefined;
    }),
  );
}

/** Whoever signed twice is in jail for ever. */
export function tombstonedAreJailed({ state, needs }: Slashing): Invariant {
  return each(state.signingRecords, (ctx, consAddress, record) => {
    if (record?.info.tombstoned !== true) return undefined;
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

/** No more validators are steady than were counted so in the last block: one that is not counted any more would be missed. */
export function steadyAreCounted({ state, address }: Slashing): Invariant {
  return all(
    sums(
      [column(state.signingRecords, (_consAddress, { steadySince }) => (steadySince === 0n ? [] : [["steady validators", 1n]]))],
      (ctx, name, [steady = 0n]) => {
        const most = state.steadyCount.get(ctx);
        return steady <= most ? undefined : `at most ${most} ${name} expected, got ${steady}`;
      },
      () => ["steady validators"],
    ),
    each(state.signingRecords, (ctx, consAddress, record) =>
      record === undefined || record.steadySince <= ctx.height
        ? undefined
        : `${address.consensus.format(consAddress)} steady since ${ctx.height} or before expected, got ${record.steadySince}`,
    ),
  );
}

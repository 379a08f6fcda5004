import { type Ctx, concatBytes } from "#sdk";
import type { Staking } from "./staking.ts";
import { REDELEGATION_PREFIX, UNBONDING_PREFIX, VALIDATOR_PREFIX } from "./state.ts";

/** What an id can belong to: numbers of the store. */
const KINDS = { [UNBONDING_PREFIX]: 1n, [REDELEGATION_PREFIX]: 2n, [VALIDATOR_PREFIX]: 3n } as const;
type Prefix = keyof typeof KINDS;
type Ids = Pick<Staking, "state" | "emit">;

/** The next id. Ids are never given twice. */
export function nextUnbondingId({ state }: Pick<Ids, "state">, ctx: Ctx): bigint {
  const id = state.lastUnbondingId.get(ctx) + 1n;
  state.lastUnbondingId.set(ctx, id);
  return id;
}

/**
 * Notes which entry of the store an id belongs to, and tells others that something began to unbond.
 * @param prefix of the collection
 * @param parts of its key, in order
 */
export function noteUnbonding(ids: Ids, ctx: Ctx, id: bigint, prefix: Prefix, parts: readonly Uint8Array[]): void {
  indexUnbonding(ids, ctx, id, prefix, parts);
  ids.emit.afterUnbondingInitiated(ctx, id);
}

/** The note alone, as genesis makes it for what was under way. */
export function indexUnbonding({ state }: Pick<Ids, "state">, ctx: Ctx, id: bigint, prefix: Prefix, parts: readonly Uint8Array[]): void {
  state.unbondingIndex.set(ctx, id, concatBytes(Uint8Array.of(prefix), ...parts.flatMap((part) => [Uint8Array.of(part.length), part])));
  state.unbondingTypes.set(ctx, id, KINDS[prefix]);
}

/** Forgets where an id leads when what it named has ended. */
export function forgetUnbonding({ state }: Pick<Ids, "state">, ctx: Ctx, id: bigint): void {
  state.unbondingIndex.delete(ctx, id);
}

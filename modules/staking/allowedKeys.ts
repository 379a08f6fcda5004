import type { Any } from "#proto/google/protobuf/any";
import { type ReadCtx, withoutGas } from "#sdk";
import { consAddressOfPacked, keyTypeName } from "./consKey.ts";
import type { Staking } from "./staking.ts";

/** Whether consensus parameters let validators have keys of this kind, and which kinds they let them have. */
export function allowedKeyTypes(
  { needs }: Staking,
  ctx: ReadCtx,
  packed: Any,
): { readonly allowed: boolean; readonly types: readonly string[] } {
  const types = needs.consensus.get(ctx)?.validator?.pubKeyTypes ?? ["ed25519"];
  return { types, allowed: types.includes(keyTypeName(packed)) };
}

/** @throws staking/6 */
export function requireAllowedKeyType(staking: Staking, ctx: ReadCtx, packed: Any): void {
  const { allowed, types } = allowedKeyTypes(staking, ctx, packed);
  if (!allowed) throw staking.err.keyTypeNotSupported(`got: ${keyTypeName(packed)}, expected: [${types.join(" ")}]`);
}

/**
 * Refuses a key that a validator gave up and may still be punished for, or that one is about to get. Costs no gas: creating a validator costs what it
 * did before keys could change.
 * @throws staking/47
 */
export function requireUnlockedKey({ state, err }: Staking, ctx: ReadCtx, packed: Any): void {
  if (state.consKeyLocks.has(withoutGas(ctx), consAddressOfPacked(packed))) throw err.consKeyRotated();
}

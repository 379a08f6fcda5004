import { BaseAccount, ModuleAccount } from "#proto/cosmos/auth/v1beta1/auth";
import type { Any } from "#proto/google/protobuf/any";
import { encodeMessage, sdkError } from "#sdk";

const BASE_URL = `/${BaseAccount.$type}`;
const MODULE_URL = `/${ModuleAccount.$type}`;

/** An account: the part that all kinds share, and what makes it a module's. */
export interface Account {
  readonly base: BaseAccount;
  readonly module?: { readonly name: string; readonly permissions: readonly string[] };
}

/**
 * Account of its packed form.
 * @throws sdk/29 for a kind of account that this chain does not know, naming it.
 */
export function decodeAccount(packed: Any): Account {
  if (packed.typeUrl === BASE_URL) return { base: BaseAccount.decode(packed.value) };
  if (packed.typeUrl === MODULE_URL) {
    const { baseAccount, name, permissions } = ModuleAccount.decode(packed.value);
    return { base: baseAccount ?? BaseAccount.fromPartial({}), module: { name, permissions } };
  }
  throw sdkError.invalidType(`account of type ${BASE_URL} or ${MODULE_URL} expected, got ${packed.typeUrl}`);
}

/** Packed form of an account. */
export function encodeAccount({ base, module }: Account): Any {
  if (module === undefined) return { typeUrl: BASE_URL, value: encodeMessage(BaseAccount, base) };
  const { name, permissions } = module;
  return { typeUrl: MODULE_URL, value: encodeMessage(ModuleAccount, { baseAccount: base, name, permissions: [...permissions] }) };
}

import { BaseAccount, ModuleAccount } from "#proto/cosmos/auth/v1beta1/auth";
import type { Any } from "#proto/google/protobuf/any";
import { encodeMessage, sdkError } from "#sdk";
import type { Vesting } from "./vesting.ts";
import { decodeVesting, encodeVesting, isVestingUrl, VESTING_URLS } from "./vestingAccount.ts";

const BASE_URL = `/${BaseAccount.$type}`;
const MODULE_URL = `/${ModuleAccount.$type}`;
const KNOWN_URLS = [BASE_URL, MODULE_URL, ...VESTING_URLS].join(", ");

/** An account: the part that all kinds share, and what makes it a module's or locks its coins. */
export interface Account {
  readonly base: BaseAccount;
  readonly module?: { readonly name: string; readonly permissions: readonly string[] };
  readonly vesting?: Vesting;
}

/**
 * Account of its packed form.
 * @throws sdk/29 for a kind of account that this chain does not know, naming it; sdk/10 for a bad amount of locked coins
 */
export function unpackAccount(packed: Any): Account {
  if (packed.typeUrl === BASE_URL) return { base: BaseAccount.decode(packed.value) };
  if (packed.typeUrl === MODULE_URL) {
    const { baseAccount, name, permissions } = ModuleAccount.decode(packed.value);
    return { base: baseAccount ?? emptyBase(), module: { name, permissions } };
  }
  if (!isVestingUrl(packed.typeUrl)) throw sdkError.invalidType(`account of type ${KNOWN_URLS} expected, got ${packed.typeUrl}`);
  const { base = emptyBase(), vesting } = decodeVesting(packed.typeUrl, packed.value);
  return { base, vesting };
}

/** Packed form of an account. */
export function packAccount({ base, module, vesting }: Account): Any {
  if (vesting !== undefined) return encodeVesting(base, vesting);
  if (module === undefined) return { typeUrl: BASE_URL, value: encodeMessage(BaseAccount, base) };
  const { name, permissions } = module;
  return { typeUrl: MODULE_URL, value: encodeMessage(ModuleAccount, { baseAccount: base, name, permissions: [...permissions] }) };
}

function emptyBase(): BaseAccount {
  return BaseAccount.fromPartial({});
}

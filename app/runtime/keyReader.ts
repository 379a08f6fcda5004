import type { Any } from "#proto/google/protobuf/any";
import { formatKeyText } from "../store/keyText.ts";
import { type AccountKey, addressOfKey, decodePubKey, KEY_TYPES } from "./pubKey.ts";
import { createRecentMap } from "./recentMap.ts";

/** A key with the address that belongs to it. */
export interface ReadKey {
  readonly key: AccountKey;
  /** The 20 bytes of the account address; computed when first asked for. */
  readonly address: Uint8Array;
}

/** Reads keys, those of the accounts that sign again and again from memory. */
export interface KeyReader {
  /** @throws sdk/2 for an unknown type or bytes that are no key */
  read(any: Any): ReadKey;
}

/** Keys remembered at least. */
const REMEMBERED = 16_384;

/** Makes a reader. DETERMINISM: what is remembered follows from the bytes alone. Multisig keys are not remembered: their size has no bound. */
export function createKeyReader(): KeyReader {
  const known = createRecentMap<ReadKey>(REMEMBERED);
  return {
    read(any) {
      if (any.typeUrl !== KEY_TYPES.secp256k1) return withAddress(decodePubKey(any));
      const name = formatKeyText(any.value);
      let read = known.find(name);
      if (read === undefined) {
        read = withAddress(decodePubKey(any));
        known.set(name, read);
      }
      return read;
    },
  };
}

function withAddress(key: AccountKey): ReadKey {
  let address: Uint8Array | undefined;
  return {
    key,
    get address() {
      address ??= addressOfKey(key);
      return address;
    },
  };
}

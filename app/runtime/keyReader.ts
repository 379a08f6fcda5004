import type { Any } from "#proto/google/protobuf/any";
import { ByteSlots } from "../encoding/byteSlots.ts";
import { type AccountKey, addressOfKey, decodePubKey, type SingleKey } from "./pubKey.ts";

/** A key with the address that belongs to it. */
export interface ReadKey {
  readonly key: AccountKey;
  /** The 20 bytes of the account address; computed when first asked for. */
  readonly address: Uint8Array;
}

/** Reads keys, and remembers the addresses of those that sign again and again. */
export interface KeyReader {
  /** @throws sdk/2 for an unknown type or bytes that are no key */
  read(any: Any): ReadKey;
}

/** Places for addresses of secp256k1 keys: 7 MB, of which a chain touches what its accounts need. */
const PLACES = 1 << 17;
const [KEY_BYTES, ADDRESS_BYTES] = [33, 20];
/** One for all nodes of a process: a simulation starts one every thirty blocks, and the system clears what each of them touches. */
const known = new ByteSlots(PLACES, KEY_BYTES, ADDRESS_BYTES);

/**
 * Makes a reader. The bytes of a key are read each time: those that are remembered as an array would hold the transaction that they came in.
 * DETERMINISM: what is remembered follows from the bytes alone.
 */
export function createKeyReader(): KeyReader {
  return { read: (any) => new KeyWithAddress(decodePubKey(any)) };
}

class KeyWithAddress implements ReadKey {
  readonly key: AccountKey;
  #address: Uint8Array | undefined;

  constructor(key: AccountKey) {
    this.key = key;
  }

  get address(): Uint8Array {
    this.#address ??= this.key.kind === "secp256k1" ? recall(this.key) : addressOfKey(this.key);
    return this.#address;
  }
}

function recall(key: SingleKey): Uint8Array {
  const found = known.find(key.bytes);
  if (found !== undefined) return found;
  const address = addressOfKey(key);
  known.set(key.bytes, address);
  return address;
}

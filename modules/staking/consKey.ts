import { ripemd160 } from "@noble/hashes/legacy.js";
import { PubKey } from "#proto/cosmos/crypto/ed25519/keys";
import type { Any } from "#proto/google/protobuf/any";
import { sdkError } from "#sdk";
import { sha256 } from "#sha256";

/** A key that signs blocks, as CometBFT knows it. */
export interface ConsKey {
  readonly keyType: "ed25519" | "secp256k1";
  readonly publicKey: Uint8Array;
}

const ED25519 = "/cosmos.crypto.ed25519.PubKey";
const SECP256K1 = "/cosmos.crypto.secp256k1.PubKey";
const KEY_BYTES = { ed25519: 32, secp256k1: 33 } as const;

/** Name of a packed key's kind as consensus parameters write it; other kinds by their type URL. */
export function keyTypeName({ typeUrl }: Any): string {
  return typeUrl === ED25519 ? "ed25519" : typeUrl === SECP256K1 ? "secp256k1" : typeUrl;
}

/** @throws sdk/8 for a kind of key that no validator can have, or one of another length */
export function parseConsKey(packed: Any): ConsKey {
  const keyType = keyTypeName(packed);
  if (keyType !== "ed25519" && keyType !== "secp256k1") throw sdkError.invalidPubKey(`ed25519 or secp256k1 key expected, got ${keyType}`);
  // Both kinds are one message: the key is field 1.
  const publicKey = PubKey.decode(packed.value).key;
  if (publicKey.length !== KEY_BYTES[keyType])
    throw sdkError.invalidPubKey(`${KEY_BYTES[keyType]} bytes of ${keyType} expected, got ${publicKey.length}`);
  return { keyType, publicKey };
}

const KEPT = 4096;
const addresses = new Map<Any, Uint8Array>();

/** The 20 bytes by which votes and evidence name the owner of a packed key, remembered for as long as the key stays the same object. @throws sdk/8 */
export function consAddressOfPacked(packed: Any): Uint8Array {
  const known = addresses.get(packed);
  if (known !== undefined) return known;
  const address = consAddressOf(parseConsKey(packed));
  // Only what nobody can change any more.
  if (!Object.isFrozen(packed)) return address;
  if (addresses.size >= KEPT) addresses.clear();
  addresses.set(packed, address);
  return address;
}

/** The 20 bytes by which votes and evidence name a validator. */
export function consAddressOf({ keyType, publicKey }: ConsKey): Uint8Array {
  return keyType === "ed25519" ? sha256(publicKey).slice(0, 20) : ripemd160(sha256(publicKey));
}

import { ripemd160 } from "@noble/hashes/legacy.js";
import { LegacyAminoPubKey } from "#proto/cosmos/crypto/multisig/keys";
import { PubKey } from "#proto/cosmos/crypto/secp256k1/keys";
import type { Any } from "#proto/google/protobuf/any";
import { sha256 } from "#sha256";
import { concatBytes, equalBytes, fromHex } from "../encoding/bytes.ts";
import { txParseError } from "../encoding/encodingError.ts";
import { encodeUvarint } from "../encoding/varint.ts";

/** Type URLs of account keys. */
export const KEY_TYPES = {
  secp256k1: "/cosmos.crypto.secp256k1.PubKey",
  ed25519: "/cosmos.crypto.ed25519.PubKey",
  multisig: "/cosmos.crypto.multisig.LegacyAminoPubKey",
} as const;

/** An account key: a curve key, or several with a threshold. */
export type AccountKey = SingleKey | MultisigKey;

/** A key that signs by itself. */
export interface SingleKey {
  readonly kind: "secp256k1" | "ed25519";
  readonly bytes: Uint8Array;
}

/** Keys of which `threshold` must sign. */
export interface MultisigKey {
  readonly kind: "multisig";
  readonly threshold: number;
  readonly members: readonly AccountKey[];
}

/** Deepest nesting of multisig keys; the gas for the bytes bounds the width. */
const MAX_NESTING = 4;

/**
 * The key in an Any.
 * @throws sdk/2 for an unknown type or bytes that are no key.
 */
export function decodePubKey(any: Any, depth = 0): AccountKey {
  switch (any.typeUrl) {
    case KEY_TYPES.secp256k1:
      return { kind: "secp256k1", bytes: keyBytes(any, 33) };
    case KEY_TYPES.ed25519:
      return { kind: "ed25519", bytes: keyBytes(any, 32) };
    case KEY_TYPES.multisig: {
      if (depth >= MAX_NESTING) throw txParseError(`multisig keys nested at most ${MAX_NESTING} deep expected`);
      const { threshold, publicKeys } = LegacyAminoPubKey.decode(any.value);
      return { kind: "multisig", threshold, members: publicKeys.map((member) => decodePubKey(member, depth + 1)) };
    }
    default:
      throw txParseError(`unable to resolve type URL ${any.typeUrl}`);
  }
}

/** Number and kind of a key's only field. */
const KEY_TAG = 0x0a;

/** Both curves' messages have the key as field 1. */
function keyBytes({ typeUrl, value }: Any, length: number): Uint8Array {
  // Nothing but the field, as everybody writes it: every transaction has one.
  if (value.length === length + 2 && value[0] === KEY_TAG && value[1] === length) return value.subarray(2);
  const { key } = PubKey.decode(value);
  if (key.length !== length) throw txParseError(`${length} bytes of ${typeUrl} expected, got ${key.length}`);
  return key;
}

/** Names of keys in amino's binary form: the first bytes of a hash of the registered name. */
const AMINO_PREFIX = {
  secp256k1: fromHex("eb5ae987"),
  ed25519: fromHex("1624de64"),
  multisig: fromHex("22c1f7e2"),
} as const;

/** The 20 bytes of a key's account address (cosmos-sdk crypto/keys): multisig addresses hash amino's binary form of the key. */
export function addressOfKey(key: AccountKey): Uint8Array {
  if (key.kind === "secp256k1") return ripemd160(sha256(key.bytes));
  return sha256(key.kind === "ed25519" ? key.bytes : encodeAminoKey(key)).slice(0, 20);
}

function encodeAminoKey(key: AccountKey): Uint8Array {
  if (key.kind !== "multisig") return concatBytes(AMINO_PREFIX[key.kind], encodeUvarint(BigInt(key.bytes.length)), key.bytes);
  const parts = [AMINO_PREFIX.multisig];
  if (key.threshold !== 0) parts.push(Uint8Array.of(0x08), encodeUvarint(BigInt(key.threshold)));
  for (const member of key.members) {
    const bytes = encodeAminoKey(member);
    parts.push(Uint8Array.of(0x12), encodeUvarint(BigInt(bytes.length)), bytes);
  }
  return concatBytes(...parts);
}

/** Whether two keys are known to be the same. Those of many members are when they are one object. */
export function isSameKey(a: AccountKey, b: AccountKey): boolean {
  return a === b || (a.kind !== "multisig" && b.kind === a.kind && equalBytes(a.bytes, b.bytes));
}

/** How many curve keys a key holds: what the limit of signatures counts. */
export function countKeys(key: AccountKey): number {
  if (key.kind !== "multisig") return 1;
  let count = 0;
  for (const member of key.members) count += countKeys(member);
  return count;
}

/** A stand-in for the key of an account that never signed, for simulations: same size as a real one. */
export const PLACEHOLDER_KEY: SingleKey = {
  kind: "secp256k1",
  bytes: fromHex("035ad6810a47f073553ff30d2fcc7e0d3b1c0b74b61a1aaa2582344037151e143a"),
};

/** The stand-in key in wire form. */
export const PLACEHOLDER_KEY_ANY: Any = {
  typeUrl: KEY_TYPES.secp256k1,
  value: PubKey.encode(PubKey.fromPartial({ key: PLACEHOLDER_KEY.bytes })).finish(),
};

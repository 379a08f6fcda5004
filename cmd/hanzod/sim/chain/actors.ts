import { PubKey } from "#proto/cosmos/crypto/secp256k1/keys";
import type { Any } from "#proto/google/protobuf/any";
import { sha256 } from "#sha256";
import { concatBytes, encodeUtf8, equalBytes } from "../../../../app/encoding/bytes.ts";
import { addressOfKey, KEY_TYPES } from "../../../../app/runtime/pubKey.ts";
import type { Secp256k1Backend } from "../../../../app/runtime/secp256k1Backend.ts";
import type { AddressCodec } from "../../../../app/sdk/index.ts";

/** Somebody who sends transactions. */
export interface Actor {
  readonly address: string;
  /** The address under which its validator stands, whether there is one or not. */
  readonly operator: string;
  /** 33 bytes in the form of a compressed key; nobody has its private one. */
  readonly key: Uint8Array;
  readonly publicKey: Any;
}

/** Actors of a simulation, the same ones in each. @param role a word for each group of them */
export function createActors(count: number, codec: AddressCodec, role = "actor"): readonly Actor[] {
  return Array.from({ length: count }, (_, i) => {
    const key = Uint8Array.of(2, ...sha256(encodeUtf8(`${role} ${i}`)));
    const account = addressOfKey({ kind: "secp256k1", bytes: key });
    const [address, operator] = [codec.format(account), codec.operator.format(account)];
    return {
      address,
      operator,
      key,
      publicKey: { typeUrl: KEY_TYPES.secp256k1, value: PubKey.encode(PubKey.fromPartial({ key })).finish() },
    };
  });
}

/**
 * Signatures of a simulation: hashes of key and document instead of points of a curve. They are right or wrong, belong to one key and one document,
 * and pass through every check of the state machine, but cost a thousandth of real ones.
 */
export const SIMULATED_SIGNATURES: Secp256k1Backend = {
  kind: "native",
  verify: (signature, digest, key) => equalBytes(sign(key, digest), signature),
};

/** Signature of a document's digest: 64 bytes in the ranges of real ones. */
export function sign(key: Uint8Array, digest: Uint8Array): Uint8Array {
  const hash = sha256(concatBytes(key, digest));
  const signature = concatBytes(hash, hash);
  signature[0] = 1;
  signature[32] = 1;
  return signature;
}

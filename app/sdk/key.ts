import { concatBytes, toHex } from "../encoding/bytes.ts";
import { type KeyPart, lastBytesKey, lastStringKey, lengthPrefixedKey, stringKey, uint64Key } from "../encoding/keys.ts";
import type { AddressCodec } from "./address.ts";
import { readHex, readPair, readText, readUint64 } from "./jsonScalar.ts";

/** What key codecs need to know of the chain. */
export interface KeyEnv {
  readonly address: AddressCodec;
}

/**
 * Order-preserving bytes of a key. `encode` is the last part of a stored key and needs no delimiter; `encodePart` stands before other
 * parts and delimits itself. Layouts are the Cosmos SDK's, so that store queries by raw key find what other chains have there.
 */
export interface KeyCodec<K> {
  encode(key: K, env: KeyEnv): Uint8Array;
  decode(bytes: Uint8Array, env: KeyEnv): K;
  encodePart(key: K, env: KeyEnv): Uint8Array;
  decodePart(bytes: Uint8Array, offset: number, env: KeyEnv): readonly [key: K, next: number];
  /** Of composite keys: the bytes of the first part alone, to scan everything under it. */
  readonly encodeFirst?: (first: unknown, env: KeyEnv) => Uint8Array;
  /** JSON form for generic genesis. */
  toJson(key: K): unknown;
  fromJson(json: unknown): K;
}

/** A codec whose last part and inner part are written by the primitives of app/encoding, which need nothing of the chain. */
function plainKey<K>(last: KeyPart<K>, part: KeyPart<K>, json: Pick<KeyCodec<K>, "toJson" | "fromJson">): KeyCodec<K> {
  return {
    encode: (k) => last.encode(k),
    decode: (b) => last.decode(b, 0).value,
    encodePart: (k) => part.encode(k),
    decodePart(b, offset) {
      const { value, next } = part.decode(b, offset);
      return [value, next];
    },
    ...json,
  };
}

const bytesKey = plainKey<Uint8Array>(lastBytesKey, lengthPrefixedKey, { toJson: toHex, fromJson: readHex });
const textKey = plainKey<string>(lastStringKey, stringKey, { toJson: (k) => k, fromJson: readText });
const numberKey = plainKey<bigint>(uint64Key, uint64Key, { toJson: String, fromJson: readUint64 });

/** Bech32 text in handlers, raw bytes in state. */
const addressKey: KeyCodec<string> = {
  encode: (k, env) => env.address.parse(k),
  decode: (b, env) => env.address.format(b),
  encodePart: (k, env) => bytesKey.encodePart(env.address.parse(k), env),
  decodePart(b, offset, env) {
    const [bytes, next] = bytesKey.decodePart(b, offset, env);
    return [env.address.format(bytes), next];
  },
  toJson: (k) => k,
  fromJson: readText,
};

function pairKey<A, B>(a: KeyCodec<A>, b: KeyCodec<B>): KeyCodec<readonly [A, B]> {
  return {
    encode: ([x, y], env) => concatBytes(a.encodePart(x, env), b.encode(y, env)),
    decode(bytes, env) {
      const [x, next] = a.decodePart(bytes, 0, env);
      return [x, b.decode(bytes.subarray(next), env)];
    },
    encodePart: ([x, y], env) => concatBytes(a.encodePart(x, env), b.encodePart(y, env)),
    decodePart(bytes, offset, env) {
      const [x, next] = a.decodePart(bytes, offset, env);
      const [y, end] = b.decodePart(bytes, next, env);
      return [[x, y], end];
    },
    encodeFirst: (first, env) => a.encodePart(first as A, env),
    toJson: ([x, y]) => [a.toJson(x), b.toJson(y)],
    fromJson(json) {
      const [first, second] = readPair(json);
      return [a.fromJson(first), b.fromJson(second)];
    },
  };
}

/** Codecs of keys. `pair(pair(a, b), c)` makes triples. */
export const key = {
  address: addressKey,
  bytes: bytesKey,
  string: textKey,
  denom: textKey,
  uint64: numberKey,
  height: numberKey,
  pair: pairKey,
} as const;

import { joinBytes, partOf, toHex } from "../encoding/bytes.ts";
import { type KeyPart, lastBytesKey, lastStringKey, lengthPrefixedKey, stringKey, uint64Key } from "../encoding/keys.ts";
import type { AddressCodec, AddressForm } from "./address.ts";
import { readHex, readInteger, readPair, readText, readUint64 } from "./jsonScalar.ts";
import { timeKey } from "./time.ts";

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
function bech32Key(form: (env: KeyEnv) => AddressForm): KeyCodec<string> {
  return {
    encode: (k, env) => form(env).parse(k),
    decode: (b, env) => form(env).format(b),
    encodePart: (k, env) => bytesKey.encodePart(form(env).parse(k), env),
    decodePart(b, offset, env) {
      const [bytes, next] = bytesKey.decodePart(b, offset, env);
      return [form(env).format(bytes), next];
    },
    toJson: (k) => k,
    fromJson: readText,
  };
}

const addressKey = bech32Key(({ address }) => address);
const operatorKey = bech32Key(({ address }) => address.operator);

/** A key that ends with a part and still delimits it, as the Cosmos SDK writes most of its addresses. */
function delimitedKey<K>(part: KeyCodec<K>): KeyCodec<K> {
  return { ...part, encode: (k, env) => part.encodePart(k, env), decode: (bytes, env) => part.decodePart(bytes, 0, env)[0] };
}

function pairKey<A, B>(a: KeyCodec<A>, b: KeyCodec<B>): KeyCodec<readonly [A, B]> {
  return {
    encode: ([x, y], env) => joinBytes(a.encodePart(x, env), b.encode(y, env)),
    decode(bytes, env) {
      const [x, next] = a.decodePart(bytes, 0, env);
      return [x, b.decode(partOf(bytes, next), env)];
    },
    encodePart: ([x, y], env) => joinBytes(a.encodePart(x, env), b.encodePart(y, env)),
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

/** Three parts; entries are found under the first one, or under the first two. CONTRACT: the first part is no composite itself. */
function tripleKey<A, B, C>(a: KeyCodec<A>, b: KeyCodec<B>, c: KeyCodec<C>): KeyCodec<readonly [A, B, C]> {
  const nested = pairKey(a, pairKey(b, c));
  const firstTwo = pairKey(a, b);
  return {
    encode: ([x, y, z], env) => nested.encode([x, [y, z]], env),
    decode(bytes, env) {
      const [x, [y, z]] = nested.decode(bytes, env);
      return [x, y, z];
    },
    encodePart: ([x, y, z], env) => nested.encodePart([x, [y, z]], env),
    decodePart(bytes, offset, env) {
      const [[x, [y, z]], end] = nested.decodePart(bytes, offset, env);
      return [[x, y, z], end];
    },
    encodeFirst: (first, env) =>
      Array.isArray(first) ? firstTwo.encodePart(first as unknown as readonly [A, B], env) : a.encodePart(first as A, env),
    toJson: ([x, y, z]) => nested.toJson([x, [y, z]]),
    fromJson(json) {
      const [x, [y, z]] = nested.fromJson(json);
      return [x, y, z];
    },
  };
}

/** Codecs of keys. */
export const key = {
  address: addressKey,
  /** A validator's operator: bech32 text with the prefix of operators. */
  operator: operatorKey,
  delimited: delimitedKey,
  bytes: bytesKey,
  string: textKey,
  denom: textKey,
  uint64: numberKey,
  height: numberKey,
  /** Nanoseconds since 1970-01-01 UTC, of the years 1 to 9999. */
  time: plainKey<bigint>(timeKey, timeKey, { toJson: String, fromJson: readInteger }),
  pair: pairKey,
  triple: tripleKey,
} as const;

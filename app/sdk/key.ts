import { concatBytes } from "../encoding/bytes.ts";
import type { AddressCodec } from "./address.ts";
import { ModuleError } from "./errors.ts";

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

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

function keyError(detail: string): ModuleError {
  return new ModuleError("sdk", 35, "internal logic error", detail);
}

const bytesKey: KeyCodec<Uint8Array> = {
  encode: (k) => k,
  decode: (b) => b,
  encodePart(k) {
    if (k.length > 255) throw keyError(`key part of at most 255 bytes expected, got ${k.length}`);
    return concatBytes(Uint8Array.of(k.length), k);
  },
  decodePart(b, offset) {
    const end = offset + 1 + (b[offset] ?? 0);
    if (end > b.length) throw keyError(`key of at least ${end} bytes expected, got ${b.length}`);
    return [b.subarray(offset + 1, end), end];
  },
  toJson: (k) => Array.from(k, (b) => b.toString(16).padStart(2, "0")).join(""),
  fromJson: (j) => Uint8Array.from(String(j).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
};

const stringKey: KeyCodec<string> = {
  encode: (k) => utf8.encode(k),
  decode: (b) => text.decode(b),
  encodePart(k) {
    if (k.includes("\0")) throw keyError("key text without NUL expected");
    return concatBytes(utf8.encode(k), Uint8Array.of(0));
  },
  decodePart(b, offset) {
    const end = b.indexOf(0, offset);
    if (end < 0) throw keyError("NUL after key text expected");
    return [text.decode(b.subarray(offset, end)), end + 1];
  },
  toJson: (k) => k,
  fromJson: String,
};

function encodeU64(k: bigint): Uint8Array {
  if (k < 0n || k >= 1n << 64n) throw keyError(`key number in [0, 2^64) expected, got ${k}`);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, k);
  return bytes;
}

function decodeU64(b: Uint8Array, offset: number): bigint {
  if (offset + 8 > b.length) throw keyError(`8 bytes of key number expected, got ${b.length - offset}`);
  return new DataView(b.buffer, b.byteOffset + offset, 8).getBigUint64(0);
}

const uint64Key: KeyCodec<bigint> = {
  encode: encodeU64,
  decode: (b) => decodeU64(b, 0),
  encodePart: encodeU64,
  decodePart: (b, offset) => [decodeU64(b, offset), offset + 8],
  toJson: String,
  fromJson: (j) => BigInt(String(j)),
};

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
  fromJson: String,
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
      const parts = json as readonly unknown[];
      return [a.fromJson(parts[0]), b.fromJson(parts[1])];
    },
  };
}

/** Codecs of keys. `pair(pair(a, b), c)` makes triples. */
export const key = {
  address: addressKey,
  bytes: bytesKey,
  string: stringKey,
  denom: stringKey,
  uint64: uint64Key,
  height: uint64Key,
  pair: pairKey,
} as const;

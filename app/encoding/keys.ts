import { concatBytes, decodeUtf8, encodeUtf8 } from "./bytes.ts";
import { EncodingError } from "./encodingError.ts";

/**
 * How a part of a store key is written. INVARIANT: `compareBytes(encode(a), encode(b))` orders as `a` and `b` do, and no encoding is a prefix
 * of another one unless the part `isLast`, so parts may follow each other and be read back.
 */
export interface KeyPart<T> {
  encode(value: T): Uint8Array;
  /** Reads the part at `at`. @throws store/2 when the bytes are not what `encode` wrote. */
  decode(bytes: Uint8Array, at: number): { readonly value: T; readonly next: number };
}

/** A key of several parts; a prefix of its parts is a range of keys. */
export interface CompositeKey<T extends readonly unknown[]> {
  readonly parts: number;
  encode(...values: T): Uint8Array;
  /** Bytes that all keys with these first parts begin with. */
  encodePrefix(...values: PrefixOf<T>): Uint8Array;
  /** @throws store/2 when the bytes are not a whole key. */
  decode(bytes: Uint8Array): T;
}

/** All beginnings of a tuple, from none to all of its members. */
export type PrefixOf<T extends readonly unknown[]> = T extends readonly [...infer Head, unknown] ? T | PrefixOf<Head> : readonly [];

/** A key that cannot be written or read back: codespace store, code 2. */
function keyError(detail: string): EncodingError {
  return new EncodingError("store", 2, "invalid key", detail);
}

/** Unsigned 64-bit number, 8 bytes big-endian. @throws store/2 outside of 0 … 2^64−1. */
export const uint64Key: KeyPart<bigint> = {
  encode(value) {
    if (BigInt.asUintN(64, value) !== value) throw keyError(`unsigned 64-bit number expected, got ${value}`);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value);
    return bytes;
  },
  decode(bytes, at) {
    if (at + 8 > bytes.length) throw keyError(`8 bytes expected at ${at}, got ${bytes.length - at}`);
    return { value: new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0), next: at + 8 };
  },
};

/** Signed 64-bit number: 8 bytes big-endian with the sign bit flipped, so negative numbers come first. */
export const int64Key: KeyPart<bigint> = {
  encode(value) {
    if (BigInt.asIntN(64, value) !== value) throw keyError(`signed 64-bit number expected, got ${value}`);
    return uint64Key.encode(value + (1n << 63n));
  },
  decode(bytes, at) {
    const { value, next } = uint64Key.decode(bytes, at);
    return { value: value - (1n << 63n), next };
  },
};

/** Bytes behind one byte of length, at most 255 (the SDK's length-prefixed address). Shorter byte strings come first. */
export const lengthPrefixedKey: KeyPart<Uint8Array> = {
  encode(value) {
    if (value.length > 255) throw keyError(`at most 255 bytes expected, got ${value.length}`);
    return concatBytes(Uint8Array.of(value.length), value);
  },
  decode(bytes, at) {
    const length = bytes[at];
    if (length === undefined || at + 1 + length > bytes.length)
      throw keyError(`length-prefixed bytes expected at ${at}, got ${bytes.length - at} bytes`);
    return { value: bytes.slice(at + 1, at + 1 + length), next: at + 1 + length };
  },
};

/** All remaining bytes; only as the last part. */
export const lastBytesKey: KeyPart<Uint8Array> = {
  encode: (value) => value,
  decode: (bytes, at) => ({ value: bytes.slice(at), next: bytes.length }),
};

/** All remaining bytes as UTF-8 text; only as the last part. */
export const lastStringKey: KeyPart<string> = {
  encode: (value) => encodeUtf8(value),
  decode: (bytes, at) => ({ value: decodeUtf8(bytes.subarray(at)), next: bytes.length }),
};

/** UTF-8 text closed by a zero byte (collections' StringKey in front of other parts). @throws store/2 when the text holds U+0000. */
export const stringKey: KeyPart<string> = {
  encode(value) {
    if (value.includes("\u0000")) throw keyError("text without U+0000 expected");
    return concatBytes(encodeUtf8(value), Uint8Array.of(0));
  },
  decode(bytes, at) {
    const end = bytes.indexOf(0, at);
    if (end < 0) throw keyError(`text closed by a zero byte expected at ${at}`);
    return { value: decodeUtf8(bytes.subarray(at, end)), next: end + 1 };
  },
};

/** One byte 0 or 1. */
export const boolKey: KeyPart<boolean> = {
  encode: (value) => Uint8Array.of(value ? 1 : 0),
  decode(bytes, at) {
    const byte = bytes[at];
    if (byte !== 0 && byte !== 1) throw keyError(`0 or 1 expected at ${at}, got ${byte}`);
    return { value: byte === 1, next: at + 1 };
  },
};

/** A key of two parts, in order. */
export function pairKey<A, B>(first: KeyPart<A>, second: KeyPart<B>): CompositeKey<readonly [A, B]> {
  return compositeKey<readonly [A, B]>([first, second]);
}

/** A key of three parts, in order. */
export function tripleKey<A, B, C>(first: KeyPart<A>, second: KeyPart<B>, third: KeyPart<C>): CompositeKey<readonly [A, B, C]> {
  return compositeKey<readonly [A, B, C]>([first, second, third]);
}

/** A key of any parts, in order. */
export function compositeKey<T extends readonly unknown[]>(parts: { readonly [K in keyof T]: KeyPart<T[K]> }): CompositeKey<T> {
  const list = parts as readonly KeyPart<unknown>[];
  const write = (values: readonly unknown[]): Uint8Array =>
    concatBytes(
      ...values.map((value, i) => {
        const part = list[i];
        if (part === undefined) throw keyError(`${list.length} key parts expected, got ${values.length}`);
        return part.encode(value);
      }),
    );
  return {
    parts: list.length,
    encode: (...values) => write(values),
    encodePrefix: (...values) => write(values),
    decode(bytes) {
      const values: unknown[] = [];
      let at = 0;
      for (const part of list) {
        const { value, next } = part.decode(bytes, at);
        values.push(value);
        at = next;
      }
      if (at !== bytes.length) throw keyError(`key of ${at} bytes expected, got ${bytes.length}`);
      return values as unknown as T;
    },
  };
}

import { decodeUtf8, encodeUtf8, joinBytes, partOf } from "./bytes.ts";
import { EncodingError } from "./encodingError.ts";
import { getUint64, uint64Bytes } from "./uint64.ts";

/**
 * How a part of a store key is written. INVARIANT: `compareBytes(encode(a), encode(b))` orders as `a` and `b` do, and no encoding is a prefix
 * of another one unless the part `isLast`, so parts may follow each other and be read back.
 */
export interface KeyPart<T> {
  encode(value: T): Uint8Array;
  /** Reads the part at `at`. @throws sdk/35 when the bytes are not what `encode` wrote. */
  decode(bytes: Uint8Array, at: number): { readonly value: T; readonly next: number };
}

/** A key that cannot be written or read back: codespace sdk, code 35. */
function keyError(detail: string): EncodingError {
  return new EncodingError("sdk", 35, "internal logic error", detail);
}

/** Unsigned 64-bit number, 8 bytes big-endian. @throws sdk/35 outside of 0 … 2^64−1. */
export const uint64Key: KeyPart<bigint> = {
  encode(value) {
    if (BigInt.asUintN(64, value) !== value) throw keyError(`unsigned 64-bit number expected, got ${value}`);
    return uint64Bytes(value);
  },
  decode(bytes, at) {
    if (at + 8 > bytes.length) throw keyError(`8 bytes expected at ${at}, got ${bytes.length - at}`);
    return { value: getUint64(bytes, at), next: at + 8 };
  },
};

/** Bytes behind one byte of length, at most 255 (the SDK's length-prefixed address). Shorter byte strings come first. */
export const lengthPrefixedKey: KeyPart<Uint8Array> = {
  encode(value) {
    if (value.length > 255) throw keyError(`at most 255 bytes expected, got ${value.length}`);
    const bytes = new Uint8Array(1 + value.length);
    bytes[0] = value.length;
    bytes.set(value, 1);
    return bytes;
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
  decode: (bytes, at) => ({ value: decodeUtf8(at === 0 ? bytes : partOf(bytes, at)), next: bytes.length }),
};

const CLOSING = Uint8Array.of(0);

/** UTF-8 text closed by a zero byte (collections' StringKey in front of other parts). @throws sdk/35 when the text holds U+0000. */
export const stringKey: KeyPart<string> = {
  encode(value) {
    if (value.includes("\u0000")) throw keyError("text without U+0000 expected");
    return joinBytes(encodeUtf8(value), CLOSING);
  },
  decode(bytes, at) {
    const end = bytes.indexOf(0, at);
    if (end < 0) throw keyError(`text closed by a zero byte expected at ${at}`);
    return { value: decodeUtf8(partOf(bytes, at, end)), next: end + 1 };
  },
};

import { encodeUtf8, toHex } from "../encoding/bytes.ts";
import { encodeMessage, type MessageEncoder } from "../encoding/encodeMessage.ts";
import { getUint64, uint64Bytes } from "../encoding/uint64.ts";
import { formatKeyText } from "../store/keyText.ts";
import { sdkError } from "./errors.ts";
import { readBoolean, readHex, readInteger, readText, readUint64 } from "./jsonScalar.ts";
import type { ValuePlace } from "./valuePlace.ts";

/** A protobuf message as ts-proto generates it. */
export interface ProtoCodec<M> extends MessageEncoder<M> {
  readonly $type: string;
  decode(bytes: Uint8Array): M;
  fromPartial(partial: Partial<M>): M;
}

/** One method of a service as ts-proto's generic definitions give it. */
export interface MethodDefinition<Q, R> {
  readonly name: string;
  readonly requestType: ProtoCodec<Q>;
  readonly responseType: ProtoCodec<R>;
}

/** A Msg or Query service as ts-proto's generic definitions give it. */
export interface ServiceDefinition {
  readonly fullName: string;
  readonly methods: Readonly<
    Record<
      string,
      { readonly name: string; readonly requestType: { readonly $type: string }; readonly responseType: { readonly $type: string } }
    >
  >;
}

/** How a value of a collection is written: stable bytes for state, JSON for generic genesis. */
export interface ValueCodec<V> {
  /** @param near a value with its bytes that this one may be made from, the same but for a part */
  encode(value: V, near?: ValuePlace<V>): Uint8Array;
  /**
   * @param place the reader's own, for codecs that remember values
   * @throws store/… when the bytes are not what `encode` wrote: state is corrupt.
   */
  decode(bytes: Uint8Array, place?: ValuePlace<V>): V;
  /** As `decode`, for one of many values of a walk: where it is left out, `decode` does both. */
  scan?(bytes: Uint8Array): V;
  readonly json: { to(value: V): unknown; from(json: unknown): V } | { readonly proto: string };
}

const text = new TextDecoder("utf-8", { fatal: true });

/** Codecs of values that are not protobuf messages. */
export const value = {
  /** A whole number of any size as decimal text (the SDK's math.Int value codec). */
  int: {
    encode: (v) => encodeUtf8(v.toString()),
    decode: decodeInt,
    json: { to: String, from: readInteger },
  } satisfies ValueCodec<bigint>,
  /** An unsigned 64-bit number, 8 bytes big-endian. */
  uint64: {
    encode: encodeUint64,
    decode: (b: Uint8Array) => getUint64(b),
    json: { to: String, from: readUint64 },
  } satisfies ValueCodec<bigint>,
  /** UTF-8 text; must not be empty, because the tree refuses empty values. */
  string: {
    encode: (v) => encodeUtf8(v),
    decode: (b) => text.decode(b),
    json: { to: (v) => v, from: readText },
  } satisfies ValueCodec<string>,
  /** Bytes as they are; must not be empty, because the tree refuses empty values. */
  bytes: { encode: (v) => v, decode: (b) => b.slice(), json: { to: toHex, from: readHex } } satisfies ValueCodec<Uint8Array>,
  /** True or false as one byte. */
  bool: {
    encode: (v) => Uint8Array.of(v ? 1 : 0),
    decode: (b) => b[0] === 1,
    json: { to: (v) => v, from: readBoolean },
  } satisfies ValueCodec<boolean>,
  /** A protobuf message. A leading marker byte is not needed unless the message may be all defaults: then its encoding is empty and `proto` writes one zero byte. */
  proto: <M>(codec: ProtoCodec<M>): ValueCodec<M> => ({
    encode(message) {
      const bytes = encodeMessage(codec, message);
      return bytes.length === 0 ? DEFAULT_MESSAGE : bytes;
    },
    decode: (bytes) => codec.decode(bytes.length === 1 && bytes[0] === 0 ? EMPTY : bytes),
    json: { proto: codec.$type },
  }),
} as const;

/** Stands for a message whose fields are all default: tag 0 is illegal in protobuf, so it cannot be mistaken. */
const DEFAULT_MESSAGE = Uint8Array.of(0);
const EMPTY = new Uint8Array(0);

/** Longest decimal text whose number is exact. */
const EXACT_DIGITS = 15;

/** Digits one by one where a number holds them: twice as fast as a text of them, and nothing to collect. */
function decodeInt(b: Uint8Array): bigint {
  const { length } = b;
  if (length === 0 || length > EXACT_DIGITS) return BigInt(formatKeyText(b));
  let number = 0;
  for (let i = 0; i < length; i++) {
    const digit = (b[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) return BigInt(formatKeyText(b));
    number = 10 * number + digit;
  }
  return BigInt(number);
}

function encodeUint64(v: bigint): Uint8Array {
  if (v < 0n || v >= 1n << 64n) throw sdkError.logic(`a number in [0, 2^64) expected, got ${v}`);
  return uint64Bytes(v);
}

import { txParseError } from "./encodingError.ts";

/** Largest number of bytes of a 64-bit varint. */
const MAX_VARINT_BYTES = 10;
/** Largest value of an unsigned 64-bit number. */
export const MAX_UINT64 = (1n << 64n) - 1n;
/** Numbers below are reckoned with as numbers. */
const PLAIN_LIMIT = 1n << 31n;

/** A number and the position right behind it. */
export interface VarintAt {
  readonly value: bigint;
  readonly next: number;
}

/**
 * LEB128 bytes of an unsigned number (protobuf varint, Go's binary.PutUvarint).
 * @param value 0 … 2^64−1
 * @throws sdk/2 outside of that range.
 */
export function encodeUvarint(value: bigint): Uint8Array {
  if (value < 0n || value > MAX_UINT64) throw txParseError(`unsigned 64-bit number expected, got ${value}`);
  if (value < PLAIN_LIMIT) return encodePlain(Number(value));
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** Most numbers are short: a third of the time of the general way. */
function encodePlain(value: number): Uint8Array {
  const bytes = new Uint8Array(sizeOfUvarint(value));
  putUvarint(bytes, 0, value);
  return bytes;
}

/** Bytes of the unsigned varint of a number below 2^31. */
export function sizeOfUvarint(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) size++;
  return size;
}

/**
 * Writes a number below 2^31 as an unsigned varint into an array that has room for it.
 * @returns the place behind it
 */
export function putUvarint(bytes: Uint8Array, from: number, value: number): number {
  let at = from;
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}

/**
 * Reads an unsigned varint at `at`. Only the shortest form of a number is accepted.
 * @throws sdk/2 when the bytes end, the form is longer than needed or the number does not fit 64 bits.
 */
export function decodeUvarint(bytes: Uint8Array, at = 0): VarintAt {
  let value = 0n;
  for (let i = 0; i < MAX_VARINT_BYTES; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw txParseError(`varint at byte ${at} ends early`);
    value |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte >= 128) continue;
    if (byte === 0 && i > 0) throw txParseError(`varint at byte ${at} is not as short as possible`);
    if (value > MAX_UINT64) break;
    return { value, next: at + i + 1 };
  }
  throw txParseError(`varint at byte ${at} does not fit 64 bits`);
}

/**
 * Zig-zag varint of a signed number (protobuf sint64, Go's binary.PutVarint, node keys of iavl).
 * @param value −2^63 … 2^63−1
 * @throws sdk/2 outside of that range.
 */
export function encodeVarint(value: bigint): Uint8Array {
  if (BigInt.asIntN(64, value) !== value) throw txParseError(`signed 64-bit number expected, got ${value}`);
  return encodeUvarint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
}

/** Reads a zig-zag varint at `at`. @throws sdk/2 as {@link decodeUvarint}. */
export function decodeVarint(bytes: Uint8Array, at = 0): VarintAt {
  const { value, next } = decodeUvarint(bytes, at);
  return { value: (value >> 1n) ^ -(value & 1n), next };
}

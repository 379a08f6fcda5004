// Records of coins as protobuf, written without objects between.
import { type DecCoins, sdkError } from "#sdk";

/** A message with coins in field 1 and perhaps a number in field 2. */
export interface CoinRecord {
  readonly coins: DecCoins;
  /** Left out, as proto3 leaves a 0 out. At most 2^64 − 1. */
  readonly number?: bigint;
}

/** Field 1, bytes behind their length: the coins of a record, and the denomination of a coin. */
const FIRST = 0x0a;
/** Field 2, bytes behind their length: a coin's amount. */
const SECOND = 0x12;
/** Field 2, a number. */
const NUMBER = 0x10;
/** A value of all defaults is one zero byte in state. */
const ZERO = Uint8Array.of(0);

/** Bytes of a length below 2^14 as a varint; denominations and decimals are shorter. */
const lengthBytes = (length: number): number => (length < 0x80 ? 1 : 2);

/** The stored bytes of a record. @throws sdk/35 for a denomination that is no ASCII text */
export function encodeCoinRecord({ coins, number = 0n }: CoinRecord): Uint8Array {
  const amounts = coins.map(({ amountE18 }) => amountE18.toString());
  const lengths = coins.map(({ denom }, i) => fieldLength(denom) + fieldLength(amounts[i] ?? ""));
  const tail = number === 0n ? [] : [NUMBER, ...uvarint(number)];
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + 1 + lengthBytes(length) + length, tail.length));
  let at = 0;
  for (let i = 0; i < coins.length; i++) {
    at = putHead(bytes, at, FIRST, lengths[i] ?? 0);
    at = putText(bytes, at, FIRST, coins[i]?.denom ?? "");
    at = putText(bytes, at, SECOND, amounts[i] ?? "");
  }
  bytes.set(tail, at);
  return bytes.length === 0 ? ZERO : bytes;
}

function fieldLength(text: string): number {
  return 1 + lengthBytes(text.length) + text.length;
}

function putHead(bytes: Uint8Array, at: number, tag: number, length: number): number {
  bytes[at++] = tag;
  if (length >= 0x80) bytes[at++] = (length & 0x7f) | 0x80;
  bytes[at++] = length < 0x80 ? length : length >>> 7;
  return at;
}

function putText(bytes: Uint8Array, from: number, tag: number, text: string): number {
  let at = putHead(bytes, from, tag, text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) throw sdkError.logic(`a denomination of ASCII text expected, got ${JSON.stringify(text)}`);
    bytes[at++] = code;
  }
  return at;
}

function uvarint(number: bigint): number[] {
  const bytes: number[] = [];
  let rest = number;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

// Rows of accounts. Every transaction reads and writes one, nearly always a plain one with a key of 33 bytes: that is read and written in one pass,
// without a reader, a writer, or texts that all such rows share. Whatever else a row may be is for the general codec.
import { BaseAccount } from "#proto/cosmos/auth/v1beta1/auth";
import { Any } from "#proto/google/protobuf/any";
import { cutBytes, encodeMessage, encodeUtf8, formatKeyText, type ValueCodec, type ValuePlace } from "#sdk";
import { type Account, packAccount, unpackAccount } from "./account.ts";

/** Numbers and kinds of the fields of google.protobuf.Any and cosmos.auth.v1beta1.BaseAccount. */
const ANY = { typeUrl: 0x0a, value: 0x12 } as const;
const BASE = { address: 0x0a, pubKey: 0x12, accountNumber: 0x18, sequence: 0x20 } as const;

const BASE_URL = encodeUtf8(`/${BaseAccount.$type}`);
/** What a plain row begins with. */
const HEAD = Uint8Array.of(ANY.typeUrl, BASE_URL.length, ...BASE_URL, ANY.value);
/** The type of nearly all keys, as text and as it stands in a row. */
const KEY_URL = "/cosmos.crypto.secp256k1.PubKey";
const KEY_HEAD = Uint8Array.of(ANY.typeUrl, KEY_URL.length, ...encodeUtf8(KEY_URL), ANY.value);
/** Lengths below this take one byte. */
const ONE_BYTE = 0x80;
/** Numbers below this take at most five bytes. */
const NUMBER_LIMIT = 1n << 31n;

/**
 * Accounts packed as google.protobuf.Any, as the Cosmos SDK stores them.
 * `decode` @throws sdk/29 for a kind of account that this chain does not know
 */
export const accountRow: ValueCodec<Account> = {
  encode: (account, near) => writeNext(account, near) ?? writePlain(account) ?? encodeMessage(Any, packAccount(account)),
  decode: (row) => readPlain(row) ?? unpackAccount(Any.decode(row)),
  json: { proto: Any.$type },
};

/** Reads a plain row with all that such rows have, in the order in which it is written; undefined for any other. */
function readPlain(row: Uint8Array): Account | undefined {
  if (!hasAt(row, 0, HEAD)) return undefined;
  let at = HEAD.length;
  const length = shortAt(row, at);
  at += length < ONE_BYTE ? 1 : 2;
  if (at + length !== row.length || row[at] !== BASE.address) return undefined;
  const size = row[at + 1] ?? ONE_BYTE;
  at += 2;
  if (size === 0 || size >= ONE_BYTE || at + size > row.length || !isAscii(row, at, at + size)) return undefined;
  const address = formatKeyText(row, at, at + size);
  at += size;
  let pubKey: Any | undefined;
  if (row[at] === BASE.pubKey) {
    const end = at + 2 + (row[at + 1] ?? ONE_BYTE);
    const from = at + 2 + KEY_HEAD.length + 1;
    if (!hasAt(row, at + 2, KEY_HEAD) || end > row.length || (row[at + 1] ?? ONE_BYTE) >= ONE_BYTE) return undefined;
    if (from >= end || row[from - 1] !== end - from) return undefined;
    pubKey = { typeUrl: KEY_URL, value: row.subarray(from, end) };
    at = end;
  }
  let accountNumber = 0;
  if (row[at] === BASE.accountNumber) {
    accountNumber = numberAt(row, at + 1);
    at += 1 + sizeOf(accountNumber);
  }
  let sequence = 0;
  if (row[at] === BASE.sequence) {
    sequence = numberAt(row, at + 1);
    at += 1 + sizeOf(sequence);
  }
  if (at !== row.length || accountNumber < 0 || sequence < 0) return undefined;
  return { base: { address, pubKey, accountNumber: BigInt(accountNumber), sequence: BigInt(sequence) } };
}

/**
 * The row of a plain account of which nothing but the sequence is another than in a row at hand, and is as long as there: every transaction writes
 * one. Undefined for any other. The sequence is the last field of a row.
 */
function writeNext({ base, module, vesting }: Account, near: ValuePlace<Account> | undefined): Uint8Array | undefined {
  const [before, row] = [near?.value, near?.bytes];
  if (before === undefined || row === undefined || module !== undefined || vesting !== undefined) return undefined;
  const { address, pubKey, accountNumber, sequence } = before.base;
  // The key is the same object where it was not changed.
  if (base.pubKey !== pubKey || base.accountNumber !== accountNumber || base.address !== address) return undefined;
  if (before.module !== undefined || before.vesting !== undefined) return undefined;
  if (sequence <= 0n || base.sequence <= 0n || sequence >= NUMBER_LIMIT || base.sequence >= NUMBER_LIMIT) return undefined;
  const next = Number(base.sequence);
  const size = sizeOf(next);
  if (sizeOf(Number(sequence)) !== size) return undefined;
  const written = cutBytes(row.length);
  written.set(row);
  putNumber(written, row.length - size, next);
  return written;
}

/** The row of a plain account, as the general codec writes it; undefined for an account that is another or has what few have. */
function writePlain({ base, module, vesting }: Account): Uint8Array | undefined {
  const { address, pubKey } = base;
  if (module !== undefined || vesting !== undefined || address === "" || address.length >= ONE_BYTE) return undefined;
  if (base.accountNumber >= NUMBER_LIMIT || base.sequence >= NUMBER_LIMIT || base.accountNumber < 0n || base.sequence < 0n)
    return undefined;
  let keySize = 0;
  if (pubKey !== undefined) {
    keySize = KEY_HEAD.length + 1 + pubKey.value.length;
    if (pubKey.typeUrl !== KEY_URL || pubKey.value.length === 0 || keySize >= ONE_BYTE) return undefined;
  }
  const [accountNumber, sequence] = [Number(base.accountNumber), Number(base.sequence)];
  const numbers = (accountNumber === 0 ? 0 : 1 + sizeOf(accountNumber)) + (sequence === 0 ? 0 : 1 + sizeOf(sequence));
  const length = 2 + address.length + (pubKey === undefined ? 0 : 2 + keySize) + numbers;
  const row = cutBytes(HEAD.length + sizeOf(length) + length);
  row.set(HEAD);
  let at = putNumber(row, HEAD.length, length);
  row[at++] = BASE.address;
  row[at++] = address.length;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code >= ONE_BYTE) return undefined;
    row[at++] = code;
  }
  if (pubKey !== undefined) {
    row[at++] = BASE.pubKey;
    row[at++] = keySize;
    row.set(KEY_HEAD, at);
    at += KEY_HEAD.length;
    row[at++] = pubKey.value.length;
    row.set(pubKey.value, at);
    at += pubKey.value.length;
  }
  if (accountNumber !== 0) {
    row[at++] = BASE.accountNumber;
    at = putNumber(row, at, accountNumber);
  }
  if (sequence !== 0) {
    row[at++] = BASE.sequence;
    putNumber(row, at, sequence);
  }
  return row;
}

function hasAt(row: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (row[at + i] !== expected[i]) return false;
  return true;
}

function isAscii(row: Uint8Array, from: number, to: number): boolean {
  let all = 0;
  for (let i = from; i < to; i++) all |= row[i] ?? 0;
  return all < ONE_BYTE;
}

/** A length of one or two bytes in its shortest form; −1 for another. */
function shortAt(row: Uint8Array, at: number): number {
  const length = numberAt(row, at);
  return sizeOf(length) > 2 ? -1 : length;
}

/** A number of up to five bytes below 2^31 in its shortest form, but not 0, which is never written; −1 for another. */
function numberAt(row: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = row[at + i] ?? ONE_BYTE;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < ONE_BYTE) return byte === 0 || value >= Number(NUMBER_LIMIT) ? -1 : value;
  }
  return -1;
}

/** Bytes of a number as a varint. @param value in [0, 2^31) */
function sizeOf(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) size++;
  return size;
}

/** Writes a varint. @returns the place behind it */
function putNumber(row: Uint8Array, from: number, value: number): number {
  let at = from;
  let rest = value;
  for (; rest >= ONE_BYTE; rest >>>= 7) row[at++] = (rest & 0x7f) | 0x80;
  row[at++] = rest;
  return at;
}

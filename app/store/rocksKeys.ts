// The keys of the log in RocksDB. Heights are eight bytes big-endian, so that byte order is the order of heights.

import { concatBytes, encodeUtf8 } from "../encoding/bytes.ts";
import type { Range } from "./kv.ts";
import { StoreError } from "./storeError.ts";

const records = encodeUtf8("cs/");
const responses = encodeUtf8("res/");
const index = encodeUtf8("idx/");

/** The last durable height and its app hash. */
export const lastKey = encodeUtf8("meta/last");
/** There while a snapshot is restored: what lies beside it then is no state yet. */
export const restoringKey = encodeUtf8("meta/restoring");
/** What the home was made with. */
export const homeKey = encodeUtf8("meta/home");
/** The height up to which the flat values are complete. */
export const flatKey = encodeUtf8("meta/flat");
/** Every commit record. */
export const recordRange: Range = { start: records, end: after(records) };
/** Every flat value of every store. */
export const flatRange: Range = { start: encodeUtf8("kv/"), end: encodeUtf8("kv0") };

/** Where the commit record of a height lies. */
export function recordKey(version: bigint): Uint8Array {
  return concatBytes(records, encodeHeight(version));
}

/** The height of a commit record's key. */
export function parseRecordKey(key: Uint8Array): bigint {
  if (key.length !== records.length + 8) throw new StoreError("corruptRecord", `cs: expected a key of 11 bytes, got ${key.length}`);
  return new DataView(key.buffer, key.byteOffset + records.length, 8).getBigUint64(0);
}

/** Where the block response of a height lies. */
export function responseKey(version: bigint): Uint8Array {
  return concatBytes(responses, encodeHeight(version));
}

/** Where an index row lies. */
export function rowKey(key: Uint8Array): Uint8Array {
  return concatBytes(index, key);
}

/** Where index rows lie, in their order: views of one array, since a small array that leaves V8's heap costs more than its bytes. */
export function rowKeys(keys: readonly Uint8Array[]): readonly Uint8Array[] {
  let length = 0;
  for (const key of keys) length += index.length + key.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  return keys.map((key) => {
    const start = at;
    bytes.set(index, start);
    bytes.set(key, start + index.length);
    at = start + index.length + key.length;
    return bytes.subarray(start, at);
  });
}

/** The key of an index row without its prefix. */
export function parseRowKey(key: Uint8Array): Uint8Array {
  return key.subarray(index.length);
}

/** The range of index rows. */
export function rowRange({ start, end, reverse }: Range): Range {
  return { start: rowKey(start ?? new Uint8Array(0)), end: end === undefined ? after(index) : rowKey(end), reverse: reverse === true };
}

/** The start of the flat keys of a store; a name has no slash. */
export function flatPrefix(store: string): Uint8Array {
  return encodeUtf8(`kv/${store}/`);
}

/** Where the flat value of a key lies. @param prefix of `flatPrefix` */
export function flatValueKey(prefix: Uint8Array, key: Uint8Array): Uint8Array {
  return concatBytes(prefix, key);
}

/** The first key after all that start with `prefix`, whose last byte is the slash. */
function after(prefix: Uint8Array): Uint8Array {
  const end = prefix.slice();
  end[end.length - 1] = 0x30;
  return end;
}

function encodeHeight(version: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, version);
  return bytes;
}

// What one height leaves in the log: enough to build the next version of every tree again, and to know whether it came out right.

import { ByteReader, ByteWriter } from "./byteStream.ts";
import { crc32c } from "./crc32c.ts";
import type { Change, ChangeSet } from "./kv.ts";
import { StoreError } from "./storeError.ts";

/** One committed height. */
export interface CommitRecord {
  readonly version: bigint;
  /** Root over all stores after the changes, 32 bytes. */
  readonly appHash: Uint8Array;
  /** Root of each store after the changes; names every store that exists at this height. */
  readonly roots: ReadonlyMap<string, Uint8Array>;
  readonly changes: ChangeSet;
}

const format = 1;
/** Length of a checksum. */
export const crcBytes = 4;

/** The record as bytes, the CRC-32C of all before it in the last four. */
export function encodeCommitRecord(record: CommitRecord): Buffer {
  const out = new ByteWriter(1 << 16);
  out.byte(format);
  out.uint64(record.version);
  out.bytes(record.appHash);
  out.uvarint(record.roots.size);
  for (const [name, root] of record.roots) {
    out.text(name);
    out.bytes(root);
    const changes = record.changes.get(name) ?? [];
    out.uvarint(changes.length);
    for (const [key, value] of changes) {
      out.bytes(key);
      // A value is never empty, so the empty string is free to say "deleted".
      out.bytes(value ?? deleted);
    }
  }
  return seal(out);
}

const deleted = new Uint8Array(0);

/**
 * The record in `bytes`; keys and values are views into them.
 * @param version the height that it was stored under
 * @throws store/13 when it is damaged or belongs to another height
 */
export function decodeCommitRecord(bytes: Uint8Array, version: bigint): CommitRecord {
  const input = openRecord(bytes, version);
  const appHash = input.bytes();
  const roots = new Map<string, Uint8Array>();
  const changes = new Map<string, readonly Change[]>();
  for (let left = input.uvarint(); left > 0; left -= 1) {
    const name = input.text();
    roots.set(name, input.bytes());
    const list: Change[] = [];
    for (let count = input.uvarint(); count > 0; count -= 1) {
      const key = input.bytes();
      const value = input.bytes();
      list.push([key, value.length === 0 ? undefined : value]);
    }
    if (list.length > 0) changes.set(name, list);
  }
  input.end();
  return { version, appHash, roots, changes };
}

/** The app hash of a record alone: that of a genesis has a change for every key. @throws store/13 as {@link decodeCommitRecord} */
export function decodeAppHash(bytes: Uint8Array, version: bigint): Uint8Array {
  return openRecord(bytes, version).bytes();
}

/** The fields of a record behind its height. */
function openRecord(bytes: Uint8Array, version: bigint): ByteReader {
  const what = `cs/${version}`;
  const input = new ByteReader(unseal(bytes, what), what);
  const found = input.byte();
  if (found !== format) throw new StoreError("corruptRecord", `${what}: expected format ${format}, got ${found}`);
  const stored = input.uint64();
  if (stored !== version) throw new StoreError("corruptRecord", `${what}: expected height ${version}, got ${stored}`);
  return input;
}

/** Ends `out` with the checksum of what it holds. */
export function seal(out: ByteWriter): Buffer {
  const length = out.length;
  out.uint32(0);
  const sealed = out.finish();
  sealed.writeUInt32LE(crc32c(sealed.subarray(0, length)), length);
  return sealed;
}

/** `bytes` with their checksum behind them. */
export function sealBytes(bytes: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(bytes.length + crcBytes);
  sealed.set(bytes, 0);
  sealed.writeUInt32LE(crc32c(bytes), bytes.length);
  return sealed;
}

/**
 * What stands before the checksum.
 * @param what names the record in errors
 * @throws store/13 when the checksum does not fit
 */
export function unseal(bytes: Uint8Array, what: string): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.length < crcBytes) throw new StoreError("corruptRecord", `${what}: expected at least ${crcBytes} bytes, got ${view.length}`);
  const content = bytes.subarray(0, view.length - crcBytes);
  const expected = view.readUInt32LE(content.length);
  const found = crc32c(content);
  if (found !== expected) {
    throw new StoreError(
      "corruptRecord",
      `${what}: expected crc32c ${formatCrc(expected)}, got ${formatCrc(found)} over ${content.length} bytes`,
    );
  }
  return content;
}

/** A checksum as eight hexadecimal digits. */
export function formatCrc(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}

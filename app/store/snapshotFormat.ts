// Snapshot format 3 of the Cosmos SDK: a stream of length-prefixed items, wrapped in zlib and cut into chunks. The wrapping stores the bytes
// uncompressed: any reader takes it, and every node makes the same chunks, whatever its zlib does.
import { compareBytes, concatBytes, encodeUtf8 } from "../encoding/bytes.ts";
import { encodeUvarint } from "../encoding/varint.ts";
import type { ExportedNode } from "./treeExport.ts";

/** Number of this format in ABCI snapshots. */
export const snapshotFormat = 3;
/** Bytes of every chunk but the last. */
export const snapshotChunkBytes = 10_000_000;

const wireVarint = 0;
const wireBytes = 2;
const empty = new Uint8Array(0);
const pieceBytes = 1 << 16;
const maxStoredBlock = 65_535;
const adlerModulus = 65_521;
const adlerBatch = 3_800; // sums of that many bytes stay below 2^32, so the remainder may wait

/**
 * The items of a snapshot: per store, sorted by name, its name and then its nodes in post-order.
 * @param stores the nodes of every store as `Tree.exportNodes` gives them
 */
export function* snapshotItems(stores: ReadonlyMap<string, Iterable<ExportedNode>>): Generator<Uint8Array, void, undefined> {
  const named = Array.from(stores, ([name, nodes]) => ({ name: encodeUtf8(name), nodes }));
  for (const { name, nodes } of named.sort((a, b) => compareBytes(a.name, b.name))) {
    yield bytesField(1, bytesField(1, name));
    for (const node of nodes) yield encodeNode(node);
  }
}

/** The stream of items, each one behind its length, in pieces of many. */
export function* snapshotStream(items: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
  let piece = Buffer.allocUnsafe(pieceBytes);
  let filled = 0;
  for (const item of items) {
    const needed = varintBytes(item.length) + item.length;
    if (filled + needed > piece.length) {
      if (filled > 0) yield piece.subarray(0, filled);
      piece = Buffer.allocUnsafe(Math.max(pieceBytes, needed));
      filled = 0;
    }
    filled = putVarint(piece, filled, item.length);
    piece.set(item, filled);
    filled += item.length;
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

/** The stream as zlib with stored blocks: blocks of 65,535 bytes, the rest, an empty last block, the checksum. */
export function* storedZlib(stream: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
  yield Uint8Array.of(0x78, 0x01);
  const block = new Uint8Array(maxStoredBlock);
  let filled = 0;
  let low = 1;
  let high = 0;
  for (const part of stream) {
    for (let from = 0; from < part.length; ) {
      const piece = part.subarray(from, from + Math.min(adlerBatch, maxStoredBlock - filled));
      // By index: iterating over the bytes takes four times as long.
      for (let i = 0; i < piece.length; i++) {
        low += piece[i] as number;
        high += low;
      }
      low %= adlerModulus;
      high %= adlerModulus;
      block.set(piece, filled);
      filled += piece.length;
      from += piece.length;
      if (filled < maxStoredBlock) continue;
      yield storedBlock(block, false);
      filled = 0;
    }
  }
  if (filled > 0) yield storedBlock(block.subarray(0, filled), false);
  yield storedBlock(new Uint8Array(0), true);
  yield Uint8Array.of(high >>> 8, high & 255, low >>> 8, low & 255);
}

/** The bytes cut into chunks of `snapshotChunkBytes`; the last one is shorter. */
export function* snapshotChunks(bytes: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
  let chunk = new Uint8Array(snapshotChunkBytes);
  let filled = 0;
  for (const part of bytes) {
    for (let from = 0; from < part.length; ) {
      const piece = part.subarray(from, from + snapshotChunkBytes - filled);
      chunk.set(piece, filled);
      filled += piece.length;
      from += piece.length;
      if (filled < snapshotChunkBytes) continue;
      yield chunk;
      chunk = new Uint8Array(snapshotChunkBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield chunk.slice(0, filled);
}

/** The metadata of an ABCI snapshot: the hashes of its chunks. */
export function snapshotMetadata(chunkHashes: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...chunkHashes.map((hash) => bytesField(1, hash)));
}

/** The item of a node, written once: a state has millions. */
function encodeNode({ key, value = empty, version, height }: ExportedNode): Uint8Array {
  // Stamps are heights: exact as a number for longer than a chain lives.
  const stamp = version <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(version) : undefined;
  const stampBytes = stamp === undefined ? encodeUvarint(version) : empty;
  const stampLength = stamp === undefined ? stampBytes.length : varintBytes(stamp);
  const length =
    fieldBytes(key) + fieldBytes(value) + (version === 0n ? 0 : 1 + stampLength) + (height === 0 ? 0 : 1 + varintBytes(height));
  const out = Buffer.allocUnsafe(1 + varintBytes(length) + length);
  out[0] = tagOf(2, wireBytes);
  let at = putField(out, putField(out, putVarint(out, 1, length), 1, key), 2, value);
  if (version !== 0n) {
    out[at] = tagOf(3, wireVarint);
    if (stamp === undefined) out.set(stampBytes, at + 1);
    else putVarint(out, at + 1, stamp);
    at += 1 + stampLength;
  }
  if (height !== 0) {
    out[at] = tagOf(4, wireVarint);
    putVarint(out, at + 1, height);
  }
  return out;
}

const tagOf = (number: number, wire: number): number => number * 8 + wire;

/** Bytes of a field that is left out when it is empty. */
function fieldBytes({ length }: Uint8Array): number {
  return length === 0 ? 0 : 1 + varintBytes(length) + length;
}

/** @returns the index after the field */
function putField(out: Uint8Array, at: number, number: number, bytes: Uint8Array): number {
  if (bytes.length === 0) return at;
  out[at] = tagOf(number, wireBytes);
  const from = putVarint(out, at + 1, bytes.length);
  out.set(bytes, from);
  return from + bytes.length;
}

/** Bytes of a number of 0 to 2^53−1. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}

/** @returns the index after the number */
function putVarint(out: Uint8Array, from: number, value: number): number {
  let at = from;
  let rest = value;
  while (rest > 127) {
    out[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  out[at++] = rest;
  return at;
}

function storedBlock(bytes: Uint8Array, isLast: boolean): Uint8Array {
  const length = bytes.length;
  const complement = ~length & 0xffff;
  return concatBytes(Uint8Array.of(isLast ? 1 : 0, length & 255, length >>> 8, complement & 255, complement >>> 8), bytes);
}

function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(number * 8 + wireBytes), encodeUvarint(BigInt(bytes.length)), bytes);
}

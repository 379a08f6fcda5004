// Merkle trees over the rows of a shard and of its source (specification §2; RFC 6962 §2.1, RFC 9162 §2.1.3.2).
import { sha256 } from "#sha256";
import type { Shape } from "./shape.ts";
import type { Shard } from "./shard.ts";

/** First bytes of what is hashed. */
const [LEAF, NODE] = [0, 1];

/** Leaf of a row in the tree of a shard: row as two bytes big-endian, sign bytes, scale code (51 bytes in schema v1). */
export function shardLeaf({ signs, codes }: Shard, { cols }: Shape, row: number): Uint8Array {
  const rowBytes = cols / 8;
  const leaf = new Uint8Array(3 + rowBytes);
  leaf[0] = row >> 8;
  leaf[1] = row & 255;
  leaf.set(signs.subarray(row * rowBytes, (row + 1) * rowBytes), 2);
  leaf[2 + rowBytes] = codes[row] as number;
  return leaf;
}

/** Leaf of a row in the tree of a source: row as two bytes big-endian, elements as int16 little-endian (770 bytes in schema v1). */
export function sourceLeaf(e: Int16Array, { cols }: Shape, row: number): Uint8Array {
  const leaf = new Uint8Array(2 + 2 * cols);
  leaf[0] = row >> 8;
  leaf[1] = row & 255;
  for (let c = 0; c < cols; c++) {
    const element = e[row * cols + c] as number;
    leaf[2 + 2 * c] = element & 255;
    leaf[3 + 2 * c] = (element >> 8) & 255;
  }
  return leaf;
}

/** Root over the rows of a shard. */
export function merkleRoot(shard: Shard, shape: Shape): Uint8Array {
  return treeRoot(Array.from({ length: shape.rows }, (_, row) => shardLeaf(shard, shape, row)));
}

/** Root over the rows of the matrix that a shard was made of: scale and signs become provable against it. */
export function srcRoot(e: Int16Array, shape: Shape): Uint8Array {
  return treeRoot(Array.from({ length: shape.rows }, (_, row) => sourceLeaf(e, shape, row)));
}

/** Root of a tree; that of no leaf is the hash of nothing. */
export function treeRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return leaves.length === 0 ? sha256(new Uint8Array(0)) : rootOf(leaves.map(leafHash));
}

/**
 * Sibling hashes from the leaf upward.
 * @param index 0…leaves−1
 * @throws RangeError when there is no such leaf
 */
export function merkleProof(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
    throw new RangeError(`leaf: expected 0 to ${leaves.length - 1}, got ${index}`);
  const path: Uint8Array[] = [];
  let hashes = leaves.map(leafHash);
  let at = index;
  while (hashes.length > 1) {
    const split = splitOf(hashes.length);
    const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
    const goesLeft = at < split;
    path.unshift(rootOf(goesLeft ? right : left));
    hashes = goesLeft ? left : right;
    if (!goesLeft) at -= split;
  }
  return path;
}

/**
 * Whether a leaf stands at an index of the tree with this root.
 * @param count number of leaves of the tree
 * @param path sibling hashes from the leaf upward; of any length and content
 */
export function verifyMerkle(root: Uint8Array, count: number, index: number, leaf: Uint8Array, path: readonly Uint8Array[]): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(count) || index < 0 || index >= count) return false;
  let node = index;
  let last = count - 1;
  let hash = leafHash(leaf);
  for (const sibling of path) {
    if (last === 0 || sibling.length !== 32) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && root.length === hash.length && hash.every((byte, i) => byte === root[i]);
}

function leafHash(leaf: Uint8Array): Uint8Array {
  return hashOf(LEAF, leaf);
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return hashOf(NODE, left, right);
}

/** Kept, for a tree has twice as many messages as leaves. */
let room = new Uint8Array(1024);

function hashOf(mark: number, first: Uint8Array, second?: Uint8Array): Uint8Array {
  const length = 1 + first.length + (second?.length ?? 0);
  if (length > room.length) room = new Uint8Array(length);
  room[0] = mark;
  room.set(first, 1);
  if (second !== undefined) room.set(second, 1 + first.length);
  return sha256(room.subarray(0, length));
}

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0] as Uint8Array;
  const split = splitOf(hashes.length);
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

/** Largest power of two below n; n ≥ 2. */
function splitOf(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}

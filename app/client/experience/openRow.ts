import { compressSync, merkleProof, parseShard, type Shape, shardLeaf, sourceLeaf, verifyMerkle } from "#kernels";
import { ClientError } from "../clientError.ts";
import type { PackedShard } from "./packShard.ts";

/** A row of a matrix and its path to the source root: `SourceRowProof` of the registry's messages. */
export interface SourceRow {
  readonly row: number;
  /** The row's int16 numbers, little-endian. */
  readonly values: Uint8Array;
  /** Sibling hashes from the leaf upward, 32 bytes each. */
  readonly path: Uint8Array[];
}

/** A row of a shard and its path to the row root. */
export interface ShardRow {
  readonly row: number;
  readonly signs: Uint8Array;
  /** Scale code, 0 to 153. */
  readonly code: number;
  readonly path: Uint8Array[];
}

/** What is wrong with a row: another scale than its source's, or another sign. */
export interface RowFault {
  readonly row: number;
  readonly fault: "scale" | "sign";
}

/**
 * Opens a row of a source against its root.
 * @throws client/1 when there is no such row
 */
export function openSourceRow({ source, shape }: Pick<PackedShard, "source" | "shape">, row: number): SourceRow {
  requireRow(row, shape);
  const leaves = rowsOf(shape, (at) => sourceLeaf(source, shape, at));
  // Behind the two bytes of the row's number.
  return { row, values: (leaves[row] ?? new Uint8Array(2)).subarray(2), path: merkleProof(leaves, row) };
}

/** Whether a row is that of the source with this root. Never throws: the row is somebody else's. */
export function verifySourceRow(root: Uint8Array, shape: Shape, { row, values, path }: SourceRow): boolean {
  if (values.length !== 2 * shape.cols || !isRow(row, shape)) return false;
  return verifyMerkle(root, shape.rows, row, withRow(row, values), path);
}

/**
 * Opens a row of a shard against its row root.
 * @throws client/1 when there is no such row; kernels' errors for bytes that are no shard
 */
export function openShardRow(bytes: Uint8Array, shape: Shape, row: number): ShardRow {
  requireRow(row, shape);
  const shard = parseShard(bytes, shape);
  const path = merkleProof(
    rowsOf(shape, (at) => shardLeaf(shard, shape, at)),
    row,
  );
  const width = shape.cols / 8;
  return { row, signs: shard.signs.slice(row * width, (row + 1) * width), code: shard.codes[row] ?? 0, path };
}

/** Whether a row is that of the shard with this root. Never throws. */
export function verifyShardRow(root: Uint8Array, shape: Shape, { row, signs, code, path }: ShardRow): boolean {
  if (signs.length !== shape.cols / 8 || !isRow(row, shape) || !Number.isInteger(code) || code < 0 || code > 255) return false;
  return verifyMerkle(root, shape.rows, row, withRow(row, signs, Uint8Array.of(code)), path);
}

/**
 * The first row in which a shard is not what its source gives; undefined when all are. With `openSourceRow` it is the proof that slashes the entry.
 * @param source rows × columns, −32767 to 32767
 */
export function findRowFault(bytes: Uint8Array, source: Int16Array, shape: Shape): RowFault | undefined {
  const claimed = parseShard(bytes, shape);
  const honest = compressSync(source, shape);
  const width = shape.cols / 8;
  for (let row = 0; row < shape.rows; row++) {
    if (claimed.codes[row] !== honest.codes[row]) return { row, fault: "scale" };
    for (let at = row * width; at < (row + 1) * width; at++) if (claimed.signs[at] !== honest.signs[at]) return { row, fault: "sign" };
  }
  return undefined;
}

/** Leaf of a tree of rows: the row's number, big-endian, and its bytes. */
function withRow(row: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const leaf = new Uint8Array(2 + parts.reduce((sum, { length }) => sum + length, 0));
  leaf.set([row >> 8, row & 255]);
  let at = 2;
  for (const part of parts) {
    leaf.set(part, at);
    at += part.length;
  }
  return leaf;
}

function rowsOf<T>({ rows }: Shape, make: (row: number) => T): T[] {
  return Array.from({ length: rows }, (_, row) => make(row));
}

function isRow(row: number, { rows }: Shape): boolean {
  return Number.isInteger(row) && row >= 0 && row < rows;
}

function requireRow(row: number, shape: Shape): void {
  if (!isRow(row, shape)) throw new ClientError(`a row from 0 to ${shape.rows - 1} expected, got ${row}`);
}

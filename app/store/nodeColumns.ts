// The nodes of a tree in shared memory. A node is one row of sixteen 32-bit words, 64 bytes, so that a step of a descent touches one cache line.
// Rows are written while their version is being built and never after its commit; pruning gives them back.
import { IdStack } from "./idStack.ts";
import { StoreError } from "./storeError.ts";

/** Rows per segment as a power of two. */
export const rowSegmentBits = 12;
/** Mask of a node id that leaves the row within its segment. */
export const rowSegmentMask = (1 << rowSegmentBits) - 1;
/** Words per row as a power of two. */
export const rowWordBits = 4;

/**
 * The columns of a row, as word offsets. The hash is eight little-endian words. Leaves keep the reference of their value in the column `left`. The key of an inner node is the slot of
 * the smallest key to its right, the very slot of that leaf, so every key is stored once; `prefix` are that key's first four bytes, padded with
 * zeros and biased so that signed comparison gives unsigned order.
 */
export const column = {
  hash: 0,
  left: 8,
  right: 9,
  value: 8,
  versionLow: 10,
  versionHigh: 11,
  size: 12,
  height: 13,
  key: 14,
  prefix: 15,
} as const;

const hashBytes = 32;
const hashWords = hashBytes / 4;
const rowBytes = 64;
const segmentRows = 1 << rowSegmentBits;
const maxSegments = 1 << (31 - rowSegmentBits);

/** The first four bytes of `key` as a number that orders like the bytes: see `column.prefix`. */
export function keyPrefix(key: Uint8Array): number {
  const word = ((key[0] ?? 0) << 24) | ((key[1] ?? 0) << 16) | ((key[2] ?? 0) << 8) | (key[3] ?? 0);
  return word ^ 0x80000000;
}

/** {@link keyPrefix} of the bytes of `data` from index `from` to before `to`. */
export function keyPrefixIn(data: Uint8Array, from: number, to: number): number {
  let word = 0;
  for (let i = 0; i < 4; i++) word = (word << 8) | (from + i < to ? (data[from + i] as number) : 0);
  return word ^ 0x80000000;
}

/**
 * Rows by node id; id 0 means no node.
 * CONTRACT: one thread allocates, writes and frees; any thread that attached the segments may read committed rows.
 */
export class NodeColumns {
  /** Words of the segments: row `id` starts at `(id & rowSegmentMask) << rowWordBits` of segment `id >>> rowSegmentBits`. */
  readonly words: Int32Array[] = [];
  private readonly buffers: SharedArrayBuffer[] = [];
  private readonly freed = new IdStack();
  private nextId = 1;
  private used = 0;

  /** @param segments shared segments of another tree's rows, to read them from here; none for new rows */
  constructor(segments: readonly SharedArrayBuffer[] = []) {
    for (const segment of segments) this.addSegment(segment);
  }

  /** The segments, to attach them on another thread; a later `allocate` may add some. */
  get segments(): readonly SharedArrayBuffer[] {
    return this.buffers;
  }

  /** Rows in use now. */
  get count(): number {
    return this.used;
  }

  /** Bytes of shared memory reserved now. */
  get reservedBytes(): number {
    return this.buffers.length * segmentRows * rowBytes;
  }

  /**
   * A row to write.
   * @throws store/18 beyond 2^31 rows
   */
  allocate(): number {
    this.used++;
    const freed = this.freed.pop();
    if (freed !== 0) return freed;
    const id = this.nextId;
    if (id >>> rowSegmentBits === this.buffers.length) {
      if (this.buffers.length === maxSegments) throw new StoreError("backendFailed", `tree: expected at most 2^31 nodes, all are in use`);
      this.addSegment(new SharedArrayBuffer(segmentRows * rowBytes));
    }
    this.nextId++;
    return id;
  }

  /** Ids are below this. */
  get end(): number {
    return this.nextId;
  }

  /** All rows of memory that never freed one. */
  ids(): Uint32Array {
    const ids = new Uint32Array(this.nextId - 1);
    for (let i = 0; i < ids.length; i++) ids[i] = i + 1;
    return ids;
  }

  /** Gives a row back. CONTRACT: nothing reads it any more. */
  free(id: number): void {
    this.used--;
    this.freed.push(id);
  }

  /** The words of the segment of node `id`. */
  segment(id: number): Int32Array {
    return this.words[id >>> rowSegmentBits] as Int32Array;
  }

  /** Where row `id` starts in its segment, in words. */
  offset(id: number): number {
    return (id & rowSegmentMask) << rowWordBits;
  }

  /** One column of node `id`, as a signed 32-bit number. */
  get(id: number, name: number): number {
    return this.segment(id)[this.offset(id) + name] as number;
  }

  /** Writes one column of node `id`. */
  set(id: number, name: number, value: number): void {
    this.segment(id)[this.offset(id) + name] = value;
  }

  /** Id of the left child of an inner node. */
  left(id: number): number {
    return this.get(id, column.left);
  }

  /** Id of the right child of an inner node. */
  right(id: number): number {
    return this.get(id, column.right);
  }

  /** Height above the leaves; 0 for a leaf. */
  height(id: number): number {
    return this.get(id, column.height);
  }

  /** Number of leaves below; 1 for a leaf. */
  size(id: number): number {
    return this.get(id, column.size) >>> 0;
  }

  /** The version in which the node was made or last copied: its stamp. */
  version(id: number): bigint {
    return (BigInt(this.get(id, column.versionHigh)) << 32n) | BigInt(this.get(id, column.versionLow) >>> 0);
  }

  /** Copies every column of `from` to `to`. */
  copyRow(from: number, to: number): void {
    const source = this.segment(from);
    const target = this.segment(to);
    const a = this.offset(from);
    const b = this.offset(to);
    for (let i = column.left; i <= column.prefix; i++) target[b + i] = source[a + i] as number;
  }

  /**
   * Copies the 32 bytes of the node's hash into `target` from index `at` on; by words, which takes a third of the time that bytes take.
   * @returns the index after it
   */
  copyHash(id: number, target: DataView, at: number): number {
    const words = this.segment(id);
    const row = this.offset(id);
    for (let i = 0; i < hashWords; i++) target.setInt32(at + 4 * i, words[row + i] as number, true);
    return at + hashBytes;
  }

  /** The node's hash. */
  hash(id: number): Uint8Array {
    const out = new Uint8Array(hashBytes);
    this.copyHash(id, new DataView(out.buffer), 0);
    return out;
  }

  /** Writes the node's hash from 32 bytes of `source` at index `at`. */
  setHash(id: number, source: DataView, at: number): void {
    const words = this.segment(id);
    const row = this.offset(id);
    for (let i = 0; i < hashWords; i++) words[row + i] = source.getInt32(at + 4 * i, true);
  }

  /** Takes over a segment that another thread added. */
  attach(index: number, buffer: SharedArrayBuffer): void {
    this.buffers[index] = buffer;
    this.words[index] = new Int32Array(buffer);
  }

  private addSegment(buffer: SharedArrayBuffer): void {
    this.attach(this.buffers.length, buffer);
  }
}

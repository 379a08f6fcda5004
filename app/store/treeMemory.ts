// The shared memory of one tree: its rows, its keys and its values, and the comparison that every descent makes.
import { Arena } from "./arena.ts";
import { column, keyPrefix, NodeColumns, rowSegmentBits, rowSegmentMask, rowWordBits } from "./nodeColumns.ts";

/** The shared segments of a tree, for other threads. A structured clone shares the memory and copies nothing. */
export interface SharedMemory {
  readonly nodes: readonly SharedArrayBuffer[];
  readonly keys: readonly SharedArrayBuffer[];
  readonly values: readonly SharedArrayBuffer[];
}

/** Shared segments by their place. */
export type SegmentUpdate = readonly (readonly [index: number, segment: SharedArrayBuffer])[];

/** What changed in the shared segments of a tree. */
export interface MemoryUpdate {
  readonly nodes: SegmentUpdate;
  readonly keys: SegmentUpdate;
  readonly values: SegmentUpdate;
}

/** Rows, keys and values of one tree. */
export class TreeMemory {
  readonly nodes: NodeColumns;
  readonly keys: Arena;
  readonly values: Arena;

  /** @param shared the memory of a tree on another thread, to read it from here; none for a new tree */
  constructor(shared?: SharedMemory) {
    this.nodes = new NodeColumns(shared?.nodes);
    this.keys = new Arena(shared?.keys);
    this.values = new Arena(shared?.values);
  }

  /** What another thread needs to attach this memory. */
  share(): SharedMemory {
    return { nodes: [...this.nodes.segments], keys: [...this.keys.segments], values: [...this.values.segments] };
  }

  /** Takes over the segments that changed since the last update. */
  attach({ nodes, keys, values }: MemoryUpdate): void {
    for (const [index, segment] of nodes) this.nodes.attach(index, segment);
    for (const [index, segment] of keys) this.keys.attach(index, segment);
    for (const [index, segment] of values) this.values.attach(index, segment);
  }

  /**
   * Order of `key` against the key of node `id`: negative when `key` is smaller, 0 when equal.
   * @param prefix `keyPrefix(key)`
   */
  compare(id: number, key: Uint8Array, prefix: number): number {
    const words = this.nodes.segment(id);
    const row = this.nodes.offset(id);
    const nodePrefix = words[row + column.prefix] as number;
    // Prefixes are padded with zeros: different ones decide, equal ones may come from keys of different lengths.
    if (prefix !== nodePrefix) return prefix < nodePrefix ? -1 : 1;
    return this.keys.compare(key, words[row + column.key] as number);
  }

  /**
   * Order of `key` against the key of node `id`, and how far they agree.
   * @param prefix `keyPrefix(key)`
   * @param from bytes at the beginning that are known to be equal
   * @returns a number of equal bytes at the beginning when `key` is not smaller, its bitwise complement, which is negative, when it is
   */
  orderFrom(id: number, key: Uint8Array, prefix: number, from: number): number {
    const words = this.nodes.segment(id);
    const row = this.nodes.offset(id);
    const nodePrefix = words[row + column.prefix] as number;
    if (prefix !== nodePrefix) return prefix < nodePrefix ? -1 : 0;
    return this.keys.orderFrom(key, words[row + column.key] as number, from);
  }

  /**
   * The leaf that the descent for `key` ends at, whose key may be another one.
   * @param root id of a node, not 0
   * @param prefix `keyPrefix(key)`
   */
  descend(root: number, key: Uint8Array, prefix: number): number {
    const segments = this.nodes.words;
    let id = root;
    // Every key below a node lies between the nearest keys of its path to the left and to the right. Where `key` agrees with both, so do they.
    let low = 0;
    let high = 0;
    for (;;) {
      const words = segments[id >>> rowSegmentBits] as Int32Array;
      const row = (id & rowSegmentMask) << rowWordBits;
      if (words[row + column.height] === 0) return id;
      const nodePrefix = words[row + column.prefix] as number;
      if (prefix !== nodePrefix) {
        id = words[row + (prefix < nodePrefix ? column.left : column.right)] as number;
        continue;
      }
      const order = this.keys.orderFrom(key, words[row + column.key] as number, Math.min(low, high));
      if (order < 0) high = ~order;
      else low = order;
      id = words[row + (order < 0 ? column.left : column.right)] as number;
    }
  }

  /**
   * The leaf with exactly that key, 0 when there is none.
   * @param root id of a node, 0 for the empty tree
   */
  findLeaf(root: number, key: Uint8Array): number {
    if (root === 0) return 0;
    const prefix = keyPrefix(key);
    const leaf = this.descend(root, key, prefix);
    return this.compare(leaf, key, prefix) === 0 ? leaf : 0;
  }

  /** A copy of the key of node `id`. */
  key(id: number): Uint8Array {
    return this.keys.load(this.nodes.get(id, column.key));
  }

  /** A copy of the value of leaf `id`. */
  value(id: number): Uint8Array {
    return this.values.load(this.nodes.get(id, column.value));
  }
}

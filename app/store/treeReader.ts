// Reads of one version, straight from shared memory: no locks, no copies but the bytes handed out, the same code on every thread.
import type { KVReader, Range } from "./kv.ts";
import { keyPrefix } from "./nodeColumns.ts";
import type { TreeMemory } from "./treeMemory.ts";

/** Reads the tree below one root. */
export class TreeReader implements KVReader {
  private readonly memory: TreeMemory;
  private readonly root: number;
  private readonly check: () => void;

  /**
   * @param root id of the root of a committed version, 0 for the empty tree
   * @param check throws when the version is no longer kept; called before every step
   */
  constructor(memory: TreeMemory, root: number, check: () => void) {
    this.memory = memory;
    this.root = root;
    this.check = check;
  }

  /** @inheritDoc */
  get(key: Uint8Array): Uint8Array | undefined {
    this.check();
    const leaf = this.memory.findLeaf(this.root, key);
    return leaf === 0 ? undefined : this.memory.value(leaf);
  }

  /** @inheritDoc */
  has(key: Uint8Array): boolean {
    this.check();
    return this.memory.findLeaf(this.root, key) !== 0;
  }

  /** @inheritDoc */
  iterate(range: Range = {}): IterableIterator<readonly [key: Uint8Array, value: Uint8Array]> {
    return range.reverse === true ? this.backward(range) : this.forward(range);
  }

  private *forward({ start, end }: Range): Generator<readonly [Uint8Array, Uint8Array], void, undefined> {
    const { nodes } = this.memory;
    const endPrefix = end === undefined ? 0 : keyPrefix(end);
    this.check();
    const pending: number[] = []; // right subtrees still to visit, the nearest last
    let leaf = this.root === 0 ? 0 : this.seekForward(start, pending);
    while (leaf !== 0) {
      if (end !== undefined && this.memory.compare(leaf, end, endPrefix) <= 0) return;
      yield [this.memory.key(leaf), this.memory.value(leaf)];
      this.check();
      leaf = pending.pop() ?? 0;
      while (leaf !== 0 && nodes.height(leaf) > 0) {
        pending.push(nodes.right(leaf));
        leaf = nodes.left(leaf);
      }
    }
  }

  private *backward({ start, end }: Range): Generator<readonly [Uint8Array, Uint8Array], void, undefined> {
    const { nodes } = this.memory;
    const startPrefix = start === undefined ? 0 : keyPrefix(start);
    this.check();
    const pending: number[] = []; // left subtrees still to visit, the nearest last
    let leaf = this.root === 0 ? 0 : this.seekBackward(end, pending);
    while (leaf !== 0) {
      if (start !== undefined && this.memory.compare(leaf, start, startPrefix) > 0) return;
      yield [this.memory.key(leaf), this.memory.value(leaf)];
      this.check();
      leaf = pending.pop() ?? 0;
      while (leaf !== 0 && nodes.height(leaf) > 0) {
        pending.push(nodes.left(leaf));
        leaf = nodes.right(leaf);
      }
    }
  }

  /** The leaf with the smallest key that is not below `start`; 0 when there is none. */
  private seekForward(start: Uint8Array | undefined, pending: number[]): number {
    const { nodes } = this.memory;
    const prefix = start === undefined ? 0 : keyPrefix(start);
    let id = this.root;
    while (nodes.height(id) > 0) {
      const goLeft = start === undefined || this.memory.compare(id, start, prefix) < 0;
      if (goLeft) pending.push(nodes.right(id));
      id = goLeft ? nodes.left(id) : nodes.right(id);
    }
    if (start === undefined || this.memory.compare(id, start, prefix) <= 0) return id;
    let next = pending.pop() ?? 0;
    while (next !== 0 && nodes.height(next) > 0) {
      pending.push(nodes.right(next));
      next = nodes.left(next);
    }
    return next;
  }

  /** The leaf with the largest key below `end`; 0 when there is none. */
  private seekBackward(end: Uint8Array | undefined, pending: number[]): number {
    const { nodes } = this.memory;
    const prefix = end === undefined ? 0 : keyPrefix(end);
    let id = this.root;
    while (nodes.height(id) > 0) {
      // The key of an inner node is in the range exactly when something to its right is.
      const goRight = end === undefined || this.memory.compare(id, end, prefix) > 0;
      if (goRight) pending.push(nodes.left(id));
      id = goRight ? nodes.right(id) : nodes.left(id);
    }
    if (end === undefined || this.memory.compare(id, end, prefix) > 0) return id;
    // The smallest key of all is not below `end`: whatever the descent skipped on its left would have been smaller.
    return 0;
  }
}

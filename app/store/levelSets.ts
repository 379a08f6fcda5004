// The sets of one version to keys that are there already, made all together: one descent for all of them, level by level, instead of one for each.
//
// DETERMINISM: IAVL makes changes one by one, yet these may go first. A set of a present key changes neither shape nor keys, it stamps the path to
// its leaf. A later insert or delete changes which nodes are on that path by rotations only, and a rotation stamps every node that it moves; a
// node that a delete takes out is in no tree afterwards. So the same nodes end up stamped in either order. The paths of inserts are stamped here,
// too; their leaves are left to whoever makes the shape.
//
// The rows and keys of a large tree are not in the processor's caches. Each level is therefore walked in passes, of which those that meet cold
// memory only touch it: their loads depend on nothing, so that the processor waits for many of them at once and not for one after the other.
import type { NodeOwner } from "./balance.ts";
import type { Change } from "./kv.ts";
import { column, keyPrefix } from "./nodeColumns.ts";
import type { TreeMemory } from "./treeMemory.ts";

/** The version under construction, as far as its shape stays. */
export interface LeafOwner extends NodeOwner {
  /** A new leaf in the place of leaf `id`, with the same key and another value. */
  replaceLeaf(id: number, value: Uint8Array): number;
}

/** Inner nodes of one level and what goes below each: the sets `from` to `to` of the list. */
class Frontier {
  count = 0;
  readonly ids: Int32Array;
  /** Where the node hangs, until it is a node of the working version: its parent, and the column of the parent's row. */
  readonly parents: Int32Array;
  readonly sides: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Bytes that the only set of a node has in common with the nearest keys on its path to the left and to the right. */
  readonly low: Int32Array;
  readonly high: Int32Array;

  /** @param capacity number of sets: each entry has one at least, and no two have the same */
  constructor(capacity: number) {
    const make = (): Int32Array => new Int32Array(capacity);
    [this.ids, this.parents, this.sides, this.from, this.to, this.low, this.high] = [
      make(),
      make(),
      make(),
      make(),
      make(),
      make(),
      make(),
    ];
  }

  push(id: number, parent: number, side: number, from: number, to: number, low: number, high: number): void {
    const at = this.count++;
    this.ids[at] = id;
    this.parents[at] = parent;
    this.sides[at] = side;
    this.from[at] = from;
    this.to[at] = to;
    this.low[at] = low;
    this.high[at] = high;
  }

  /** Moves what goes below entry `from` to place `to`, which is not after it, as that of node `id`. */
  move(from: number, to: number, id: number): void {
    this.ids[to] = id;
    if (from === to) return;
    this.from[to] = this.from[from] as number;
    this.to[to] = this.to[from] as number;
    this.low[to] = this.low[from] as number;
    this.high[to] = this.high[from] as number;
  }
}

/**
 * Makes the sets of keys that are present, and stamps the paths of the other sets.
 * @param root id of an inner node of the working version
 * @param changes sorted by key bytes, keys unique
 * @param done gets a 1 for each change that is made
 */
export function setPresent(memory: TreeMemory, owner: LeafOwner, root: number, changes: readonly Change[], done: Uint8Array): void {
  new LevelSets(memory, owner, changes, done).run(root);
}

class LevelSets {
  private readonly memory: TreeMemory;
  private readonly owner: LeafOwner;
  private readonly changes: readonly Change[];
  private readonly done: Uint8Array;
  /** Places of the sets among the changes, and the beginnings of their keys. */
  private readonly places: Int32Array;
  private readonly prefixes: Int32Array;
  private level: Frontier;
  private below: Frontier;
  /** Keeps the loads of the touching passes from being optimised away. */
  private touched = 0;

  constructor(memory: TreeMemory, owner: LeafOwner, changes: readonly Change[], done: Uint8Array) {
    this.memory = memory;
    this.owner = owner;
    this.changes = changes;
    this.done = done;
    this.places = Int32Array.from(changes.keys()).filter((place) => changes[place]?.[1] !== undefined);
    this.prefixes = this.places.map((place) => keyPrefix((changes[place] as Change)[0]));
    this.level = new Frontier(this.places.length);
    this.below = new Frontier(this.places.length);
  }

  run(root: number): void {
    if (this.places.length > 0) this.level.push(root, 0, 0, 0, this.places.length, 0, 0);
    while (this.level.count > 0) {
      this.touchKeys();
      this.descend();
      this.touchRows();
      this.ownRows();
      [this.level, this.below] = [this.below, this.level];
    }
  }

  private touchKeys(): void {
    const { nodes, keys } = this.memory;
    const { ids, count } = this.level;
    for (let i = 0; i < count; i++) this.touched ^= keys.length(nodes.get(ids[i] as number, column.key));
  }

  /** Shares the sets of each node out to its children. */
  private descend(): void {
    const { nodes } = this.memory;
    const { ids, from, to, low, high, count } = this.level;
    this.below.count = 0;
    for (let i = 0; i < count; i++) {
      const id = ids[i] as number;
      const [first, end] = [from[i] as number, to[i] as number];
      if (end - first === 1) {
        this.descendOne(id, first, low[i] as number, high[i] as number);
        continue;
      }
      const split = this.split(id, first, end);
      if (first < split) this.below.push(nodes.left(id), id, column.left, first, split, 0, 0);
      if (split < end) this.below.push(nodes.right(id), id, column.right, split, end, 0, 0);
    }
  }

  private descendOne(id: number, set: number, low: number, high: number): void {
    const { nodes } = this.memory;
    const order = this.memory.orderFrom(id, this.keyOf(set), this.prefixes[set] as number, Math.min(low, high));
    if (order < 0) this.below.push(nodes.left(id), id, column.left, set, set + 1, low, ~order);
    else this.below.push(nodes.right(id), id, column.right, set, set + 1, order, high);
  }

  /** The first set of `first` to `end` that is not below the key of a node. */
  private split(id: number, first: number, end: number): number {
    let [low, high] = [first, end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.memory.compare(id, this.keyOf(middle), this.prefixes[middle] as number) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private touchRows(): void {
    const { nodes } = this.memory;
    const { ids, count } = this.below;
    for (let i = 0; i < count; i++) this.touched ^= nodes.height(ids[i] as number);
  }

  /** Makes the children nodes of the working version. Inner ones stay for the next level. */
  private ownRows(): void {
    const { nodes } = this.memory;
    const { below } = this;
    let kept = 0;
    for (let i = 0; i < below.count; i++) {
      const id = below.ids[i] as number;
      const isLeaf = nodes.height(id) === 0;
      const mine = isLeaf ? this.ownLeaf(id, below.from[i] as number, below.to[i] as number) : this.owner.own(id);
      if (mine !== id) nodes.set(below.parents[i] as number, below.sides[i] as number, mine);
      if (!isLeaf) below.move(i, kept++, mine);
    }
    below.count = kept;
  }

  /** The leaf that takes the place of leaf `id` when one of the sets is of its key. */
  private ownLeaf(id: number, from: number, to: number): number {
    for (let set = from; set < to; set++) {
      if (this.memory.compare(id, this.keyOf(set), this.prefixes[set] as number) !== 0) continue;
      const place = this.places[set] as number;
      this.done[place] = 1;
      return this.owner.replaceLeaf(id, (this.changes[place] as Change)[1] as Uint8Array);
    }
    return id;
  }

  private keyOf(set: number): Uint8Array {
    return (this.changes[this.places[set] as number] as Change)[0];
  }
}

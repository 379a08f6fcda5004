// The version under construction: sets and deletes one after the other, exactly as IAVL v1 orders, stamps and rotates them. Committed nodes are
// copied before the first change; nodes of this version are changed in place.

import { balance, recompute } from "./balance.ts";
import type { Change } from "./kv.ts";
import { type LeafOwner, setPresent } from "./levelSets.ts";
import { column, keyPrefix } from "./nodeColumns.ts";
import type { TreeMemory } from "./treeMemory.ts";

/** Changes from which on a descent for all of them takes less time than one for each. */
const WORTH_LEVELS = 12;

/** What a version leaves behind when it is committed. */
export interface Retired {
  /** Committed nodes that the new version no longer reaches. */
  readonly nodes: Uint32Array;
  /** Slots of keys that the new version no longer has. */
  readonly keys: Int32Array;
  /** Slots of the values of the leaves among the nodes. */
  readonly values: Int32Array;
}

/**
 * Builds one version on top of a committed root.
 * INVARIANT: a node carries the working stamp exactly when it was made here, because every committed stamp is smaller.
 */
export class WorkingTree implements LeafOwner {
  /** Id of the root of the working version, 0 for the empty tree. */
  root: number;
  private readonly memory: TreeMemory;
  private readonly stampLow: number;
  private readonly stampHigh: number;
  private readonly created: number[] = [];
  private readonly createdKeys: number[] = [];
  private readonly scrapped: number[] = [];
  private readonly retiredNodes: number[] = [];
  private readonly retiredKeys: number[] = [];
  private readonly retiredValues: number[] = [];
  // State of the operation at hand, kept here so that the recursion allocates nothing.
  private key: Uint8Array = new Uint8Array(0);
  private prefix = 0;
  private value: Uint8Array = this.key;
  private sizeChanged = false;
  /** Node that carries the new least key of the subtree that a delete just left, 0 when that key is unchanged. */
  private leastNode = 0;

  /**
   * @param root id of the committed root, 0 for the empty tree
   * @param version stamp of every node made here, 1 to 2^63 − 1
   */
  constructor(memory: TreeMemory, root: number, version: bigint) {
    this.memory = memory;
    this.root = root;
    this.stampLow = Number(BigInt.asIntN(32, version));
    this.stampHigh = Number(BigInt.asIntN(32, version >> 32n));
  }

  /**
   * Makes the changes as if one by one in their order.
   * @param changes sorted by key bytes, keys unique
   */
  change(changes: readonly Change[]): void {
    const isInner = this.root !== 0 && this.memory.nodes.height(this.root) > 0;
    const done = isInner && changes.length >= WORTH_LEVELS ? this.changePresent(changes) : undefined;
    for (let place = 0; place < changes.length; place++) {
      if (done?.[place] === 1) continue;
      const [key, value] = changes[place] as Change;
      if (value === undefined) this.delete(key);
      else this.set(key, value);
    }
  }

  /** Makes the sets of keys that are there. @returns a 1 for each change that is made */
  private changePresent(changes: readonly Change[]): Uint8Array {
    const done = new Uint8Array(changes.length);
    if (!changes.some(([, value]) => value !== undefined)) return done;
    this.root = this.own(this.root);
    setPresent(this.memory, this, this.root, changes, done);
    return done;
  }

  /** Sets `key`; an equal value still makes a new leaf and stamps its path. */
  set(key: Uint8Array, value: Uint8Array): void {
    this.begin(key);
    this.value = value;
    this.root = this.root === 0 ? this.newLeaf(this.storeKey(), this.prefix, value) : this.setBelow(this.root);
  }

  /** Deletes `key`; an absent key changes and stamps nothing. */
  delete(key: Uint8Array): void {
    this.begin(key);
    if (this.root !== 0) this.root = this.deleteBelow(this.root);
  }

  /** Whether node `id` was made by this version. */
  isNew(id: number): boolean {
    const nodes = this.memory.nodes;
    const words = nodes.segment(id);
    const row = nodes.offset(id);
    return words[row + column.versionLow] === this.stampLow && words[row + column.versionHigh] === this.stampHigh;
  }

  /** The nodes that this version made and still reaches. */
  fresh(): readonly number[] {
    if (this.scrapped.length === 0) return this.created;
    const dropped = new Set(this.scrapped);
    return this.created.filter((id) => !dropped.has(id));
  }

  /** The committed nodes that this version was made of: those that it no longer reaches, and those right below its own, whose heights and sizes count. */
  *used(): Generator<number, void, undefined> {
    const { nodes } = this.memory;
    yield* this.retiredNodes;
    for (const id of this.fresh()) {
      if (nodes.height(id) === 0) continue;
      for (const child of [nodes.left(id), nodes.right(id)]) if (!this.isNew(child)) yield child;
    }
  }

  /** Ends the work: nodes made and dropped within this version are freed, what the version retires is handed to the history. */
  finish(): Retired {
    for (const id of this.scrapped) this.freeNode(id);
    return {
      nodes: Uint32Array.from(this.retiredNodes),
      keys: Int32Array.from(this.retiredKeys),
      values: Int32Array.from(this.retiredValues),
    };
  }

  /** Frees every node and every slot made here; the committed version is as it was. */
  discard(): void {
    for (const id of this.created) this.freeNode(id);
    for (const ref of this.createdKeys) this.memory.keys.free(ref);
  }

  /** The node itself if it was made here, else a stamped copy that takes its place. */
  own(id: number): number {
    if (this.isNew(id)) return id;
    const copy = this.allocate();
    this.memory.nodes.copyRow(id, copy);
    this.stamp(copy);
    this.retiredNodes.push(id);
    return copy;
  }

  private begin(key: Uint8Array): void {
    this.key = key;
    this.prefix = keyPrefix(key);
    this.sizeChanged = false;
    this.leastNode = 0;
  }

  private setBelow(id: number): number {
    const { nodes } = this.memory;
    const order = this.memory.compare(id, this.key, this.prefix);
    if (nodes.height(id) === 0) return order === 0 ? this.replaceLeaf(id, this.value) : this.splitLeaf(id, order);
    const node = this.own(id);
    if (order < 0) nodes.set(node, column.left, this.setBelow(nodes.left(node)));
    else nodes.set(node, column.right, this.setBelow(nodes.right(node)));
    if (!this.sizeChanged) return node;
    recompute(nodes, node);
    return balance(nodes, this, node);
  }

  /** A new leaf in the place of leaf `id`, with the same key and another value. */
  replaceLeaf(id: number, value: Uint8Array): number {
    const { nodes } = this.memory;
    const leaf = this.newLeaf(nodes.get(id, column.key), nodes.get(id, column.prefix), value);
    this.retireLeaf(id);
    return leaf;
  }

  /** A new inner node over leaf `id`, which stays as it is, and a new leaf on the side that `order` says. */
  private splitLeaf(id: number, order: number): number {
    const { nodes } = this.memory;
    const leaf = this.newLeaf(this.storeKey(), this.prefix, this.value);
    const node = this.allocate();
    this.stamp(node);
    nodes.set(node, column.left, order < 0 ? leaf : id);
    nodes.set(node, column.right, order < 0 ? id : leaf);
    this.takeKey(node, order < 0 ? id : leaf);
    recompute(nodes, node);
    this.sizeChanged = true;
    return node;
  }

  /** @returns the node that takes the place of `id`, 0 when nothing is left of it */
  private deleteBelow(id: number): number {
    const { nodes } = this.memory;
    const order = this.memory.compare(id, this.key, this.prefix);
    if (nodes.height(id) === 0) {
      if (order !== 0) return id;
      this.sizeChanged = true;
      this.retiredKeys.push(nodes.get(id, column.key));
      this.retireLeaf(id);
      return 0;
    }
    return order < 0 ? this.deleteLeft(id) : this.deleteRight(id);
  }

  private deleteLeft(id: number): number {
    const { nodes } = this.memory;
    const left = this.deleteBelow(nodes.left(id));
    if (!this.sizeChanged) return id;
    if (left === 0) {
      // The sibling rises as it is; its least key is the key of the parent that vanishes.
      this.leastNode = id;
      const right = nodes.right(id);
      this.retire(id);
      return right;
    }
    const node = this.own(id);
    nodes.set(node, column.left, left);
    recompute(nodes, node);
    return balance(nodes, this, node);
  }

  private deleteRight(id: number): number {
    const { nodes } = this.memory;
    const right = this.deleteBelow(nodes.right(id));
    if (!this.sizeChanged) return id;
    if (right === 0) {
      const left = nodes.left(id);
      this.retire(id);
      return left;
    }
    const node = this.own(id);
    nodes.set(node, column.right, right);
    if (this.leastNode !== 0) {
      this.takeKey(node, this.leastNode);
      this.leastNode = 0;
    }
    recompute(nodes, node);
    return balance(nodes, this, node);
  }

  private newLeaf(keySlot: number, prefix: number, value: Uint8Array): number {
    const { nodes, values } = this.memory;
    const valueSlot = values.store(value); // first, so that no half-made row is left when memory runs out
    const id = this.allocate();
    this.stamp(id);
    nodes.set(id, column.value, valueSlot);
    nodes.set(id, column.right, 0);
    nodes.set(id, column.size, 1);
    nodes.set(id, column.height, 0);
    nodes.set(id, column.key, keySlot);
    nodes.set(id, column.prefix, prefix);
    return id;
  }

  private storeKey(): number {
    const ref = this.memory.keys.store(this.key);
    this.createdKeys.push(ref);
    return ref;
  }

  private takeKey(node: number, from: number): void {
    const { nodes } = this.memory;
    nodes.set(node, column.key, nodes.get(from, column.key));
    nodes.set(node, column.prefix, nodes.get(from, column.prefix));
  }

  private allocate(): number {
    const id = this.memory.nodes.allocate();
    this.created.push(id);
    return id;
  }

  private freeNode(id: number): void {
    const { nodes, values } = this.memory;
    if (nodes.height(id) === 0) values.free(nodes.get(id, column.value));
    nodes.free(id);
  }

  private stamp(id: number): void {
    this.memory.nodes.set(id, column.versionLow, this.stampLow);
    this.memory.nodes.set(id, column.versionHigh, this.stampHigh);
  }

  private retireLeaf(id: number): void {
    if (!this.isNew(id)) this.retiredValues.push(this.memory.nodes.get(id, column.value));
    this.retire(id);
  }

  /** A node that the working version drops: scrapped if it was made here, else still reachable from older versions. */
  private retire(id: number): void {
    if (this.isNew(id)) this.scrapped.push(id);
    else this.retiredNodes.push(id);
  }
}

// Nodes that came with their hashes, each hashed again before anything rests on it. A node's hash covers its children's, so whoever hashed a path from the
// root down knows that its nodes are those of the root; what was never used may still be wrong.

import { equalBytes, toHex } from "../encoding/bytes.ts";
import type { HashKernel } from "./hash.ts";
import type { Change, KVReader, Range } from "./kv.ts";
import { column, keyPrefix } from "./nodeColumns.ts";
import { hasherOf } from "./nodeHasher.ts";
import { StoreError } from "./storeError.ts";
import type { TreeMemory } from "./treeMemory.ts";

/** Told of the first node that is wrong, before whoever used it is refused. */
export type WrongNode = (error: StoreError) => void;

/** The nodes of one tree that nobody has hashed yet. */
export class FirstUseProof {
  readonly #memory: TreeMemory;
  readonly #kernel: HashKernel;
  readonly #where: string;
  readonly #found: WrongNode;
  /** By id, a 1 for each row that was there and has not been hashed; one that was free then is hashed once, for nothing. */
  readonly #doubtful: Uint8Array;
  /** Rows to be hashed together. */
  #taken: number[] = [];
  #failure: StoreError | undefined;

  /**
   * @param memory of a tree whose root is right
   * @param where names the tree in errors
   */
  constructor(memory: TreeMemory, kernel: HashKernel, where: string, found: WrongNode) {
    this.#memory = memory;
    this.#kernel = kernel;
    this.#where = where;
    this.#found = found;
    this.#doubtful = new Uint8Array(memory.nodes.end).fill(1);
  }

  /**
   * Proves what a committed version says of `key`: the leaf that has it or, where none has, the two that it would stand between.
   * @param root id of the version's root, 0 for the empty tree
   * @throws store/14
   */
  proveKey(root: number, key: Uint8Array): void {
    this.#takeKey(root, key);
    this.#prove();
  }

  /** Proves where a range of a committed version begins and ends. @throws store/14 */
  proveBounds(root: number, { start, end }: Range): void {
    if (start === undefined) this.#takeEdge(root, column.left);
    else this.#takeKey(root, start);
    if (end === undefined) this.#takeEdge(root, column.right);
    else this.#takeKey(root, end);
    this.#prove();
  }

  /**
   * Proves all that a new version was made of.
   * @param root id of the root of the version below
   * @param used the nodes of that version that it replaced, dropped or has right below its own
   * @throws store/14
   */
  proveChanges(root: number, changes: readonly Change[], used: Iterable<number>): void {
    for (const [key] of changes) this.#takeKey(root, key);
    for (const id of used) this.#take(id);
    this.#prove();
  }

  /**
   * A leaf that has the key is all that there is to know. That none has it follows from the two that it would stand between: a descent ends at the one
   * before it, or at the first of all, since an inner node has the smallest key to its right; the other is the first to the right of the descent.
   */
  #takeKey(root: number, key: Uint8Array): void {
    if (root === 0) return;
    const { nodes } = this.#memory;
    const prefix = keyPrefix(key);
    let [id, behind] = [root, 0];
    while (nodes.height(id) > 0) {
      this.#take(id);
      const isBefore = this.#memory.compare(id, key, prefix) < 0;
      if (isBefore) behind = nodes.right(id);
      id = isBefore ? nodes.left(id) : nodes.right(id);
    }
    this.#take(id);
    if (this.#memory.compare(id, key, prefix) !== 0) this.#takeEdge(behind, column.left);
  }

  /** The path from a node to its first or last leaf. @param side column of the child to follow */
  #takeEdge(top: number, side: number): void {
    if (top === 0) return;
    const { nodes } = this.#memory;
    let id = top;
    for (; nodes.height(id) > 0; id = nodes.get(id, side)) this.#take(id);
    this.#take(id);
  }

  #take(id: number): void {
    if (this.#doubtful[id] !== 1) return;
    this.#doubtful[id] = 0;
    this.#taken.push(id);
  }

  #prove(): void {
    if (this.#failure !== undefined) throw this.#failure;
    const ids = this.#taken;
    if (ids.length === 0) return;
    this.#taken = [];
    const { nodes } = this.#memory;
    const given = ids.map((id) => nodes.hash(id));
    hasherOf(this.#kernel).hashNodes(this.#memory, ids);
    const wrong = ids
      .map((id, index) => [id, given[index] as Uint8Array] as const)
      .filter(([id, hash]) => !equalBytes(nodes.hash(id), hash));
    // Of those, the one nearest to the leaves: the others may be wrong only because they stand above it.
    const [first] = wrong.sort(([a], [b]) => nodes.height(a) - nodes.height(b));
    if (first === undefined) return;
    const [id, hash] = first;
    this.#failure = new StoreError("wrongRoot", `${this.#where}, node of height ${nodes.height(id)}: ${this.#describe(id, hash)}`);
    this.#found(this.#failure);
    throw this.#failure;
  }

  #describe(id: number, given: Uint8Array): string {
    return `its content hashes to ${toHex(this.#memory.nodes.hash(id))}, the file says ${toHex(given)}`;
  }
}

/** Reads of one version, all that they rest on proven. */
export class FirstUseReader implements KVReader {
  readonly #base: KVReader;
  readonly #proof: FirstUseProof;
  readonly #root: number;
  readonly #check: () => void;

  /**
   * @param base reads the version
   * @param root id of its root
   * @param check throws when the version is no longer kept
   */
  constructor(base: KVReader, proof: FirstUseProof, root: number, check: () => void) {
    this.#base = base;
    this.#proof = proof;
    this.#root = root;
    this.#check = check;
  }

  /** @inheritDoc */
  get(key: Uint8Array): Uint8Array | undefined {
    this.#proveKey(key);
    return this.#base.get(key);
  }

  /** @inheritDoc */
  has(key: Uint8Array): boolean {
    this.#proveKey(key);
    return this.#base.has(key);
  }

  /** @inheritDoc */
  *iterate(range: Range = {}): Generator<readonly [key: Uint8Array, value: Uint8Array], void, undefined> {
    this.#check();
    this.#proof.proveBounds(this.#root, range);
    for (const pair of this.#base.iterate(range)) {
      this.#proof.proveKey(this.#root, pair[0]);
      yield pair;
    }
  }

  #proveKey(key: Uint8Array): void {
    this.#check();
    this.#proof.proveKey(this.#root, key);
  }
}

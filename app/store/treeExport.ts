// A tree as a stream of nodes in post-order (left subtree, right subtree, node), and back. Shape and stamps survive, so the root does; sizes and
// hashes are recomputed.
import { column, keyPrefix, keyPrefixIn } from "./nodeColumns.ts";
import { StoreError } from "./storeError.ts";
import type { TreeMemory } from "./treeMemory.ts";

/** One node of an export. */
export interface ExportedNode {
  /** 0 for a leaf, at most 127. */
  readonly height: number;
  /** The node's stamp. */
  readonly version: bigint;
  /** The key of a leaf; of an inner node the smallest key to its right. */
  readonly key: Uint8Array;
  /** Undefined for an inner node. */
  readonly value: Uint8Array | undefined;
}

const maxHeight = 127;

/** The nodes below a root in post-order, by their ids: for whoever writes a version down without an object per node. */
export class NodeWalk {
  /** Where the rows, keys and values are. */
  readonly memory: TreeMemory;
  readonly #check: () => void;
  /** A negative id marks an inner node whose children have been given out. */
  readonly #pending: number[];

  /**
   * @param root id of the root, 0 for the empty tree
   * @param check throws when the version is no longer kept; called before every node
   */
  constructor(memory: TreeMemory, root: number, check: () => void) {
    this.memory = memory;
    this.#check = check;
    this.#pending = root === 0 ? [] : [root];
  }

  /** The next node; 0 behind the root. */
  next(): number {
    const { nodes } = this.memory;
    for (let id = this.#pending.pop(); id !== undefined; id = this.#pending.pop()) {
      this.#check();
      if (id < 0) return -id;
      if (nodes.height(id) === 0) return id;
      this.#pending.push(-id, nodes.right(id), nodes.left(id));
    }
    return 0;
  }
}

/** The nodes of a walk. */
export function* exportNodes(walk: NodeWalk): Generator<ExportedNode, void, undefined> {
  const { memory } = walk;
  const { nodes } = memory;
  for (let id = walk.next(); id !== 0; id = walk.next()) {
    const height = nodes.height(id);
    yield { height, version: nodes.version(id), key: memory.key(id), value: height === 0 ? memory.value(id) : undefined };
  }
}

/** A node to import whose bytes lie among others; whoever imports fills the same object again and again. */
export interface NodeInPlace {
  /** 0 for a leaf, at most 127. */
  height: number;
  /** The stamp's low 32 bits, as a signed number, and the bits above them. */
  versionLow: number;
  versionHigh: number;
  /** Holds key and value of a leaf, each from an index to before another, and the hash from an index on; its view. */
  data: Uint8Array;
  view: DataView;
  keyFrom: number;
  keyTo: number;
  valueFrom: number;
  valueTo: number;
  /** −1 without a hash. */
  hashFrom: number;
}

/** A node to fill. */
export function emptyNodeInPlace(): NodeInPlace {
  const data = new Uint8Array(0);
  const view = new DataView(data.buffer);
  return { height: 0, versionLow: 0, versionHigh: 0, data, view, keyFrom: 0, keyTo: 0, valueFrom: 0, valueTo: 0, hashFrom: -1 };
}

/** Builds the rows of an export node by node; hashes that do not come with the nodes are left to the caller. */
export class NodeImport {
  readonly #memory: TreeMemory;
  readonly #version: bigint;
  readonly #versionLow: number;
  readonly #versionHigh: number;
  /** Subtrees that wait for their parents: the root of each, and the leaf with its smallest key. */
  readonly #roots: number[] = [];
  readonly #least: number[] = [];
  readonly #node = emptyNodeInPlace();
  #lastLeaf = 0;

  /** @param version the version that was exported */
  constructor(memory: TreeMemory, version: bigint) {
    this.#memory = memory;
    this.#version = version;
    this.#versionLow = Number(BigInt.asUintN(32, version));
    this.#versionHigh = Number(version >> 32n);
  }

  /**
   * Takes the next node.
   * @throws store/15 unless the nodes are a balanced search tree in post-order with stamps of 0 to the version
   */
  add({ height, version, key, value }: ExportedNode): void {
    const node = this.#node;
    node.height = height;
    node.versionLow = Number(BigInt.asIntN(32, version));
    node.versionHigh = Number(version >> 32n);
    if (height > 0) {
      if (value !== undefined) refuse(height, "expected no value at an inner node");
      this.#requireKey(height, key);
      this.addInner(node);
      return;
    }
    if (value === undefined) refuse(height, "expected a value at height 0, got none");
    this.#stampLeaf(node, this.#memory.keys.store(key), keyPrefix(key), this.#memory.values.store(value));
  }

  /** {@link add} for a leaf; its bytes are copied. */
  addLeaf(node: NodeInPlace): void {
    const { data, view, keyFrom, keyTo, valueFrom, valueTo } = node;
    const { keys, values } = this.#memory;
    const prefix = keyPrefixIn(data, keyFrom, keyTo);
    this.#stampLeaf(node, keys.storeFrom(view, keyFrom, keyTo), prefix, values.storeFrom(view, valueFrom, valueTo));
  }

  /** {@link add} for an inner node whose key is the smallest one to its right. */
  addInner(node: NodeInPlace): void {
    const { nodes } = this.#memory;
    const { height } = node;
    if (this.#roots.length < 2) refuse(height, "expected two subtrees before an inner node");
    const right = this.#roots.pop() as number; // there are two
    const left = this.#roots.at(-1) as number;
    const least = this.#least.pop() as number;
    const leftHeight = nodes.height(left);
    const rightHeight = nodes.height(right);
    const lean = leftHeight - rightHeight;
    if (lean < -1 || lean > 1) refuse(height, `expected children whose heights differ by at most 1, got ${lean}`);
    const expected = Math.max(leftHeight, rightHeight) + 1;
    if (height !== expected || height > maxHeight) refuse(height, `expected height ${expected}`);
    const id = this.#allocate(node);
    const words = nodes.segment(id);
    const row = nodes.offset(id);
    words[row + column.left] = left;
    words[row + column.right] = right;
    words[row + column.size] = nodes.size(left) + nodes.size(right);
    words[row + column.height] = height;
    words[row + column.key] = nodes.get(least, column.key);
    words[row + column.prefix] = nodes.get(least, column.prefix);
    this.#roots[this.#roots.length - 1] = id;
  }

  /**
   * Ends the export.
   * @returns id of the root, 0 for the empty tree
   * @throws store/15 when the nodes are no single tree
   */
  end(): number {
    if (this.#roots.length > 1)
      throw new StoreError("badNodes", `import: expected one root at the end, got ${this.#roots.length} subtrees`);
    return this.#roots[0] ?? 0;
  }

  /** @param key reference of the stored key @param value reference of the stored value */
  #stampLeaf(node: NodeInPlace, key: number, prefix: number, value: number): void {
    const { nodes } = this.#memory;
    const id = this.#allocate(node);
    const words = nodes.segment(id);
    const row = nodes.offset(id);
    words[row + column.value] = value;
    words[row + column.right] = 0;
    words[row + column.size] = 1;
    words[row + column.height] = 0;
    words[row + column.key] = key;
    words[row + column.prefix] = prefix;
    if (this.#lastLeaf !== 0 && !this.#isAbove(this.#lastLeaf, id)) refuse(0, "expected a key above the one before");
    this.#lastLeaf = id;
    this.#roots.push(id);
    this.#least.push(id);
  }

  /** Whether the key of leaf `id` comes behind that of leaf `before`. */
  #isAbove(before: number, id: number): boolean {
    const { nodes, keys } = this.#memory;
    const first = nodes.get(before, column.prefix);
    const second = nodes.get(id, column.prefix);
    return first === second ? keys.order(nodes.get(before, column.key), nodes.get(id, column.key)) < 0 : first < second;
  }

  #requireKey(height: number, key: Uint8Array): void {
    const right = this.#least.at(-1);
    if (right !== undefined && this.#least.length > 1 && this.#memory.compare(right, key, keyPrefix(key)) !== 0)
      refuse(height, "expected the smallest key to the right as key");
  }

  #allocate({ height, versionLow, versionHigh, view, hashFrom }: NodeInPlace): number {
    const low = versionLow >>> 0;
    if (versionHigh < 0 || versionHigh > this.#versionHigh || (versionHigh === this.#versionHigh && low > this.#versionLow))
      refuse(height, `expected a version of 0 to ${this.#version}, got ${(BigInt(versionHigh) << 32n) | BigInt(low)}`);
    const { nodes } = this.#memory;
    const id = nodes.allocate();
    nodes.set(id, column.versionLow, versionLow);
    nodes.set(id, column.versionHigh, versionHigh);
    if (hashFrom >= 0) nodes.setHash(id, view, hashFrom);
    return id;
  }
}

function refuse(height: number, detail: string): never {
  throw new StoreError("badNodes", `import: ${detail}, at a node of height ${height}`);
}

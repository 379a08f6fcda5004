// A tree as a stream of nodes in post-order (left subtree, right subtree, node), and back. Shape and stamps survive, so the root does; sizes and
// hashes are recomputed.
import { compareBytes } from "../encoding/bytes.ts";
import { recompute } from "./balance.ts";
import { column, keyPrefix } from "./nodeColumns.ts";
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

/**
 * The nodes below a root in post-order.
 * @param root id of the root, 0 for the empty tree
 * @param check throws when the version is no longer kept; called before every node
 */
export function* exportNodes(memory: TreeMemory, root: number, check: () => void): Generator<ExportedNode, void, undefined> {
  const { nodes } = memory;
  // A negative id marks an inner node whose children have been given out.
  const pending = root === 0 ? [] : [root];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    check();
    if (id > 0 && nodes.height(id) > 0) {
      pending.push(-id, nodes.right(id), nodes.left(id));
      continue;
    }
    const node = id < 0 ? -id : id;
    const height = nodes.height(node);
    yield { height, version: nodes.version(node), key: memory.key(node), value: height === 0 ? memory.value(node) : undefined };
  }
}

/** A subtree that waits for its parent: its root and the node with its smallest key. */
interface Subtree {
  readonly id: number;
  readonly least: number;
}

/** Builds the rows of an export node by node; hashes are left to the caller. */
export class NodeImport {
  readonly #memory: TreeMemory;
  readonly #version: bigint;
  readonly #waiting: Subtree[] = [];
  #lastKey: Uint8Array | undefined;

  /** @param version the version that was exported */
  constructor(memory: TreeMemory, version: bigint) {
    this.#memory = memory;
    this.#version = version;
  }

  /**
   * Takes the next node.
   * @throws store/15 unless the nodes are a balanced search tree in post-order with stamps of 0 to the version
   */
  add(node: ExportedNode): void {
    if (node.version < 0n || node.version > this.#version) refuse(node, `expected a version of 0 to ${this.#version}, got ${node.version}`);
    if (node.height === 0) {
      if (this.#lastKey !== undefined && compareBytes(this.#lastKey, node.key) >= 0) refuse(node, "expected a key above the one before");
      this.#lastKey = node.key;
      const id = importLeaf(this.#memory, node);
      this.#waiting.push({ id, least: id });
      return;
    }
    const right = this.#waiting.pop();
    const left = this.#waiting.pop();
    if (left === undefined || right === undefined) refuse(node, "expected two subtrees before an inner node");
    this.#waiting.push({ id: importInner(this.#memory, node, left, right), least: left.least });
  }

  /**
   * Ends the export.
   * @returns id of the root, 0 for the empty tree
   * @throws store/15 when the nodes are no single tree
   */
  end(): number {
    if (this.#waiting.length > 1)
      throw new StoreError("badNodes", `import: expected one root at the end, got ${this.#waiting.length} subtrees`);
    return this.#waiting[0]?.id ?? 0;
  }
}

function importLeaf(memory: TreeMemory, node: ExportedNode): number {
  if (node.value === undefined) refuse(node, "expected a value at height 0, got none");
  const { nodes } = memory;
  const id = nodes.allocate();
  stamp(memory, id, node.version);
  nodes.set(id, column.value, memory.values.store(node.value));
  nodes.set(id, column.right, 0);
  nodes.set(id, column.size, 1);
  nodes.set(id, column.height, 0);
  nodes.set(id, column.key, memory.keys.store(node.key));
  nodes.set(id, column.prefix, keyPrefix(node.key));
  return id;
}

function importInner(memory: TreeMemory, node: ExportedNode, left: Subtree, right: Subtree): number {
  if (node.value !== undefined) refuse(node, "expected no value at an inner node");
  const { nodes } = memory;
  const lean = nodes.height(left.id) - nodes.height(right.id);
  if (lean < -1 || lean > 1) refuse(node, `expected children whose heights differ by at most 1, got ${lean}`);
  if (memory.compare(right.least, node.key, keyPrefix(node.key)) !== 0) refuse(node, "expected the smallest key to the right as key");
  const id = nodes.allocate();
  stamp(memory, id, node.version);
  nodes.set(id, column.left, left.id);
  nodes.set(id, column.right, right.id);
  nodes.set(id, column.key, nodes.get(right.least, column.key));
  nodes.set(id, column.prefix, nodes.get(right.least, column.prefix));
  recompute(nodes, id);
  if (nodes.height(id) !== node.height || node.height > maxHeight) refuse(node, `expected height ${nodes.height(id)}`);
  return id;
}

function stamp(memory: TreeMemory, id: number, version: bigint): void {
  memory.nodes.set(id, column.versionLow, Number(BigInt.asIntN(32, version)));
  memory.nodes.set(id, column.versionHigh, Number(BigInt.asIntN(32, version >> 32n)));
}

function refuse(node: ExportedNode, detail: string): never {
  throw new StoreError("badNodes", `import: ${detail}, at a node of height ${node.height} with a key of ${node.key.length} bytes`);
}

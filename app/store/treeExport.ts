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

/**
 * Builds the rows of an export; hashes are left to the caller.
 * @param version the version that was exported
 * @returns id of the root, 0 for the empty tree
 * @throws store/15 unless the nodes are a balanced search tree in post-order with stamps of 0 to `version`
 */
export function importNodes(memory: TreeMemory, exported: Iterable<ExportedNode>, version: bigint): number {
  const waiting: Subtree[] = [];
  let lastKey: Uint8Array | undefined;
  for (const node of exported) {
    if (node.version < 0n || node.version > version) refuse(node, `expected a version of 0 to ${version}, got ${node.version}`);
    if (node.height === 0) {
      if (lastKey !== undefined && compareBytes(lastKey, node.key) >= 0) refuse(node, "expected a key above the one before");
      lastKey = node.key;
      const id = importLeaf(memory, node);
      waiting.push({ id, least: id });
    } else {
      const right = waiting.pop();
      const left = waiting.pop();
      if (left === undefined || right === undefined) refuse(node, "expected two subtrees before an inner node");
      waiting.push({ id: importInner(memory, node, left, right), least: left.least });
    }
  }
  if (waiting.length > 1) throw new StoreError("badNodes", `import: expected one root at the end, got ${waiting.length} subtrees`);
  return waiting[0]?.id ?? 0;
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

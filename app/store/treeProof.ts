// Commitment proofs of one version of a tree, in the exact bytes that IAVL makes.
import { createLeafOp, type ExistenceProof, hashOp, type InnerOp } from "../proof/ics23.ts";
import { encodeCommitmentProof } from "../proof/ics23Codec.ts";
import { column, keyPrefix } from "./nodeColumns.ts";
import { maxNodePrefix, putNodePrefix } from "./nodePreimage.ts";
import type { TreeMemory } from "./treeMemory.ts";
import { TreeReader } from "./treeReader.ts";

const lengthOfHash = 0x20;
const hashBytes = 32;

/**
 * The proof that `key` is present, or absent, under a root.
 *
 * From an empty tree nothing can be proven absent: the proof then names no neighbour and every verifier refuses it. A leaf with an empty value has
 * no valid proof either, nor has an absent key beside it, which is why the store takes no empty values.
 * @param root id of the root, 0 for the empty tree
 * @returns an encoded CommitmentProof
 */
export function proveKey(memory: TreeMemory, root: number, key: Uint8Array): Uint8Array {
  if (memory.findLeaf(root, key) !== 0) return encodeCommitmentProof({ exist: existence(memory, root, key) });
  const reader = new TreeReader(memory, root, () => {});
  const left = reader.iterate({ end: key, reverse: true }).next();
  const right = reader.iterate({ start: key }).next();
  const prove = (found: IteratorResult<readonly [Uint8Array, Uint8Array], unknown>): ExistenceProof | undefined =>
    found.done === true ? undefined : existence(memory, root, found.value[0]);
  return encodeCommitmentProof({ nonexist: { key, left: prove(left), right: prove(right) } });
}

/** @param key a key that is there */
function existence(memory: TreeMemory, root: number, key: Uint8Array): ExistenceProof {
  const { nodes } = memory;
  const prefix = keyPrefix(key);
  const path: InnerOp[] = [];
  let id = root;
  while (nodes.height(id) > 0) {
    const isLeft = memory.compare(id, key, prefix) < 0;
    path.push(isLeft ? leftStep(memory, id) : rightStep(memory, id));
    id = isLeft ? nodes.left(id) : nodes.right(id);
  }
  return { key, value: memory.value(id), leaf: createLeafOp(nodePrefix(memory, id, 0)), path: path.reverse() };
}

/** The step over an inner node from its left child. */
function leftStep(memory: TreeMemory, id: number): InnerOp {
  const prefix = nodePrefix(memory, id, 1);
  prefix[prefix.length - 1] = lengthOfHash;
  const suffix = new Uint8Array(1 + hashBytes);
  suffix[0] = lengthOfHash;
  memory.nodes.copyHash(memory.nodes.right(id), new DataView(suffix.buffer), 1);
  return { hash: hashOp.sha256, prefix, suffix };
}

/** The step over an inner node from its right child. */
function rightStep(memory: TreeMemory, id: number): InnerOp {
  const prefix = nodePrefix(memory, id, 2 + hashBytes);
  const at = prefix.length - 2 - hashBytes;
  prefix[at] = lengthOfHash;
  memory.nodes.copyHash(memory.nodes.left(id), new DataView(prefix.buffer), at + 1);
  prefix[prefix.length - 1] = lengthOfHash;
  return { hash: hashOp.sha256, prefix, suffix: undefined };
}

/** Height, size and stamp of a node, and `room` bytes behind them. */
function nodePrefix(memory: TreeMemory, id: number, room: number): Uint8Array {
  const { nodes } = memory;
  const out = new Uint8Array(maxNodePrefix);
  const end = putNodePrefix(out, 0, nodes.height(id), nodes.size(id), nodes.get(id, column.versionLow), nodes.get(id, column.versionHigh));
  const prefix = new Uint8Array(end + room);
  prefix.set(out.subarray(0, end));
  return prefix;
}

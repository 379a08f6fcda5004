// A small and slow IAVL tree of plain objects, written from the rules alone, to compare the real one with: every operation gives new nodes, hashes
// are computed from scratch, keys are hexadecimal text.
import { createHash } from "node:crypto";
import { encodeUvarint, encodeVarint } from "../../../app/encoding/varint.ts";

/** A node of the model. A leaf has a value and no children. */
export interface ModelNode {
  readonly key: string;
  readonly value?: string;
  readonly left?: ModelNode;
  readonly right?: ModelNode;
  readonly height: number;
  readonly size: number;
  readonly version: bigint;
  /** Hash once computed; plain caching, nodes never change. */
  hash?: Buffer;
}

/** One write: hexadecimal key and value, undefined deletes. */
export type ModelChange = readonly [key: string, value: string | undefined];

/** The tree after the changes, which are made in ascending order of their keys. */
export function applyModel(root: ModelNode | undefined, version: bigint, changes: readonly ModelChange[]): ModelNode | undefined {
  let tree = root;
  for (const [key, value] of [...changes].sort((a, b) => Buffer.compare(Buffer.from(a[0], "hex"), Buffer.from(b[0], "hex")))) {
    if (value !== undefined) tree = tree === undefined ? leaf(key, value, version) : insert(tree, key, value, version);
    else if (tree !== undefined && pairs(tree).some(([present]) => present === key)) tree = remove(tree, key, version);
  }
  return tree;
}

/** The pairs in key order. */
export function pairs(node: ModelNode | undefined): readonly (readonly [string, string])[] {
  if (node === undefined) return [];
  if (node.left === undefined || node.right === undefined) return [[node.key, node.value ?? ""]];
  return [...pairs(node.left), ...pairs(node.right)];
}

/** The root hash. */
export function rootHash(node: ModelNode | undefined): Buffer {
  return node === undefined ? sha256() : hashOf(node);
}

function hashOf(node: ModelNode): Buffer {
  if (node.hash !== undefined) return node.hash;
  const head = [encodeVarint(BigInt(node.height)), encodeVarint(BigInt(node.size)), encodeVarint(node.version)];
  const key = Buffer.from(node.key, "hex");
  const mark = Buffer.of(32);
  const hash =
    node.left === undefined || node.right === undefined
      ? sha256(...head, encodeUvarint(BigInt(key.length)), key, mark, sha256(Buffer.from(node.value ?? "", "hex")))
      : sha256(...head, mark, hashOf(node.left), mark, hashOf(node.right));
  node.hash = hash;
  return hash;
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** A leaf. */
export function leaf(key: string, value: string, version: bigint): ModelNode {
  return { key, value, height: 0, size: 1, version };
}

/** A node over two subtrees. */
export function inner(left: ModelNode, right: ModelNode, version: bigint): ModelNode {
  let least = right;
  while (least.left !== undefined) least = least.left;
  return { key: least.key, left, right, height: 1 + Math.max(left.height, right.height), size: left.size + right.size, version };
}

// Unsigned bytes in hexadecimal order like text, a prefix first.
function insert(node: ModelNode, key: string, value: string, version: bigint): ModelNode {
  if (node.left === undefined || node.right === undefined) {
    const added = leaf(key, value, version);
    if (key === node.key) return added;
    return key < node.key ? inner(added, node, version) : inner(node, added, version);
  }
  if (key < node.key) return balanced(inner(insert(node.left, key, value, version), node.right, version), version);
  return balanced(inner(node.left, insert(node.right, key, value, version), version), version);
}

function remove(node: ModelNode, key: string, version: bigint): ModelNode | undefined {
  if (node.left === undefined || node.right === undefined) return undefined;
  if (key < node.key) {
    const left = remove(node.left, key, version);
    return left === undefined ? node.right : balanced(inner(left, node.right, version), version);
  }
  const right = remove(node.right, key, version);
  return right === undefined ? node.left : balanced(inner(node.left, right, version), version);
}

function balanced(node: ModelNode, version: bigint): ModelNode {
  const { left, right } = node;
  if (left === undefined || right === undefined) return node;
  if (left.height - right.height > 1) {
    const raised = leanOf(left) >= 0 ? left : rotatedLeft(left, version);
    return rotatedRight(inner(raised, right, version), version);
  }
  if (left.height - right.height < -1) {
    const raised = leanOf(right) <= 0 ? right : rotatedRight(right, version);
    return rotatedLeft(inner(left, raised, version), version);
  }
  return node;
}

function leanOf(node: ModelNode): number {
  return (node.left?.height ?? 0) - (node.right?.height ?? 0);
}

function rotatedRight(node: ModelNode, version: bigint): ModelNode {
  const { left, right } = node;
  if (left?.left === undefined || left.right === undefined || right === undefined) throw new Error("nothing to rotate");
  return inner(left.left, inner(left.right, right, version), version);
}

function rotatedLeft(node: ModelNode, version: bigint): ModelNode {
  const { left, right } = node;
  if (right?.left === undefined || right.right === undefined || left === undefined) throw new Error("nothing to rotate");
  return inner(inner(left, right.left, version), right.right, version);
}

// Trees whose nodes are not what their hashes say, as a file under right checksums may have them: a node of the model that has a hash keeps it, whatever
// it covers.

import { fromHex } from "../../../app/encoding/bytes.ts";
import { type Tree, TreeImport } from "../../../app/store/tree.ts";
import { fc } from "../../harness/fastCheck.ts";
import { inner, leaf, type ModelNode, rootHash } from "./avlModel.ts";

/** One lie. */
export interface Forgery {
  readonly kind: "key" | "value" | "stamp" | "hash" | "shape" | "less" | "more";
  /** Which node, in post-order. */
  readonly at: number;
  /** How many nodes, from that one upward, have the hash of what they are; those above keep theirs. */
  readonly hashed: number;
  /** Chooses among the ways. */
  readonly ways: readonly number[];
}

export const forgery: fc.Arbitrary<Forgery> = fc.record({
  kind: fc.constantFrom("key", "value", "stamp", "hash", "shape", "less", "more"),
  at: fc.nat(1 << 20),
  hashed: fc.nat(4),
  ways: fc.array(fc.nat(255), { minLength: 64, maxLength: 64 }),
});

/** The tree with a lie in it, its root hash the true one. The model's hashes are computed. */
export function forge(root: ModelNode, { kind, at, hashed, ways }: Forgery): ModelNode {
  const path = pathTo(root, at % (2 * root.size - 1));
  const target = path.at(-1) ?? root;
  let below = edit(target, kind, ways);
  // The root is compared with the log: its hash is right, or the file is refused.
  if (hashed === 0 || target === root) below = kind === "hash" && target !== root ? below : withHash(below, target.hash);
  for (let up = path.length - 2; up >= 0; up--) {
    const node = path[up] ?? root;
    const isLeft = node.left === path[up + 1];
    const [left, right] = isLeft ? [below, node.right] : [node.left, below];
    if (left === undefined || right === undefined) throw new Error("a node of the path has two children");
    const made = inner(left, right, node.version);
    const isHashed = path.length - 1 - up < hashed && up > 0;
    below = isHashed ? made : withHash(made, node.hash);
  }
  return below;
}

/** The tree of a file with these nodes and their hashes. @throws StoreError where its shape, its keys or its stamps are none of a tree */
export function importForged(root: ModelNode | undefined, version: bigint): Tree {
  const nodes = new TreeImport(version);
  if (root !== undefined) {
    rootHash(root);
    addAll(nodes, root);
  }
  return nodes.finish(true);
}

function addAll(nodes: TreeImport, node: ModelNode): void {
  if (node.left !== undefined && node.right !== undefined) {
    addAll(nodes, node.left);
    addAll(nodes, node.right);
  }
  const key = node.left === undefined ? fromHex(node.key) : new Uint8Array(0);
  const value = fromHex(node.value ?? "");
  const data = Buffer.concat([key, value, rootHash(node)]);
  const valueTo = key.length + value.length;
  nodes.addInPlace({
    height: node.height,
    versionLow: Number(BigInt.asIntN(32, node.version)),
    versionHigh: Number(node.version >> 32n),
    data,
    view: new DataView(data.buffer, data.byteOffset, data.length),
    keyFrom: 0,
    keyTo: key.length,
    valueFrom: key.length,
    valueTo,
    hashFrom: valueTo,
  });
}

/** The nodes from the root to the one at a place of the post-order. */
function pathTo(root: ModelNode, place: number): readonly ModelNode[] {
  const path = [root];
  let [node, left] = [root, place];
  while (node.left !== undefined && node.right !== undefined) {
    const before = 2 * node.left.size - 1;
    if (left === before + 2 * node.right.size - 1) break;
    [node, left] = left < before ? [node.left, left] : [node.right, left - before];
    path.push(node);
  }
  return path;
}

/** @returns a node without a hash, where it is not the hash that lies */
function edit(node: ModelNode, kind: Forgery["kind"], ways: readonly number[]): ModelNode {
  const [way = 0] = ways;
  const { hash: _hash, ...bare } = node;
  switch (kind) {
    case "key":
      return node.left === undefined ? leaf(beside(node.key, way), node.value ?? "", node.version) : bare;
    case "value":
      return node.left === undefined ? leaf(node.key, `${node.value}${way % 2 === 0 ? "00" : ""}ff`, node.version) : bare;
    case "stamp":
      return { ...bare, version: node.version - BigInt(way % Number(node.version)) };
    case "hash":
      return { ...bare, hash: Buffer.from(node.hash ?? Buffer.alloc(32)).fill(way) };
    case "shape":
      return shaped(leavesOf(node), [...ways], node.version);
    case "less":
      return shaped(
        leavesOf(node).filter((_, index, all) => index !== way % all.length || all.length === 1),
        [...ways],
        node.version,
      );
    case "more":
      return shaped(
        leavesOf(node).flatMap((each, index, all) =>
          index === way % all.length ? [each, leaf(`${each.key}00`, "dd", each.version)] : [each],
        ),
        [...ways],
        node.version,
      );
  }
}

/** A key next to another, on either side of it. */
function beside(key: string, way: number): string {
  const last = Number.parseInt(key.slice(-2), 16);
  if (way % 2 === 0 || last === 0) return `${key}00`;
  return `${key.slice(0, -2)}${(last - 1).toString(16).padStart(2, "0")}ff`;
}

function leavesOf(node: ModelNode): readonly ModelNode[] {
  return node.left === undefined || node.right === undefined ? [node] : [...leavesOf(node.left), ...leavesOf(node.right)];
}

/** The leaves under nodes of some shape, which chance balances or not. */
function shaped(leaves: readonly ModelNode[], ways: number[], version: bigint): ModelNode {
  const [only] = leaves;
  if (only === undefined) throw new Error("no leaves");
  if (leaves.length === 1) return only;
  const middle = leaves.length >> 1;
  const split = Math.min(leaves.length - 1, Math.max(1, middle - 1 + ((ways.pop() ?? 1) % 3)));
  return inner(shaped(leaves.slice(0, split), ways, version), shaped(leaves.slice(split), ways, version), version);
}

function withHash(node: ModelNode, hash: Buffer | undefined): ModelNode {
  return { ...node, ...(hash && { hash }) };
}

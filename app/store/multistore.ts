// The app hash: an RFC 6962 Merkle tree over the stores, sorted by name, and its ICS-23 proofs (op type `ics23:simple`).

import { sha256 } from "#sha256";
import { compareBytes, concatBytes, encodeUtf8 } from "../encoding/bytes.ts";
import { createLeafOp, hashOp, type InnerOp } from "../proof/ics23.ts";
import { encodeCommitmentProof } from "../proof/ics23Codec.ts";
import { putUvarint } from "./nodePreimage.ts";
import { StoreError } from "./storeError.ts";

const leafMark = Uint8Array.of(0);
const innerMark = Uint8Array.of(1);
const none = new Uint8Array(0);

interface Leaf {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly root: Uint8Array;
  readonly hash: Uint8Array;
}

/**
 * The root over all stores, empty and idle ones included; SHA-256 of nothing without stores.
 * @param stores root hash by store name
 */
export function multistoreRoot(stores: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const leaves = leavesOf(stores);
  return leaves.length === 0 ? sha256(none) : rootOf(leaves, 0, leaves.length);
}

/** Computes {@link multistoreRoot} of one version after the other: what lies over stores that did not change stays. */
export class MultistoreRoot {
  #leaves: readonly Leaf[] = [];
  /** By the place of the first leaf to the right, of which each pair has one of its own. */
  readonly #pairs: Pair[] = [];

  /** @param stores root hash by store name. CONTRACT: the hashes are not changed afterwards */
  of(stores: ReadonlyMap<string, Uint8Array>): Uint8Array {
    const isSame = this.#leaves.length === stores.size && this.#leaves.every(({ name }) => stores.has(name));
    this.#leaves = isSame ? this.#leaves.map((leaf) => renew(leaf, stores.get(leaf.name) ?? leaf.root)) : leavesOf(stores);
    if (this.#leaves.length === 0) return sha256(none);
    return rootOf(this.#leaves, 0, this.#leaves.length, (left, right, place) => {
      const known = this.#pairs[place];
      if (known?.left === left && known.right === right) return known.hash;
      const hash = join(left, right);
      this.#pairs[place] = { left, right, hash };
      return hash;
    });
  }
}

/** Two hashes and the one over them. */
interface Pair {
  readonly left: Uint8Array;
  readonly right: Uint8Array;
  readonly hash: Uint8Array;
}

function join(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(innerMark, left, right));
}

function renew(leaf: Leaf, root: Uint8Array): Leaf {
  return root === leaf.root ? leaf : { ...leaf, root, hash: leafHash(leaf.nameBytes, root) };
}

/**
 * An encoded ICS-23 CommitmentProof that the store's root hash stands under its name.
 * @param stores root hash by store name
 * @throws store/6 when there is no store of that name
 */
export function proveStore(stores: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const leaves = leavesOf(stores);
  const index = leaves.findIndex((leaf) => leaf.name === name);
  const leaf = leaves[index];
  if (leaf === undefined) throw new StoreError("unknownStore", `proof: expected one of ${leaves.length} stores, got "${name}"`);
  return encodeCommitmentProof({
    exist: { key: leaf.nameBytes, value: leaf.root, leaf: createLeafOp(leafMark), path: pathTo(leaves, index) },
  });
}

/** The leaves in the order of their names' bytes. A leaf holds the hash of the store's root hash. */
function leavesOf(stores: ReadonlyMap<string, Uint8Array>): readonly Leaf[] {
  const leaves = Array.from(stores, ([name, root]): Leaf => {
    const nameBytes = encodeUtf8(name);
    return { name, nameBytes, root, hash: leafHash(nameBytes, root) };
  });
  return leaves.sort((a, b) => compareBytes(a.nameBytes, b.nameBytes));
}

function leafHash(nameBytes: Uint8Array, root: Uint8Array): Uint8Array {
  const rootHash = sha256(root);
  return sha256(concatBytes(leafMark, uvarint(nameBytes.length), nameBytes, uvarint(rootHash.length), rootHash));
}

/**
 * Root over the leaves `from` to `to`, at least one.
 * @param over the hash over two; told the place of the first leaf to the right
 */
function rootOf(
  leaves: readonly Leaf[],
  from: number,
  to: number,
  over: (left: Uint8Array, right: Uint8Array, place: number) => Uint8Array = join,
): Uint8Array {
  if (to - from === 1) return (leaves[from] as Leaf).hash;
  const split = from + splitOf(to - from);
  return over(rootOf(leaves, from, split, over), rootOf(leaves, split, to, over), split);
}

/** The steps from a leaf to the root over the leaves `from` to `to`. */
function pathTo(leaves: readonly Leaf[], index: number, from = 0, to = leaves.length): readonly InnerOp[] {
  if (to - from === 1) return [];
  const split = from + splitOf(to - from);
  if (index < split)
    return [...pathTo(leaves, index, from, split), { hash: hashOp.sha256, prefix: innerMark, suffix: rootOf(leaves, split, to) }];
  const prefix = concatBytes(innerMark, rootOf(leaves, from, split));
  return [...pathTo(leaves, index, split, to), { hash: hashOp.sha256, prefix, suffix: undefined }];
}

/** The largest power of two below `count`, which is at least 2. */
function splitOf(count: number): number {
  return 1 << (31 - Math.clz32(count - 1));
}

function uvarint(value: number): Uint8Array {
  if (value < 0x80) return Uint8Array.of(value);
  const out = new Uint8Array(5);
  return out.subarray(0, putUvarint(out, 0, value));
}

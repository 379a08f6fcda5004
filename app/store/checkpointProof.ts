// Hashes every node of a checkpoint file again, with no tree in memory: the children's hashes that a node's hash covers stand before it in the file. When
// each hash follows from what the file says below it, and the last one of a store is its root, the nodes are those of the root.

import { sha256 } from "#sha256";
import { toHex } from "../encoding/bytes.ts";
import type { CheckpointEntry } from "./checkpoint.ts";
import { CheckpointPages, readCheckpoint } from "./checkpointReader.ts";
import { requireSameHash } from "./forest.ts";
import type { HashKernel } from "./hash.ts";
import { maxNodePrefix, putNodePrefix, putUvarint } from "./nodePreimage.ts";
import { chooseHashKernel } from "./simdHashKernel.ts";
import { StoreError } from "./storeError.ts";
import type { NodeInPlace } from "./treeExport.ts";

/** Nodes that are hashed together. */
const batchNodes = 512;
/** Bytes after which a batch is closed before. */
const batchBytes = 1 << 16;
const hashBytes = 32;
const lengthOfHash = 0x20;
/** Subtrees that wait for their parents are of falling heights, but for two neighbours; a tree of that height has 2^88 leaves. */
const maxWaiting = 256;

/**
 * Hashes a checkpoint again, in steps of at most 512 nodes; one of the format without hashes in a single step, and in memory.
 * @throws store/13 for a damaged file, store/14 for a node or root whose hash does not follow from what is below it
 */
export function* proveCheckpoint({ version, path }: CheckpointEntry): Generator<void, void, undefined> {
  const pages = new CheckpointPages(path, version);
  try {
    if (!pages.isHashed) {
      readCheckpoint({ version, path });
      return;
    }
    let index = 0;
    for (const [name, root] of pages.at.roots) {
      const where = `${path}, height ${version}, store "${name}"`;
      const proof = new NodeProof(chooseHashKernel().kernel, where);
      for (let node = pages.next(index); node !== undefined; node = pages.next(index)) {
        proof.add(node);
        if (!proof.isFull) continue;
        proof.check();
        yield;
      }
      proof.check();
      requireSameHash(where, root, proof.root);
      yield;
      index += 1;
    }
    pages.end();
  } finally {
    pages.close();
  }
}

/** Messages end to end, as a kernel takes them. */
class Messages {
  bytes = new Uint8Array(batchBytes);
  readonly ends = new Uint32Array(batchNodes);
  readonly digests = new Uint8Array(batchNodes * hashBytes);
  filled = 0;
  count = 0;

  /** Makes room for a message of at most `bytes`. */
  reserve(bytes: number): void {
    const needed = this.filled + bytes;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.filled));
    this.bytes = larger;
  }

  end(at: number): void {
    this.filled = at;
    this.ends[this.count++] = at;
  }

  hash(kernel: HashKernel): void {
    kernel.hashBatch(this.bytes, this.ends, this.count, this.digests);
    this.filled = 0;
    this.count = 0;
  }
}

/** Compares the hashes of one store's nodes, given in post-order, with those that come with them. */
class NodeProof {
  readonly #kernel: HashKernel;
  readonly #where: string;
  readonly #values = new Messages();
  readonly #nodes = new Messages();
  readonly #given = new Uint8Array(batchNodes * hashBytes);
  /** By value of the batch: where its hash belongs in the messages of the nodes. */
  readonly #places = new Uint32Array(batchNodes);
  /** Subtrees that wait for their parents: the hash and the number of leaves of each. */
  readonly #hashes = new Uint8Array(maxWaiting * hashBytes);
  readonly #sizes = new Float64Array(maxWaiting);
  #waiting = 0;
  #checked = 0;

  constructor(kernel: HashKernel, where: string) {
    this.#kernel = kernel;
    this.#where = where;
  }

  get isFull(): boolean {
    return this.#nodes.count === batchNodes || this.#values.filled >= batchBytes;
  }

  /** Hash of the last node, when it is the root. @throws store/14 */
  get root(): Uint8Array {
    if (this.#waiting > 1) throw new StoreError("wrongRoot", `${this.#where}: expected one root, got ${this.#waiting} subtrees`);
    return this.#waiting === 0 ? sha256(new Uint8Array(0)) : this.#hashes.subarray(0, hashBytes);
  }

  /** Takes the next node; its bytes are copied. */
  add(node: NodeInPlace): void {
    if (node.height > 0) this.#addInner(node);
    else this.#addLeaf(node);
    if (this.#waiting === maxWaiting) throw new StoreError("wrongRoot", `${this.#where}: expected a tree, got ${maxWaiting} subtrees`);
    const hash = node.data.subarray(node.hashFrom, node.hashFrom + hashBytes);
    this.#given.set(hash, (this.#nodes.count - 1) * hashBytes);
    this.#hashes.set(hash, this.#waiting * hashBytes);
    this.#waiting += 1;
  }

  /** Hashes what was added since the last call. @throws store/14 for a hash that is not what comes out */
  check(): void {
    const nodes = this.#nodes;
    const { count } = nodes;
    const values = this.#values.count;
    this.#values.hash(this.#kernel);
    for (let i = 0; i < values; i++) nodes.bytes.set(this.#values.digests.subarray(i * hashBytes, (i + 1) * hashBytes), this.#places[i]);
    nodes.hash(this.#kernel);
    for (let i = 0; i < count * hashBytes; i++)
      if (this.#given[i] !== nodes.digests[i]) this.#refuse(Math.floor(i / hashBytes), nodes.digests);
    this.#checked += count;
  }

  #addLeaf(node: NodeInPlace): void {
    const { data, keyFrom, keyTo, valueFrom, valueTo } = node;
    const values = this.#values;
    values.reserve(valueTo - valueFrom);
    values.bytes.set(data.subarray(valueFrom, valueTo), values.filled);
    values.end(values.filled + valueTo - valueFrom);
    const nodes = this.#nodes;
    nodes.reserve(maxNodePrefix + 5 + keyTo - keyFrom + 1 + hashBytes);
    let at = putUvarint(nodes.bytes, putPrefix(nodes, node, 1), keyTo - keyFrom);
    nodes.bytes.set(data.subarray(keyFrom, keyTo), at);
    at += keyTo - keyFrom;
    nodes.bytes[at++] = lengthOfHash;
    this.#places[values.count - 1] = at;
    nodes.end(at + hashBytes);
    this.#sizes[this.#waiting] = 1;
  }

  #addInner(node: NodeInPlace): void {
    if (this.#waiting < 2) throw new StoreError("wrongRoot", `${this.#where}: expected two subtrees below a node, got ${this.#waiting}`);
    this.#waiting -= 2;
    const left = this.#waiting * hashBytes;
    const right = left + hashBytes;
    const size = (this.#sizes[this.#waiting] as number) + (this.#sizes[this.#waiting + 1] as number);
    const nodes = this.#nodes;
    nodes.reserve(maxNodePrefix + 2 * (1 + hashBytes));
    let at = putPrefix(nodes, node, size);
    nodes.bytes[at++] = lengthOfHash;
    nodes.bytes.set(this.#hashes.subarray(left, right), at);
    at += hashBytes;
    nodes.bytes[at++] = lengthOfHash;
    nodes.bytes.set(this.#hashes.subarray(right, right + hashBytes), at);
    nodes.end(at + hashBytes);
    this.#sizes[this.#waiting] = size;
  }

  #refuse(index: number, digests: Uint8Array): never {
    const of = (hashes: Uint8Array): string => toHex(hashes.subarray(index * hashBytes, (index + 1) * hashBytes));
    const node = `node ${this.#checked + index} in post-order`;
    throw new StoreError("wrongRoot", `${this.#where}, ${node}: its content hashes to ${of(digests)}, the file says ${of(this.#given)}`);
  }
}

/** @returns the index behind the beginning of a node's message */
function putPrefix({ bytes, filled }: Messages, { height, versionLow, versionHigh }: NodeInPlace, size: number): number {
  return putNodePrefix(bytes, filled, height, size, versionLow, versionHigh);
}

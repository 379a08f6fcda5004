// Hashes the nodes that a version made: ordered by height, one batch after the other from the leaves up, so that the kernel always has many
// independent messages.
import type { HashKernel } from "./hash.ts";
import { column } from "./nodeColumns.ts";
import { maxNodePrefix, putNodePrefix, putUvarint } from "./nodePreimage.ts";
import { TreeMemory } from "./treeMemory.ts";

const batchMessages = 512;
const batchBytes = 1 << 16;
/** Most nodes whose room is kept for the next version: that of a genesis is not. */
const keptNodes = 1 << 16;
const hashBytes = 32;
/** Nodes whose children fit a processor's first cache together. */
const touchedAtOnce = 128;
/** Height of a tree of 2^88 leaves at least. */
const maxHeight = 127;
const lengthOfHash = 0x20;
const innerBytes = maxNodePrefix + 2 * (1 + hashBytes);
/** Between two trees, of which none is held. */
const NO_MEMORY = new TreeMemory();
const leafBytes = maxNodePrefix + 5 + 1 + hashBytes;

const hashers = new WeakMap<HashKernel, NodeHasher>();

/** The hasher of a kernel, one for all trees: from one to the next its buffers stay in the processor's caches. */
export function hasherOf(kernel: HashKernel): NodeHasher {
  let hasher = hashers.get(kernel);
  if (hasher === undefined) {
    hasher = new NodeHasher(kernel);
    hashers.set(kernel, hasher);
  }
  return hasher;
}

/** Hashes nodes of one tree after the other through a kernel; keeps its buffers for the next one. */
class NodeHasher {
  private readonly kernel: HashKernel;
  private memory = NO_MEMORY;
  private input = new Uint8Array(batchBytes);
  private view = new DataView(this.input.buffer);
  private filled = 0;
  /** Keeps the loads of `touchChildren` from being optimised away. */
  private touched = 0;
  private count = 0;
  /** Where the nodes of each height end among those that are ordered. */
  private readonly heights = new Uint32Array(maxHeight + 2);
  private room = new Uint32Array(batchMessages);
  private readonly ends = new Uint32Array(batchMessages);
  private readonly ids = new Uint32Array(batchMessages);
  private readonly digests = new Uint8Array(batchMessages * hashBytes);
  private readonly digestView = new DataView(this.digests.buffer);
  private readonly valueDigests = new Uint8Array(batchMessages * hashBytes);
  private readonly valueDigestView = new DataView(this.valueDigests.buffer);

  constructor(kernel: HashKernel) {
    this.kernel = kernel;
  }

  /**
   * Computes the hash of every node of a list.
   * CONTRACT: the children of each have a hash already or are in the list.
   * @param ids no id twice
   */
  hashNodes(memory: TreeMemory, ids: ArrayLike<number>): void {
    this.memory = memory;
    // An earlier one may have ended early.
    this.count = 0;
    this.filled = 0;
    const { ordered, ends } = this.orderByHeight(ids);
    this.hashLeaves(ordered.subarray(0, ends[0]));
    for (let height = 1; (ends[height - 1] as number) < ordered.length; height++)
      this.hashInner(ordered.subarray(ends[height - 1], ends[height]));
    // A single huge value must not hold its buffer for ever.
    if (this.input.length > batchBytes) this.useBuffer(new Uint8Array(batchBytes));
    if (this.room.length > keptNodes) this.room = new Uint32Array(batchMessages);
    this.memory = NO_MEMORY;
  }

  /** The ids from the leaves up; those of height h end at `ends[h]`. */
  private orderByHeight(ids: ArrayLike<number>): { readonly ordered: Uint32Array; readonly ends: Uint32Array } {
    const { nodes } = this.memory;
    if (ids.length > this.room.length) this.room = new Uint32Array(2 * ids.length);
    const ordered = this.room.subarray(0, ids.length);
    const ends = this.heights.fill(0);
    for (let i = 0; i < ids.length; i++) (ends[nodes.height(ids[i] as number) + 1] as number)++;
    for (let height = 1; height < ends.length; height++) (ends[height] as number) += ends[height - 1] as number;
    // Each entry is where its height begins until the nodes of that height are laid down: then it is where they end.
    for (let i = 0; i < ids.length; i++) ordered[(ends[nodes.height(ids[i] as number)] as number)++] = ids[i] as number;
    return { ordered, ends };
  }

  private hashLeaves(leaves: Uint32Array): void {
    const { nodes, values } = this.memory;
    let first = 0;
    for (let i = 0; i < leaves.length; i++) {
      const ref = nodes.get(leaves[i] as number, column.value);
      this.reserve(values.length(ref));
      this.endMessage(values.copyTo(ref, this.view, this.filled), leaves[i] as number);
      if (!this.isFull() && i + 1 < leaves.length) continue;
      this.run(this.valueDigests);
      this.hashLeafRange(leaves, first, i + 1);
      first = i + 1;
    }
  }

  /** Hashes leaves `from` to `to` of the list; the digests of their values lie in `valueDigests`, the first at 0. */
  private hashLeafRange(leaves: Uint32Array, from: number, to: number): void {
    const { nodes, keys } = this.memory;
    for (let i = from; i < to; i++) {
      const id = leaves[i] as number;
      const ref = nodes.get(id, column.key);
      const keyLength = keys.length(ref);
      this.reserve(leafBytes + keyLength);
      const afterPrefix = this.putPrefix(id);
      const afterLength = putUvarint(this.input, afterPrefix, keyLength);
      let at = keys.copyTo(ref, this.view, afterLength);
      this.input[at++] = lengthOfHash;
      const digest = (i - from) * hashBytes;
      for (let j = 0; j < hashBytes; j += 4) this.view.setInt32(at + j, this.valueDigestView.getInt32(digest + j));
      at += hashBytes;
      this.endMessage(at, id);
    }
    this.runAndStore();
  }

  private hashInner(level: Uint32Array): void {
    const { nodes } = this.memory;
    for (let i = 0; i < level.length; i++) {
      if (i % touchedAtOnce === 0) this.touchChildren(level, i);
      const id = level[i] as number;
      this.reserve(innerBytes);
      let at = this.putPrefix(id);
      this.input[at++] = lengthOfHash;
      at = nodes.copyHash(nodes.left(id), this.view, at);
      this.input[at++] = lengthOfHash;
      at = nodes.copyHash(nodes.right(id), this.view, at);
      this.endMessage(at, id);
      if (this.isFull()) this.runAndStore();
    }
    this.runAndStore();
  }

  /** Loads the children of nodes from `from` on, for what follows: many rows at once take less time than one after the other. */
  private touchChildren(level: Uint32Array, from: number): void {
    const { nodes } = this.memory;
    const to = Math.min(from + touchedAtOnce, level.length);
    for (let i = from; i < to; i++) {
      const id = level[i] as number;
      this.touched ^= nodes.get(nodes.left(id), column.hash) ^ nodes.get(nodes.right(id), column.hash);
    }
  }

  private putPrefix(id: number): number {
    const { nodes } = this.memory;
    const low = nodes.get(id, column.versionLow);
    const high = nodes.get(id, column.versionHigh);
    return putNodePrefix(this.input, this.filled, nodes.height(id), nodes.size(id), low, high);
  }

  /** Makes room for one more message of at most `bytes`. */
  private reserve(bytes: number): void {
    const needed = this.filled + bytes;
    if (needed <= this.input.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.input.length));
    larger.set(this.input.subarray(0, this.filled));
    this.useBuffer(larger);
  }

  private useBuffer(input: Uint8Array<ArrayBuffer>): void {
    this.input = input;
    this.view = new DataView(input.buffer);
  }

  private endMessage(at: number, id: number): void {
    this.filled = at;
    this.ends[this.count] = at;
    this.ids[this.count] = id;
    this.count++;
  }

  private isFull(): boolean {
    return this.count === batchMessages || this.filled >= batchBytes;
  }

  private run(output: Uint8Array): void {
    this.kernel.hashBatch(this.input, this.ends, this.count, output);
    this.count = 0;
    this.filled = 0;
  }

  private runAndStore(): void {
    const count = this.count;
    this.run(this.digests);
    for (let i = 0; i < count; i++) this.memory.nodes.setHash(this.ids[i] as number, this.digestView, i * hashBytes);
  }
}

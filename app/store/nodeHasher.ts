// Hashes the nodes of a working version: bucketed by height, one batch after the other from the leaves up, so that the kernel always has many
// independent messages.
import type { HashKernel } from "./hash.ts";
import { column } from "./nodeColumns.ts";
import { maxNodePrefix, putNodePrefix, putUvarint } from "./nodePreimage.ts";
import type { TreeMemory } from "./treeMemory.ts";

const batchMessages = 512;
const batchBytes = 1 << 16;
const hashBytes = 32;
const lengthOfHash = 0x20;
const innerBytes = maxNodePrefix + 2 * (1 + hashBytes);
const leafBytes = maxNodePrefix + 5 + 1 + hashBytes;

/** Hashes nodes of one tree through a kernel; keeps its buffers for the next version. */
export class NodeHasher {
  private readonly kernel: HashKernel;
  private readonly memory: TreeMemory;
  private input = new Uint8Array(batchBytes);
  private view = new DataView(this.input.buffer);
  private filled = 0;
  private count = 0;
  private readonly ends = new Uint32Array(batchMessages);
  private readonly ids = new Uint32Array(batchMessages);
  private readonly digests = new Uint8Array(batchMessages * hashBytes);
  private readonly digestView = new DataView(this.digests.buffer);
  private readonly valueDigests = new Uint8Array(batchMessages * hashBytes);
  private readonly valueDigestView = new DataView(this.valueDigests.buffer);

  constructor(kernel: HashKernel, memory: TreeMemory) {
    this.kernel = kernel;
    this.memory = memory;
  }

  /**
   * Computes the hash of every node below `root` that `isDirty` accepts. CONTRACT: the parent of a dirty node is dirty.
   * @param root id of a node, 0 for the empty tree
   */
  hashDirty(root: number, isDirty: (id: number) => boolean): void {
    if (root === 0 || !isDirty(root)) return;
    const levels = this.collect(root, isDirty);
    this.hashLeaves(levels[0] ?? []);
    for (let height = 1; height < levels.length; height++) this.hashInner(levels[height] ?? []);
    // A single huge value must not hold its buffer for ever.
    if (this.input.length > batchBytes) this.useBuffer(new Uint8Array(batchBytes));
  }

  private collect(root: number, isDirty: (id: number) => boolean): number[][] {
    const { nodes } = this.memory;
    const levels: number[][] = Array.from({ length: nodes.height(root) + 1 }, () => []);
    const stack = [root];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      const height = nodes.height(id);
      // INVARIANT: no node is higher than the root, so its level is there.
      (levels[height] as number[]).push(id);
      if (height === 0) continue;
      const left = nodes.left(id);
      const right = nodes.right(id);
      if (isDirty(left)) stack.push(left);
      if (isDirty(right)) stack.push(right);
    }
    return levels;
  }

  private hashLeaves(leaves: readonly number[]): void {
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
  private hashLeafRange(leaves: readonly number[], from: number, to: number): void {
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

  private hashInner(level: readonly number[]): void {
    const { nodes } = this.memory;
    for (const id of level) {
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

// Where readers on any thread say which version they read, so that pruning frees nothing under them. One word of 64 bits per reader.
import { StoreError } from "./storeError.ts";

const slotCount = 256;
const floorIndex = 0;
/** Behind the slots: the highest one that was ever tried, so that pruning does not look at those that nobody needs. */
const highestIndex = slotCount + 1;
const words = slotCount + 2;
const idle = 0n;

/**
 * Announced versions in shared memory.
 *
 * CONTRACT: a reader first counts its slot among those to look at, then writes it and then looks at the floor; the pruner first raises the floor and
 * then looks at the slots. Atomics are sequentially consistent, so either the pruner sees the announcement or the reader sees that it came too late.
 */
export class ReaderSlots {
  /** The shared words, to attach them on another thread. */
  readonly buffer: SharedArrayBuffer;
  private readonly words: BigInt64Array;

  /** @param buffer the words of a tree on another thread; none for a new tree */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(words * 8)) {
    this.buffer = buffer;
    this.words = new BigInt64Array(buffer);
  }

  /** The oldest version that may still be announced. */
  get floor(): bigint {
    return Atomics.load(this.words, floorIndex);
  }

  /**
   * Announces that `version` is read from now on.
   * @returns the slot to release
   * @throws store/7 when the version is below the floor, store/18 when all 256 slots are taken
   */
  announce(version: bigint): number {
    const mark = version + 1n; // 0 means idle, and version 0 may be read too
    for (let slot = 1; slot <= slotCount; slot++) {
      this.lookUpTo(slot);
      if (Atomics.compareExchange(this.words, slot, idle, mark) !== idle) continue;
      if (this.floor <= version) return slot;
      this.release(slot);
      throw new StoreError("versionNotKept", `reader: expected a version of at least ${this.floor}, got ${version}`);
    }
    throw new StoreError("backendFailed", `reader: expected at most ${slotCount} readers at once, all slots are taken`);
  }

  /** Ends the announcement of a slot. */
  release(slot: number): void {
    Atomics.store(this.words, slot, idle);
  }

  /**
   * Raises the floor and says below which version nothing is read.
   * @param oldestKept the new floor; a lower one than before changes nothing
   * @returns the floor or the smallest announced version, whichever is lower
   */
  raiseFloor(oldestKept: bigint): bigint {
    if (oldestKept > this.floor) Atomics.store(this.words, floorIndex, oldestKept);
    let lowest = this.floor;
    const highest = Number(Atomics.load(this.words, highestIndex));
    for (let slot = 1; slot <= highest; slot++) {
      const mark = Atomics.load(this.words, slot);
      if (mark !== idle && mark - 1n < lowest) lowest = mark - 1n;
    }
    return lowest;
  }

  /** From now on the pruner looks at this slot. */
  private lookUpTo(slot: number): void {
    const wanted = BigInt(slot);
    for (let highest = Atomics.load(this.words, highestIndex); highest < wanted; ) {
      const found = Atomics.compareExchange(this.words, highestIndex, highest, wanted);
      if (found === highest) return;
      highest = found;
    }
  }
}

// Byte strings in shared memory: the keys and the values of a tree. A slot is a 4-byte length and the bytes; freed slots are reused by size
// class, so memory stays flat under updates. Slots in use are never changed, hence other threads read them without locks.

import { IdStack } from "./idStack.ts";
import { maxSharedSlot, sizeClassCount, sizeClassOf, sizeOfClass, slotUnit } from "./sizeClass.ts";
import { StoreError } from "./storeError.ts";

const segmentBytes = 1 << 18;
const unitBits = 15; // segmentBytes / slotUnit = 2^15 units, so a 32-bit reference is 17 bits of segment and 15 bits of unit
const unitMask = (1 << unitBits) - 1;
const maxSegments = 1 << (32 - unitBits);
const headerBytes = 4;
/** From this length on, in bytes, two views and a block copy cost less than copying by words. */
const longCopy = 512;
/** From this length on, in bytes, a view and a block copy cost less than copying byte by byte. */
const longStore = 128;
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
const released = new SharedArrayBuffer(0);

/**
 * Append-only slots for byte strings with reuse of freed slots. References are 32-bit integers, 0 is never one.
 * CONTRACT: one thread stores and frees; any thread that attached the segments may read slots that are not freed.
 */
export class Arena {
  private readonly buffers: SharedArrayBuffer[] = [];
  private readonly bytes: Uint8Array[] = [];
  private readonly words: Int32Array[] = [];
  /** By size class. */
  private readonly freed: readonly IdStack[] = Array.from({ length: sizeClassCount }, () => new IdStack());
  private readonly freeSegments: number[] = [];
  private openSegment = -1;
  private openUnit = unitMask + 1;
  private reserved = 0;
  private used = 0;

  /** @param segments shared segments of another arena, to read it from here; none for a new arena */
  constructor(segments: readonly SharedArrayBuffer[] = []) {
    for (const segment of segments) this.addSegment(segment);
  }

  /** The segments, to attach them on another thread; a later `store` may add some. */
  get segments(): readonly SharedArrayBuffer[] {
    return this.buffers;
  }

  /** Bytes of shared memory reserved now. */
  get reservedBytes(): number {
    return this.reserved;
  }

  /** Bytes of the strings stored and not freed. */
  get usedBytes(): number {
    return this.used;
  }

  /**
   * Copies the bytes of `data` from index `from` to before `to` into a slot; all when left out.
   * @returns the slot's reference
   * @throws store/18 when the arena has 32 GiB
   */
  store(data: Uint8Array, from = 0, to: number = data.length): number {
    const length = to - from;
    const ref = this.allocate(length + headerBytes);
    const segment = ref >>> unitBits;
    const at = (ref & unitMask) * slotUnit;
    this.wordsOf(segment)[at >>> 2] = length;
    const bytes = this.bytesOf(segment);
    const first = at + headerBytes;
    if (length > longStore) bytes.set(data.subarray(from, to), first);
    else for (let i = 0; i < length; i++) bytes[first + i] = data[from + i] as number;
    this.used += length;
    return ref;
  }

  /** {@link store} of bytes that are read by words: for whoever stores many. */
  storeFrom(data: DataView, from: number, to: number): number {
    const length = to - from;
    if (length > longCopy || !isLittleEndian) return this.store(new Uint8Array(data.buffer, data.byteOffset + from, length));
    const ref = this.allocate(length + headerBytes);
    const words = this.wordsOf(ref >>> unitBits);
    const word = ((ref & unitMask) * slotUnit) >>> 2;
    words[word] = length;
    // A slot ends with a whole word: what lies behind the string is never read.
    const whole = length & -4;
    for (let i = 0; i < whole; i += 4) words[word + 1 + (i >>> 2)] = data.getInt32(from + i, true);
    let last = 0;
    for (let i = length - 1; i >= whole; i--) last = (last << 8) | data.getUint8(from + i);
    if (whole < length) words[word + 1 + (whole >>> 2)] = last;
    this.used += length;
    return ref;
  }

  /** Frees a slot. CONTRACT: nothing reads it any more. */
  free(ref: number): void {
    const segment = ref >>> unitBits;
    const at = (ref & unitMask) * slotUnit;
    const words = this.wordsOf(segment);
    const size = (words[at >>> 2] as number) + headerBytes;
    this.used -= size - headerBytes;
    if (size > maxSharedSlot) {
      this.dropSegment(segment);
      return;
    }
    this.freed[sizeClassOf(size)]?.push(ref);
  }

  /** Length of the stored string in bytes. */
  length(ref: number): number {
    return this.wordsOf(ref >>> unitBits)[((ref & unitMask) * slotUnit) >>> 2] as number;
  }

  /** A copy of the stored string, outside of shared memory. */
  load(ref: number): Uint8Array {
    const from = (ref & unitMask) * slotUnit + headerBytes;
    return this.bytesOf(ref >>> unitBits).slice(from, from + this.length(ref));
  }

  /**
   * Copies the stored string into `target` from index `at` on.
   * @returns the index after it
   */
  copyTo(ref: number, target: DataView, at: number): number {
    const segment = ref >>> unitBits;
    const words = this.wordsOf(segment);
    const word = ((ref & unitMask) * slotUnit) >>> 2;
    const length = words[word] as number;
    const bytes = this.bytesOf(segment);
    const from = (word << 2) + headerBytes;
    if (length > longCopy) {
      new Uint8Array(target.buffer, target.byteOffset).set(bytes.subarray(from, from + length), at);
      return at + length;
    }
    const whole = length & -4;
    if (isLittleEndian) for (let i = 0; i < whole; i += 4) target.setInt32(at + i, words[word + 1 + (i >>> 2)] as number, true);
    for (let i = isLittleEndian ? whole : 0; i < length; i++) target.setUint8(at + i, bytes[from + i] as number);
    return at + length;
  }

  /** Order of `key` against the stored string by unsigned bytes: negative when `key` is smaller, 0 when equal. */
  compare(key: Uint8Array, ref: number): number {
    const length = this.length(ref);
    const bytes = this.bytesOf(ref >>> unitBits);
    const from = (ref & unitMask) * slotUnit + headerBytes;
    const common = Math.min(key.length, length);
    for (let i = 0; i < common; i++) {
      const difference = (key[i] as number) - (bytes[from + i] as number);
      if (difference !== 0) return difference;
    }
    return key.length - length;
  }

  /** Order of two stored strings by unsigned bytes: negative when the first is smaller, 0 when equal. */
  order(first: number, second: number): number {
    const a = this.bytesOf(first >>> unitBits);
    const b = this.bytesOf(second >>> unitBits);
    const from = (first & unitMask) * slotUnit + headerBytes;
    const to = (second & unitMask) * slotUnit + headerBytes;
    const common = Math.min(this.length(first), this.length(second));
    for (let i = 0; i < common; i++) {
      const difference = (a[from + i] as number) - (b[to + i] as number);
      if (difference !== 0) return difference;
    }
    return this.length(first) - this.length(second);
  }

  /**
   * Order of `key` against the stored string, and how far they agree, when their first `from` bytes are known to be equal.
   * @returns the number of equal bytes at the beginning when `key` is not smaller, its bitwise complement, which is negative, when it is
   */
  orderFrom(key: Uint8Array, ref: number, from: number): number {
    const length = this.length(ref);
    const bytes = this.bytesOf(ref >>> unitBits);
    const start = (ref & unitMask) * slotUnit + headerBytes;
    const common = Math.min(key.length, length);
    for (let i = from; i < common; i++) {
      const difference = (key[i] as number) - (bytes[start + i] as number);
      if (difference !== 0) return difference < 0 ? ~i : i;
    }
    return key.length < length ? ~common : common;
  }

  /** Takes over a segment that another thread added, or put in the place of one that it dropped. */
  attach(index: number, buffer: SharedArrayBuffer): void {
    this.reserved += buffer.byteLength - (this.buffers[index]?.byteLength ?? 0);
    this.buffers[index] = buffer;
    this.bytes[index] = new Uint8Array(buffer);
    this.words[index] = new Int32Array(buffer, 0, buffer.byteLength >>> 2);
  }

  private allocate(size: number): number {
    if (size > maxSharedSlot) return this.allocateSegment(size);
    const sizeClass = sizeClassOf(size);
    const freed = this.freed[sizeClass]?.pop() ?? 0;
    if (freed !== 0) return freed;
    const units = sizeOfClass(sizeClass) / slotUnit;
    if (this.openUnit + units > unitMask + 1) this.openNext();
    const ref = (this.openSegment << unitBits) | this.openUnit;
    this.openUnit += units;
    return ref;
  }

  private allocateSegment(size: number): number {
    if (this.buffers.length === 0) this.openNext(); // segment 0 is shared: alone in it, a large slot would have reference 0
    const wholeUnits = (size + slotUnit - 1) & -slotUnit;
    return this.addSegment(new SharedArrayBuffer(wholeUnits)) << unitBits;
  }

  /** Turns the rest of the open segment into free slots and opens a new one. */
  private openNext(): void {
    while (this.openUnit <= unitMask) {
      const rest = (unitMask + 1 - this.openUnit) * slotUnit;
      let sizeClass = rest >= maxSharedSlot ? sizeClassCount - 1 : sizeClassOf(rest);
      if (sizeOfClass(sizeClass) > rest) sizeClass--;
      this.freed[sizeClass]?.push((this.openSegment << unitBits) | this.openUnit);
      this.openUnit += sizeOfClass(sizeClass) / slotUnit;
    }
    this.openSegment = this.addSegment(new SharedArrayBuffer(segmentBytes));
    this.openUnit = this.openSegment === 0 ? 1 : 0; // reference 0 means none
  }

  private addSegment(buffer: SharedArrayBuffer): number {
    const index = this.freeSegments.pop() ?? this.buffers.length;
    if (index >= maxSegments) throw new StoreError("backendFailed", `arena: expected at most ${maxSegments} segments, all are in use`);
    this.attach(index, buffer);
    return index;
  }

  private dropSegment(index: number): void {
    this.reserved -= (this.buffers[index] as SharedArrayBuffer).byteLength;
    this.buffers[index] = released;
    this.bytes[index] = new Uint8Array(released);
    this.words[index] = new Int32Array(released);
    this.freeSegments.push(index);
  }

  private bytesOf(segment: number): Uint8Array {
    return this.bytes[segment] as Uint8Array;
  }

  private wordsOf(segment: number): Int32Array {
    return this.words[segment] as Int32Array;
  }
}

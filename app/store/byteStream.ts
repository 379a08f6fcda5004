// How records and pages are laid out as bytes: unsigned LEB128 integers and length-prefixed byte strings.

import { StoreError } from "./storeError.ts";

/** Appends fields to a buffer that grows by doubling. */
export class ByteWriter {
  #bytes: Buffer;
  #at = 0;

  /** @param capacity bytes to start with; a good guess saves copies */
  constructor(capacity = 4096) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#at;
  }

  /** One byte. */
  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  /** A count or length of 0 to 2^53−1. */
  uvarint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#at] = (rest % 128) | 128;
      this.#at += 1;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#at] = rest;
    this.#at += 1;
  }

  /** A height of 0 to 2^64−1, eight bytes big-endian. */
  uint64(value: bigint): void {
    this.#reserve(8);
    this.#bytes.writeBigUInt64BE(value, this.#at);
    this.#at += 8;
  }

  /** A checksum, four bytes little-endian. */
  uint32(value: number): void {
    this.#reserve(4);
    this.#bytes.writeUInt32LE(value, this.#at);
    this.#at += 4;
  }

  /** The bytes behind their length. */
  bytes(value: Uint8Array): void {
    this.uvarint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** A UTF-8 text behind its length in bytes. */
  text(value: string): void {
    this.bytes(Buffer.from(value, "utf8"));
  }

  /** What was written, without a copy: nothing may be written afterwards. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  #reserve(count: number): void {
    const needed = this.#at + count;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}

/** Reads the fields of a record that passed its checksum; running over the end is still refused. */
export class ByteReader {
  readonly #bytes: Buffer;
  readonly #what: string;
  #at = 0;

  /** @param what names the record in errors */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#what = what;
  }

  /** All bytes, for whoever takes fields by their place: see {@link skip}. */
  get data(): Uint8Array {
    return this.#bytes;
  }

  /** Whether every byte was read. */
  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** @throws store/13 at the end */
  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) this.#endsBefore(1);
    this.#at += 1;
    return value;
  }

  /** @throws store/13 at the end or above 2^53−1 */
  uvarint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128 && value <= Number.MAX_SAFE_INTEGER) return value;
    }
    throw new StoreError("corruptRecord", `${this.#what}: expected a length below 2^53 before byte ${this.#at}`);
  }

  /** @throws store/13 at the end */
  uint64(): bigint {
    return this.#take(8).readBigUInt64BE(0);
  }

  /** A view, not a copy. @throws store/13 at the end */
  bytes(): Uint8Array {
    const length = this.uvarint();
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.skip(length), length);
  }

  /** @throws store/13 at the end */
  text(): string {
    return this.#take(this.uvarint()).toString("utf8");
  }

  /** @throws store/13 unless every byte was read */
  end(): void {
    if (!this.ended) throw new StoreError("corruptRecord", `${this.#what}: expected ${this.#at} bytes, got ${this.#bytes.length}`);
  }

  /** Passes over `count` bytes. @returns where they begin in {@link data} @throws store/13 at the end */
  skip(count: number): number {
    const from = this.#at;
    if (from + count > this.#bytes.length) this.#endsBefore(count);
    this.#at = from + count;
    return from;
  }

  #take(count: number): Buffer {
    const from = this.skip(count);
    return this.#bytes.subarray(from, from + count);
  }

  #endsBefore(count: number): never {
    throw new StoreError("corruptRecord", `${this.#what}: expected at least ${this.#at + count} bytes, got ${this.#bytes.length}`);
  }
}

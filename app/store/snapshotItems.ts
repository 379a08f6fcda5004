// The items of a snapshot (format 3 of the Cosmos SDK), read from bytes that strangers sent: every length is judged before anything of that length
// is kept.
import { decodeUtf8 } from "../encoding/bytes.ts";
import { maxKeyBytes } from "./keyText.ts";
import { StoreError } from "./storeError.ts";
import type { ExportedNode } from "./treeExport.ts";

/** Longest item, in bytes: that of the SDK's reader. */
export const maxSnapshotItemBytes = 64_000_000;
const maxNameBytes = 128;
const maxHeight = 127;
const maxLengthDigits = 4; // an item's length in base 128: 64,000,000 has four
const maxVersionBits = 63n;

/** A store begins, or the next node of the one that began last. */
export type SnapshotItem = { readonly store: string; readonly node?: never } | { readonly node: ExportedNode; readonly store?: never };

/** Cuts a stream of bytes into items, whatever the pieces it arrives in. Keeps one unfinished item at most. */
export class SnapshotItemReader {
  #parts: Uint8Array[] = [];
  #have = 0;
  #need = 1;

  /**
   * The items that are whole with these bytes.
   * @throws store/21 for bytes that are no item, or one that is too long
   */
  *push(bytes: Uint8Array): Generator<SnapshotItem, void, undefined> {
    this.#parts.push(bytes);
    this.#have += bytes.length;
    if (this.#have < this.#need) return;
    const data = this.#parts.length === 1 ? bytes : Buffer.concat(this.#parts);
    let at = 0;
    for (;;) {
      const length = readLength(data, at);
      if (length === undefined) {
        this.#need = data.length - at + 1;
        break;
      }
      if (length.next + length.value > data.length) {
        this.#need = length.next - at + length.value;
        break;
      }
      at = length.next + length.value;
      yield parseItem(data.subarray(length.next, at));
    }
    this.#parts = at === data.length ? [] : [data.subarray(at)];
    this.#have = data.length - at;
  }

  /** @throws store/21 when the stream ends within an item */
  end(): void {
    if (this.#have > 0) throw bad(`expected an item of ${this.#need} bytes, the stream ends after ${this.#have}`);
  }
}

/** Length of an item; undefined when more bytes are needed to know. */
function readLength(data: Uint8Array, at: number): { readonly value: number; readonly next: number } | undefined {
  let value = 0;
  for (let digit = 0; digit < maxLengthDigits; digit++) {
    const byte = data[at + digit];
    if (byte === undefined) return undefined;
    value += (byte & 127) * 128 ** digit;
    if (byte < 128) {
      if (value > maxSnapshotItemBytes || value === 0) break;
      return { value, next: at + digit + 1 };
    }
  }
  throw bad(`expected an item of 1 to ${maxSnapshotItemBytes} bytes, got a longer one or none`);
}

function parseItem(bytes: Uint8Array): SnapshotItem {
  const fields = new FieldReader(bytes);
  const kind = fields.next();
  const content = fields.bytes();
  if (!fields.ended) throw bad("expected one content in an item, got more");
  if (kind === STORE) return { store: parseStore(content) };
  if (kind === NODE) return { node: parseNode(content) };
  throw bad(`expected a store or a node, got an item of kind ${kind >>> 3}: this chain has no extensions`);
}

// Tags: number of the field, then its kind on the wire (0 a number, 2 bytes).
const STORE = (1 << 3) | 2;
const NODE = (2 << 3) | 2;
const NAME = (1 << 3) | 2;
const KEY = (1 << 3) | 2;
const VALUE = (2 << 3) | 2;
const VERSION = 3 << 3;
const HEIGHT = 4 << 3;

function parseStore(bytes: Uint8Array): string {
  const fields = new FieldReader(bytes);
  if (fields.next() !== NAME) throw bad("expected the name of a store");
  const name = fields.bytes();
  if (!fields.ended || name.length === 0 || name.length > maxNameBytes)
    throw bad(`expected a store's name of 1 to ${maxNameBytes} bytes, got ${name.length}`);
  try {
    return decodeUtf8(name);
  } catch {
    throw bad("expected a store's name in UTF-8");
  }
}

function parseNode(bytes: Uint8Array): ExportedNode {
  const fields = new FieldReader(bytes);
  let key: Uint8Array | undefined;
  let value: Uint8Array | undefined;
  let version = 0n;
  let height = 0;
  let last = 0;
  while (!fields.ended) {
    const tag = fields.next();
    if (tag <= last) throw bad("expected the fields of a node once and in order");
    last = tag;
    if (tag === KEY) key = fields.bytes();
    else if (tag === VALUE) value = fields.bytes();
    else if (tag === VERSION) version = fields.number();
    else if (tag === HEIGHT) height = Number(fields.number());
    else throw bad(`expected key, value, version or height of a node, got tag ${tag}`);
  }
  if (key === undefined || key.length === 0 || key.length > maxKeyBytes)
    throw bad(`expected a key of 1 to ${maxKeyBytes} bytes, got ${key?.length ?? 0}`);
  if (height > maxHeight) throw bad(`expected a height of 0 to ${maxHeight}, got ${height}`);
  if (height === 0 && (value === undefined || value.length === 0)) throw bad("expected a value at a leaf, got none");
  return { height, version, key, value };
}

/** The fields of one message. */
class FieldReader {
  readonly #data: Uint8Array;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  get ended(): boolean {
    return this.#at === this.#data.length;
  }

  /** The next tag: all of this format fit in one byte. */
  next(): number {
    const tag = this.#data[this.#at];
    if (tag === undefined) throw bad("expected a field, got none");
    this.#at += 1;
    return tag;
  }

  /** A number of 0 to 2^63−1. */
  number(): bigint {
    let low = 0;
    for (let digit = 0; digit < 7; digit++) {
      const byte = this.#data[this.#at++];
      if (byte === undefined) throw bad("expected a number, the item ends");
      low += (byte & 127) * 128 ** digit;
      if (byte < 128) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 49n; shift < 63n; shift += 7n) {
      const byte = this.#data[this.#at++];
      if (byte === undefined) throw bad("expected a number, the item ends");
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw bad(`expected a number below 2^${maxVersionBits}`);
  }

  /** Bytes behind their length: a view. */
  bytes(): Uint8Array {
    const length = Number(this.number());
    const from = this.#at;
    if (length > this.#data.length - from) throw bad(`expected ${length} bytes, the item has ${this.#data.length - from} left`);
    this.#at = from + length;
    return this.#data.subarray(from, this.#at);
  }
}

function bad(detail: string): StoreError {
  return new StoreError("badSnapshot", `snapshot: ${detail}`);
}

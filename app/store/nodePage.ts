// How a node stands in a page of a checkpoint: its height in a byte, its stamp, then for a leaf key and value, each behind its length, and its hash.
// An inner node's key is the smallest one to its right: the reader knows it already. Numbers are unsigned LEB128.

import { pageBytes, pageKind } from "./checkpointFile.ts";
import { column } from "./nodeColumns.ts";
import { putUvarint } from "./nodePreimage.ts";
import { StoreError } from "./storeError.ts";
import type { NodeInPlace } from "./treeExport.ts";
import type { TreeMemory } from "./treeMemory.ts";

const hashBytes = 32;
/** A node without its key and value: height, stamp, two lengths, hash. */
const mostBytes = 1 + 8 + 5 + 5 + hashBytes;
/** Numbers below are shifted, those above divided. */
const shiftLimit = 2 ** 31;

/** A page of nodes that is being written, straight out of the rows. */
export class NodePage {
  #bytes = Buffer.allocUnsafe(pageBytes + (pageBytes >>> 3));
  #view = viewOf(this.#bytes);
  #at: number;

  /** @param index number of the store */
  constructor(index: number) {
    this.#bytes[0] = pageKind.nodes;
    this.#at = putUvarint(this.#bytes, 1, index);
  }

  /** Whether it is to be closed. */
  get isFull(): boolean {
    return this.#at >= pageBytes;
  }

  /** Appends node `id`. */
  add({ nodes, keys, values }: TreeMemory, id: number): void {
    const height = nodes.height(id);
    const key = nodes.get(id, column.key);
    const value = nodes.get(id, column.value);
    this.#reserve(height > 0 ? mostBytes : mostBytes + keys.length(key) + values.length(value));
    const bytes = this.#bytes;
    bytes[this.#at] = height;
    let at = putNumber(bytes, this.#at + 1, nodes.get(id, column.versionHigh) * 2 ** 32 + (nodes.get(id, column.versionLow) >>> 0));
    if (height === 0) {
      at = keys.copyTo(key, this.#view, putUvarint(bytes, at, keys.length(key)));
      at = values.copyTo(value, this.#view, putUvarint(bytes, at, values.length(value)));
    }
    this.#at = nodes.copyHash(id, this.#view, at);
  }

  /** The content of the page. Nothing may be added afterwards. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  #reserve(count: number): void {
    const needed = this.#at + count;
    if (needed <= this.#bytes.length) return;
    this.#bytes = Buffer.concat([this.#bytes.subarray(0, this.#at)], needed);
    this.#view = viewOf(this.#bytes);
  }
}

/** Reads the nodes of a page one after the other into the same object. */
export class NodeReader {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  readonly #isHashed: boolean;
  readonly #what: string;
  #at: number;

  /**
   * @param data a page that passed its checksum
   * @param from where its nodes begin
   * @param isHashed whether each is followed by its hash
   * @param what names the page in errors
   */
  constructor(data: Uint8Array, from: number, isHashed: boolean, what: string) {
    this.#data = data;
    this.#view = viewOf(data);
    this.#at = from;
    this.#isHashed = isHashed;
    this.#what = what;
  }

  /**
   * Reads the next node.
   * @returns false, and nothing read, at the end
   * @throws store/13 where the page ends within a node
   */
  read(node: NodeInPlace): boolean {
    if (this.#at === this.#data.length) return false;
    node.height = this.#data[this.#at++] as number; // before the end
    const version = this.#number();
    node.versionLow = version | 0;
    node.versionHigh = version < shiftLimit ? 0 : Math.floor(version / 2 ** 32);
    node.data = this.#data;
    node.view = this.#view;
    if (node.height === 0) {
      const keyBytes = this.#number();
      node.keyFrom = this.#skip(keyBytes);
      node.keyTo = this.#at;
      const valueBytes = this.#number();
      node.valueFrom = this.#skip(valueBytes);
      node.valueTo = this.#at;
    }
    node.hashFrom = this.#isHashed ? this.#skip(hashBytes) : -1;
    return true;
  }

  #number(): number {
    const first = this.#data[this.#at] ?? 128;
    if (first < 128) {
      this.#at++;
      return first;
    }
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const byte = this.#data[this.#skip(1)] as number; // before the end
      value += (byte & 127) * scale;
      if (byte < 128 && value <= Number.MAX_SAFE_INTEGER) return value;
    }
    throw new StoreError("corruptRecord", `${this.#what}: expected a number below 2^53 before byte ${this.#at}`);
  }

  /** Passes over `count` bytes. @returns where they begin */
  #skip(count: number): number {
    const from = this.#at;
    const to = from + count;
    if (to > this.#data.length)
      throw new StoreError("corruptRecord", `${this.#what}: expected at least ${to} bytes, got ${this.#data.length}`);
    this.#at = to;
    return from;
  }
}

/** @param value 0 to 2^53 − 1 @returns the index after it */
function putNumber(out: Uint8Array, at: number, value: number): number {
  let rest = value;
  for (; rest >= shiftLimit; rest = Math.floor(rest / 128)) out[at++] = (rest % 128) | 128;
  return putUvarint(out, at, rest);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

// Which transactions emitted what: postings by the text of an attribute and by its name, written with the block.
//
// A posting names the transactions of one block in whose events a text occurs. Addresses stand under several attributes of a transfer, so
// indexing texts instead of pairs of name and text needs half of the rows; a search checks the events themselves anyway. Texts are hashed to 64
// bits: a collision costs a look at a transaction, never a wrong answer.

import { encodeUtf8 } from "../encoding/bytes.ts";
import { getUint64, putUint32, putUint64 } from "../encoding/uint64.ts";
import { decodeUvarint } from "../encoding/varint.ts";
import type { IndexRow, TxIndexOptions } from "./txIndex.ts";

/** What a posting is about: the text of an attribute, or its name with the event's type, as `transfer.recipient`. */
export type Posted = { readonly text: string } | { readonly name: string };

const POSTING = encodeUtf8("ev/");
const TEXT = 0x74;
const NAME = 0x6e;

/** An event as an index sees it; attributes that are marked are left out. */
interface PostedEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string; readonly index?: boolean }[];
}

/** Collects the postings of a block, transaction by transaction. */
export class EventPostings {
  readonly #names: ReadonlySet<string>;
  readonly #places = new Map<string, number[]>();

  constructor({ names }: Pick<TxIndexOptions, "names">) {
    this.#names = names;
  }

  /** Notes the events of a transaction; of a failed one, those of its fee. CONTRACT: indices ascend */
  add(index: number, events: readonly PostedEvent[]): void {
    const names = this.#names;
    for (const { type, attributes } of events) {
      for (const { key, value, index: indexed } of attributes) {
        const name = `${type}.${key}`;
        if (names.size === 0 ? indexed === false : !names.has(name)) continue;
        this.#post(`t${value}`, index);
        this.#post(`n${name}`, index);
      }
    }
  }

  #post(posted: string, index: number): void {
    const list = this.#places.get(posted);
    if (list === undefined) this.#places.set(posted, [index]);
    else if (list[list.length - 1] !== index) list.push(index);
  }

  /** The rows of all that was noted. */
  rows(height: bigint): IndexRow[] {
    const rows: IndexRow[] = [];
    for (const [posted, list] of this.#places) rows.push([postingKey(posted.charCodeAt(0), posted.slice(1), height), encodePlaces(list)]);
    return rows;
  }
}

/** Rows of a block whose results are known. @param results events of its transactions in order */
export function eventRows(
  height: bigint,
  results: readonly { readonly events: readonly PostedEvent[] }[],
  options: Pick<TxIndexOptions, "names">,
): IndexRow[] {
  const postings = new EventPostings(options);
  for (const [index, { events }] of results.entries()) postings.add(index, events);
  return postings.rows(height);
}

/** Keys of the postings of something at heights `from` to `to`, both inclusive. */
export function postingRange(posted: Posted, from: bigint, to: bigint): { readonly start: Uint8Array; readonly end: Uint8Array } {
  const [kind, text] = "text" in posted ? [TEXT, posted.text] : [NAME, posted.name];
  return { start: postingKey(kind, text, from), end: postingKey(kind, text, to + 1n) };
}

/** Reads a posting. @throws sdk/18 when the row is damaged */
export function readPosting(key: Uint8Array, value: Uint8Array): { readonly height: bigint; readonly indices: readonly number[] } {
  const height = getUint64(key, key.length - 8);
  const indices: number[] = [];
  let last = 0;
  for (let at = 0; at < value.length; ) {
    const { value: step, next } = decodeUvarint(value, at);
    last += Number(step);
    indices.push(last);
    at = next;
  }
  return { height, indices };
}

function postingKey(kind: number, text: string, height: bigint): Uint8Array {
  const key = new Uint8Array(POSTING.length + 1 + 8 + 8);
  key.set(POSTING);
  key[POSTING.length] = kind;
  const [high, low] = hashText(text);
  putUint32(key, POSTING.length + 1, high);
  putUint32(key, POSTING.length + 5, low);
  putUint64(key, POSTING.length + 9, height);
  return key;
}

/** Two FNV-1a hashes over the text's UTF-16 units, with different bases. */
function hashText(text: string): readonly [number, number] {
  let a = 0x811c9dc5;
  let b = 0x9dc5811c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ (unit & 255), 0x01000193);
    b = Math.imul(b ^ unit, 0x01000193);
    b = (b << 5) | (b >>> 27);
  }
  return [a >>> 0, b >>> 0];
}

/** Places in ascending order as steps from one to the next. */
function encodePlaces(indices: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let last = 0;
  for (const index of indices) {
    let step = index - last;
    for (; step > 127; step >>>= 7) bytes.push((step & 127) | 128);
    bytes.push(step);
    last = index;
  }
  return new Uint8Array(bytes);
}

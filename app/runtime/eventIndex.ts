// Which transactions emitted what: postings by the text of an attribute and by its name, written with the block.
//
// A posting names the transactions of one block in whose events a text occurs. Addresses stand under several attributes of a transfer, so
// indexing texts instead of pairs of name and text needs half of the rows; a search checks the events themselves anyway. Texts are hashed to 64
// bits: a collision costs a look at a transaction, never a wrong answer.

import { encodeUtf8 } from "../encoding/bytes.ts";
import { getUint64, putUint32, uint64Bytes } from "../encoding/uint64.ts";
import { decodeUvarint, putUvarint, sizeOfUvarint } from "../encoding/varint.ts";
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
  readonly #byText = new Map<string, number[]>();
  readonly #byName = new Map<string, number[]>();
  /** The same lists by the event's type, then by the attribute's key: a name put together of both would be hashed anew for every attribute. */
  readonly #byKey = new Map<string, Map<string, number[]>>();

  constructor({ names }: Pick<TxIndexOptions, "names">) {
    this.#names = names;
  }

  /** Notes the events of a transaction; of a failed one, those of its fee. CONTRACT: indices ascend */
  add(index: number, events: readonly PostedEvent[]): void {
    const names = this.#names;
    for (const { type, attributes } of events) {
      const keys = this.#byKey.get(type) ?? this.#openType(type);
      for (const { key, value, index: indexed } of attributes) {
        if (names.size === 0 ? indexed === false : !names.has(`${type}.${key}`)) continue;
        const ofText = this.#byText.get(value);
        if (ofText === undefined) this.#byText.set(value, [index]);
        else note(ofText, index);
        note(keys.get(key) ?? this.#openKey(keys, key, `${type}.${key}`), index);
      }
    }
  }

  #openType(type: string): Map<string, number[]> {
    const keys = new Map<string, number[]>();
    this.#byKey.set(type, keys);
    return keys;
  }

  /** Type and key may be divided in several ways into one name. */
  #openKey(keys: Map<string, number[]>, key: string, name: string): number[] {
    const places = this.#byName.get(name) ?? [];
    this.#byName.set(name, places);
    keys.set(key, places);
    return places;
  }

  /** The rows of all that was noted. */
  rows(height: bigint): IndexRow[] {
    const rows: IndexRow[] = [];
    const at = uint64Bytes(height);
    for (const [text, places] of this.#byText) rows.push([postingKey(TEXT, text, at), encodePlaces(places)]);
    for (const [name, places] of this.#byName) rows.push([postingKey(NAME, name, at), encodePlaces(places)]);
    return rows;
  }
}

function note(places: number[], index: number): void {
  if (places[places.length - 1] !== index) places.push(index);
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
  return { start: postingKey(kind, text, uint64Bytes(from)), end: postingKey(kind, text, uint64Bytes(to + 1n)) };
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

function postingKey(kind: number, text: string, height: Uint8Array): Uint8Array {
  const key = new Uint8Array(POSTING.length + 1 + 8 + 8);
  key.set(POSTING);
  key[POSTING.length] = kind;
  const [high, low] = hashText(text);
  putUint32(key, POSTING.length + 1, high);
  putUint32(key, POSTING.length + 5, low);
  key.set(height, POSTING.length + 9);
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
  let size = 0;
  let last = 0;
  for (const index of indices) {
    size += sizeOfUvarint(index - last);
    last = index;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  last = 0;
  for (const index of indices) {
    at = putUvarint(bytes, at, index - last);
    last = index;
  }
  return bytes;
}

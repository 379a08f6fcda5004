// Which transactions emitted what: postings by the text of an attribute and by its name, written with the block.
//
// A posting names the transactions of one block in whose events a text occurs. Addresses stand under several attributes of a transfer, so
// indexing texts instead of pairs of name and text needs half of the rows; a search checks the events themselves anyway. Texts are hashed to 64
// bits: a collision costs a look at a transaction, never a wrong answer.

import type { Event } from "#proto/tendermint/abci/types";
import { encodeUtf8 } from "../encoding/bytes.ts";
import { decodeUvarint } from "../encoding/varint.ts";
import type { IndexRow, TxIndexOptions } from "./txIndex.ts";

/** What a posting is about: the text of an attribute, or its name with the event's type, as `transfer.recipient`. */
export type Posted = { readonly text: string } | { readonly name: string };

const POSTING = encodeUtf8("ev/");
const TEXT = 0x74;
const NAME = 0x6e;

/**
 * Rows of a block.
 * @param results events of the block's transactions in order; of a failed one, those of its fee
 */
export function eventRows(
  height: bigint,
  results: readonly { readonly events: readonly Event[] }[],
  { names }: Pick<TxIndexOptions, "names">,
): IndexRow[] {
  const postings = new Map<string, number[]>();
  const post = (kind: string, text: string, index: number): void => {
    const name = kind + text;
    const list = postings.get(name);
    if (list === undefined) postings.set(name, [index]);
    else if (list[list.length - 1] !== index) list.push(index);
  };
  for (const [index, { events }] of results.entries()) {
    for (const { type, attributes } of events) {
      for (const { key, value, index: indexed } of attributes) {
        const name = `${type}.${key}`;
        if (names.size === 0 ? !indexed : !names.has(name)) continue;
        post("t", value, index);
        post("n", name, index);
      }
    }
  }
  const rows: IndexRow[] = [];
  for (const [name, list] of postings) {
    rows.push([postingKey(name.charCodeAt(0), name.slice(1), height), encodePlaces(list)]);
  }
  return rows;
}

/** Keys of the postings of something at heights `from` to `to`, both inclusive. */
export function postingRange(posted: Posted, from: bigint, to: bigint): { readonly start: Uint8Array; readonly end: Uint8Array } {
  const [kind, text] = "text" in posted ? [TEXT, posted.text] : [NAME, posted.name];
  return { start: postingKey(kind, text, from), end: postingKey(kind, text, to + 1n) };
}

/** Reads a posting. @throws sdk/18 when the row is damaged */
export function readPosting(key: Uint8Array, value: Uint8Array): { readonly height: bigint; readonly indices: readonly number[] } {
  const height = new DataView(key.buffer, key.byteOffset + key.length - 8, 8).getBigUint64(0);
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
  const view = new DataView(key.buffer);
  const [high, low] = hashText(text);
  view.setUint32(POSTING.length + 1, high);
  view.setUint32(POSTING.length + 5, low);
  view.setBigUint64(POSTING.length + 9, height);
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

// Rows of a block's transactions, written one behind the other into one array. Arrays of their own, four a transaction, would lie outside of V8's
// heap: they cost more to make and to collect than to fill.
import { encodeUvarint } from "../encoding/varint.ts";
import { type IndexRow, TX, TX_AT } from "./txIndex.ts";

/** Numbers and kinds of the fields of tendermint.abci.TxResult. */
const FIELD = { height: 0x08, index: 0x10, tx: 0x1a, result: 0x22 } as const;
const HASH_BYTES = 32;
const PLACE_BYTES = 12;
/** Most bytes of a transaction's rows besides the transaction and its result: both keys, its hash, a tag and a number for each of four fields. */
const FRAME_BYTES = TX.length + TX_AT.length + PLACE_BYTES + 2 * HASH_BYTES + 4 + 10 + 3 * 5;

/** Writes the rows of the transactions of one block. */
export class TxRowWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #height: bigint;
  readonly #heightBytes: Uint8Array;
  #at = 0;

  /** @param height positive @param txs all that may be written @param results theirs, each an encoded tendermint.abci.ExecTxResult */
  constructor(height: bigint, txs: readonly Uint8Array[], results: readonly Uint8Array[]) {
    let room = txs.length * FRAME_BYTES;
    for (const bytes of txs) room += bytes.length;
    for (const bytes of results) room += bytes.length;
    this.#bytes = new Uint8Array(room);
    this.#view = new DataView(this.#bytes.buffer);
    this.#height = height;
    this.#heightBytes = encodeUvarint(height);
  }

  /** Which transaction stands at a place of the block. @param hash SHA-256 of its bytes */
  place(index: number, hash: Uint8Array): IndexRow {
    const start = this.#at;
    this.#put(TX_AT);
    this.#view.setBigInt64(this.#at, this.#height);
    this.#view.setUint32(this.#at + 8, index);
    this.#at += PLACE_BYTES;
    const middle = this.#at;
    this.#put(hash);
    return this.#row(start, middle);
  }

  /** A transaction and its result under its hash: an encoded tendermint.abci.TxResult. */
  result(index: number, hash: Uint8Array, tx: Uint8Array, result: Uint8Array): IndexRow {
    const start = this.#at;
    this.#put(TX);
    this.#put(hash);
    const middle = this.#at;
    this.#bytes[this.#at++] = FIELD.height;
    this.#put(this.#heightBytes);
    if (index !== 0) this.#number(FIELD.index, index);
    if (tx.length > 0) {
      this.#number(FIELD.tx, tx.length);
      this.#put(tx);
    }
    this.#number(FIELD.result, result.length);
    this.#put(result);
    return this.#row(start, middle);
  }

  /** The key from `start` to `middle`, and the value behind it. */
  #row(start: number, middle: number): IndexRow {
    return [this.#bytes.subarray(start, middle), this.#bytes.subarray(middle, this.#at)];
  }

  #put(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** A tag and a number or length behind it. */
  #number(tag: number, value: number): void {
    this.#bytes[this.#at++] = tag;
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#at++] = rest;
  }
}

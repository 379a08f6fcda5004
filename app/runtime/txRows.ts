// Rows of a block's transactions, written one behind the other into one array. Arrays of their own, two a transaction, would lie outside of V8's
// heap: they cost more to make and to collect than to fill.
//
// Transactions lie with their results in the order of the chain, sixteen to a row, and the row of a hash says only where. Hashes are random: what
// lies under them is rewritten by the database again and again. Sixteen are few enough to be read for one of them.
import { putUvarint } from "../encoding/varint.ts";
import { crc32c } from "../store/crc32c.ts";
import { type IndexRow, TX, TXS, TXS_PER_ROW } from "./txIndex.ts";

const HASH_BYTES = 32;
const PLACE_BYTES = 12;
const CRC_BYTES = 4;
/** Most bytes of a transaction's rows besides the transaction and its result: its key and place, two lengths, and a row of its own. */
const FRAME_BYTES = TX.length + HASH_BYTES + PLACE_BYTES + 2 * 5 + TXS.length + PLACE_BYTES + CRC_BYTES;

/** Writes the rows of the transactions of one block. */
export class TxRowWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #height: bigint;
  readonly #txs: readonly (Uint8Array | undefined)[];
  readonly #results: readonly (Uint8Array | undefined)[];
  #at = 0;

  /**
   * @param height positive
   * @param txs of the block, in order; undefined for one that is not known
   * @param results theirs, each an encoded tendermint.abci.ExecTxResult
   */
  constructor(height: bigint, txs: readonly (Uint8Array | undefined)[], results: readonly (Uint8Array | undefined)[]) {
    let room = txs.length * FRAME_BYTES;
    for (const bytes of txs) room += bytes?.length ?? 0;
    for (const bytes of results) room += bytes?.length ?? 0;
    this.#bytes = new Uint8Array(room);
    this.#view = new DataView(this.#bytes.buffer);
    this.#height = height;
    this.#txs = txs;
    this.#results = results;
  }

  /** The transactions and their results: of each its length and bytes, then those of its result; a checksum ends the row. CONTRACT: once */
  contents(): IndexRow[] {
    const rows: IndexRow[] = [];
    for (let first = 0; first < this.#txs.length; first += TXS_PER_ROW) {
      const start = this.#at;
      this.#put(TXS);
      this.#place(first);
      const middle = this.#at;
      for (let index = first; index < first + TXS_PER_ROW && index < this.#txs.length; index++) {
        this.#sized(this.#txs[index]);
        this.#sized(this.#results[index]);
      }
      this.#view.setUint32(this.#at, crc32c(this.#bytes.subarray(middle, this.#at)), true);
      this.#at += CRC_BYTES;
      rows.push(this.#row(start, middle));
    }
    return rows;
  }

  /** Where the transaction of a hash stands. @param hash SHA-256 of its bytes. CONTRACT: once for an index */
  place(index: number, hash: Uint8Array): IndexRow {
    const start = this.#at;
    this.#put(TX);
    this.#put(hash);
    const middle = this.#at;
    this.#place(index);
    return this.#row(start, middle);
  }

  /** The key from `start` to `middle`, and the value behind it. */
  #row(start: number, middle: number): IndexRow {
    return [this.#bytes.subarray(start, middle), this.#bytes.subarray(middle, this.#at)];
  }

  #place(index: number): void {
    this.#view.setBigInt64(this.#at, this.#height);
    this.#view.setUint32(this.#at + 8, index);
    this.#at += PLACE_BYTES;
  }

  #sized(bytes: Uint8Array | undefined): void {
    this.#at = putUvarint(this.#bytes, this.#at, bytes?.length ?? 0);
    if (bytes !== undefined) this.#put(bytes);
  }

  #put(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }
}

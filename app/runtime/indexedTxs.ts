// Transactions of the index, found by hash, by place and by block. Rows that were written before transactions shared rows (txRows.ts) are read, too: a
// place held the hash, and the hash the transaction with its result.
import { ExecTxResult, TxResult } from "#proto/tendermint/abci/types";
import { sha256 } from "#sha256";
import { equalBytes, toHex } from "../encoding/bytes.ts";
import { getUint64 } from "../encoding/uint64.ts";
import { decodeUvarint } from "../encoding/varint.ts";
import { unseal } from "../store/commitRecord.ts";
import type { CommitStore } from "../store/commitStore.ts";
import { StoreError, storeErrors } from "../store/storeError.ts";
import { FORMER_AT, formerAtKey, TXS, TXS_PER_ROW, txKey, txsKey } from "./txIndex.ts";

const [CORRUPT] = storeErrors.corruptRecord;
const PLACE_BYTES = 12;

/** Where a transaction stands. */
export interface Place {
  readonly height: bigint;
  readonly index: number;
}

/** A transaction of a block, and its result as an encoded tendermint.abci.ExecTxResult. */
interface PlacedTx extends Place {
  readonly tx: Uint8Array;
  readonly result: Uint8Array;
}

/** A transaction of the index, undefined when there is none of that hash. @throws store/13 when its rows are damaged */
export async function findTx(store: CommitStore, hash: Uint8Array): Promise<TxResult | undefined> {
  const row = await store.row(txKey(hash));
  if (row === undefined) return undefined;
  const found = isPlace(row) ? await wholeOrNone(() => new PlacedTxs(store).placed(readPlace(row))) : decodeFormer(row);
  if (found === undefined || !equalBytes(sha256(found.tx), hash)) throw damaged(hash, row);
  return found;
}

/** Whether a transaction succeeded in an earlier block, as far as the index knows. Damaged rows, which may stop no commit, count as none. */
export async function hasSucceeded(store: CommitStore, hash: Uint8Array): Promise<boolean> {
  return (await wholeOrNone(() => findTx(store, hash)))?.result?.code === 0;
}

/** Reads transactions by their places. What was read last is remembered: neighbours lie in one row. */
export class PlacedTxs {
  readonly #store: CommitStore;
  #first: Place | undefined;
  #txs: readonly PlacedTx[] = [];

  constructor(store: CommitStore) {
    this.#store = store;
  }

  /** The transaction whose result stands at a place, undefined when there is none. @throws store/13 when its rows are damaged */
  async find(place: Place): Promise<TxResult | undefined> {
    const found = (await this.placed(place)) ?? (await this.#former(place));
    if (found === undefined) return undefined;
    const hash = sha256(found.tx);
    const row = await this.#store.row(txKey(hash));
    const stands = row === undefined ? undefined : findPlace(row);
    if (row !== undefined && stands === undefined) throw damaged(hash, row);
    // The same bytes may have come again in another block: the result stands at one place only.
    return stands?.height === place.height && stands.index === place.index ? found : undefined;
  }

  /** The transaction that a block has at a place. @throws store/13 when its row is damaged */
  async placed({ height, index }: Place): Promise<TxResult | undefined> {
    const first = index - (index % TXS_PER_ROW);
    if (this.#first?.height !== height || this.#first.index !== first) {
      const key = txsKey(height, first);
      const row = await this.#store.row(key);
      this.#txs = row === undefined ? [] : [...txsOf(key, row)];
      this.#first = { height, index: first };
    }
    const found = this.#txs.find((one) => one.index === index);
    return found === undefined ? undefined : withResult(found);
  }

  async #former({ height, index }: Place): Promise<TxResult | undefined> {
    const hash = await this.#store.row(formerAtKey(height, index));
    return hash === undefined ? undefined : findTx(this.#store, hash);
  }
}

/** Rows that hold the transactions of heights `from` to `to`, both inclusive. */
export async function* txRowsOf(store: CommitStore, from: bigint, to: bigint): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]> {
  yield* store.rows({ start: formerAtKey(from, 0), end: formerAtKey(to + 1n, 0) });
  yield* store.rows({ start: txsKey(from, 0), end: txsKey(to + 1n, 0) });
}

/** Places that hold transactions at heights `from` to `to`; one may come twice. @throws store/13 when a row is damaged */
export async function* txPlaces(store: CommitStore, from: bigint, to: bigint): AsyncIterableIterator<Place> {
  for await (const [key, row] of txRowsOf(store, from, to)) {
    if (isFormer(key)) yield readPlace(key.subarray(FORMER_AT.length));
    else yield* txsOf(key, row);
  }
}

/** Transactions of a block in order, without those whose rows are damaged. */
export async function txsAt(store: CommitStore, height: bigint): Promise<readonly TxResult[]> {
  const found: TxResult[] = [];
  for await (const [key, row] of txRowsOf(store, height, height)) {
    const whole = await wholeOrNone(async () => (isFormer(key) ? [await findTx(store, row)] : [...txsOf(key, row)].map(withResult)));
    for (const tx of whole ?? []) if (tx !== undefined) found.push(tx);
  }
  return found;
}

/** Results of a block in order. @throws store/13 when a row is damaged */
export async function resultsAt(store: CommitStore, height: bigint): Promise<ExecTxResult[]> {
  const results: ExecTxResult[] = [];
  for await (const [key, row] of store.rows({ start: txsKey(height, 0), end: txsKey(height + 1n, 0) }))
    for (const { result } of txsOf(key, row)) results.push(ExecTxResult.decode(result));
  return results;
}

/** The height at which the result of a hash stands, undefined when there is none or its row is damaged. */
export async function heightOfTx(store: CommitStore, hash: Uint8Array): Promise<bigint | undefined> {
  const row = await store.row(txKey(hash));
  return row === undefined ? undefined : findPlace(row)?.height;
}

/** The transactions in a row. Where one is not known there are neither its bytes nor its result. */
function* txsOf(key: Uint8Array, row: Uint8Array): IterableIterator<PlacedTx> {
  const { height, index: first } = readPlace(key.subarray(TXS.length));
  const bytes = unseal(row, `idx/txs/${height}/${first}`);
  let at = 0;
  const sized = (): Uint8Array => {
    const { value, next } = decodeUvarint(bytes, at);
    at = next + Number(value);
    return bytes.subarray(next, at);
  };
  for (let index = first; at < bytes.length; index++) {
    const [tx, result] = [sized(), sized()];
    if (tx.length + result.length > 0) yield { height, index, tx, result };
  }
}

function withResult({ result, ...placed }: PlacedTx): TxResult {
  return { ...placed, result: ExecTxResult.decode(result) };
}

/** Whether the row of a hash is a place: an encoded TxResult begins with the tag of its height, a place with a zero for ages. */
function isPlace(row: Uint8Array): boolean {
  return row.length === PLACE_BYTES && row[0] === 0;
}

function readPlace(bytes: Uint8Array): Place {
  return { height: getUint64(bytes), index: new DataView(bytes.buffer, bytes.byteOffset).getUint32(8) };
}

/** The place that the row of a hash tells of, undefined when it is damaged. */
function findPlace(row: Uint8Array): Place | undefined {
  return isPlace(row) ? readPlace(row) : decodeFormer(row);
}

function decodeFormer(row: Uint8Array): TxResult | undefined {
  try {
    return TxResult.decode(row);
  } catch {
    return undefined;
  }
}

function isFormer(key: Uint8Array): boolean {
  return equalBytes(key.subarray(0, FORMER_AT.length), FORMER_AT);
}

/** What `read` finds; undefined where it is damaged. */
async function wholeOrNone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StoreError && error.code === CORRUPT) return undefined;
    throw error;
  }
}

function damaged(hash: Uint8Array, row: Uint8Array): StoreError {
  return new StoreError(
    "corruptRecord",
    `idx/tx/${toHex(hash)}: expected the result of a transaction of that hash, got ${row.length} other bytes`,
  );
}

import { TxResult } from "#proto/tendermint/abci/types";
import { concatBytes, encodeUtf8 } from "../encoding/bytes.ts";
import type { CommitStore } from "../store/commitStore.ts";

/** A row of the commit store's index: key and value. */
export type IndexRow = readonly [key: Uint8Array, value: Uint8Array];

const TX = encodeUtf8("tx/");
const TX_AT = encodeUtf8("at/");
const BLOCK = encodeUtf8("block/");

/** Key of a transaction by the SHA-256 of its bytes. Its value is an encoded tendermint.abci.TxResult. */
export function txKey(hash: Uint8Array): Uint8Array {
  return concatBytes(TX, hash);
}

/** Key of the hash of the transaction at a place: height, then index in the block. */
export function txAtKey(height: bigint, index: number): Uint8Array {
  return concatBytes(TX_AT, placeBytes(height, index));
}

/** Key of what is known of a block besides its state: its time. */
export function blockKey(height: bigint): Uint8Array {
  return concatBytes(BLOCK, numberBytes(height));
}

/** Row with the time of a block. */
export function blockRow(height: bigint, timeNs: bigint): IndexRow {
  return [blockKey(height), numberBytes(timeNs)];
}

/** Time of a block in nanoseconds since 1970-01-01 UTC, undefined for a block that is not indexed here. */
export async function findBlockTime(store: CommitStore, height: bigint): Promise<bigint | undefined> {
  const bytes = await store.row(blockKey(height));
  return bytes === undefined ? undefined : new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0);
}

/** A transaction of the index, undefined when there is none of that hash. */
export async function findTx(store: CommitStore, hash: Uint8Array): Promise<TxResult | undefined> {
  const bytes = await store.row(txKey(hash));
  return bytes === undefined ? undefined : TxResult.decode(bytes);
}

/** Transactions of a block in order. */
export async function txsAt(store: CommitStore, height: bigint): Promise<readonly TxResult[]> {
  const found: TxResult[] = [];
  for await (const [, hash] of store.rows({ start: txAtKey(height, 0), end: txAtKey(height + 1n, 0) })) {
    const tx = await findTx(store, hash);
    if (tx !== undefined) found.push(tx);
  }
  return found;
}

function numberBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value);
  return bytes;
}

function placeBytes(height: bigint, index: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, height);
  view.setUint32(8, index);
  return bytes;
}

import { TxResult } from "#proto/tendermint/abci/types";
import { Header } from "#proto/tendermint/types/types";
import { sha256 } from "#sha256";
import { concatBytes, encodeUtf8, equalBytes, toHex } from "../encoding/bytes.ts";
import type { CommitStore } from "../store/commitStore.ts";
import type { Range } from "../store/kv.ts";
import { StoreError, storeErrors } from "../store/storeError.ts";

/** A row of the commit store's index: key and value; without value the row goes. */
export type IndexRow = readonly [key: Uint8Array, value: Uint8Array | undefined];

/** What a node remembers of transactions besides their effects. */
export interface TxIndexOptions {
  /** Whether events are indexed, for searches. Transactions are found by hash and height either way. */
  readonly events: boolean;
  /** Attributes that are indexed, such as `transfer.recipient`; empty: all that events mark. */
  readonly names: ReadonlySet<string>;
  /** Blocks whose transactions are remembered; 0: all. */
  readonly keepRecent: bigint;
}

/** Everything, for ever. */
export const FULL_TX_INDEX: TxIndexOptions = { events: true, names: new Set(), keepRecent: 0n };

const [CORRUPT] = storeErrors.corruptRecord;
/** What keys of transactions begin with. */
export const TX: Uint8Array = encodeUtf8("tx/");
/** What keys of places begin with. */
export const TX_AT: Uint8Array = encodeUtf8("at/");
const BLOCK = encodeUtf8("block/");
const HASHES = encodeUtf8("hashes/");

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
export function blockRow(height: bigint, timeNs: bigint): readonly [key: Uint8Array, value: Uint8Array] {
  return [blockKey(height), numberBytes(timeNs)];
}

/** Time of a block in nanoseconds since 1970-01-01 UTC, undefined for a block that is not indexed here, or whose row is damaged. */
export async function findBlockTime(store: CommitStore, height: bigint): Promise<bigint | undefined> {
  const bytes = await store.row(blockKey(height));
  return bytes?.length === 8 ? new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0) : undefined;
}

/** What the header of a block says besides its time: its app hash is that of the state before the block. */
export type HeaderHashes = Pick<Header, "appHash" | "nextValidatorsHash">;

/** Key of the hashes in the header of a block. */
export function hashesKey(height: bigint): Uint8Array {
  return concatBytes(HASHES, numberBytes(height));
}

/** Row with the hashes in the header of a block. */
export function hashesRow(height: bigint, hashes: HeaderHashes): readonly [key: Uint8Array, value: Uint8Array] {
  return [hashesKey(height), Header.encode(Header.fromPartial(hashes)).finish()];
}

/** Hashes in the header of a block, undefined for a block that is not indexed here. */
export async function findHeaderHashes(store: CommitStore, height: bigint): Promise<HeaderHashes | undefined> {
  const bytes = await store.row(hashesKey(height));
  return bytes === undefined ? undefined : Header.decode(bytes);
}

/** A transaction of the index, undefined when there is none of that hash. @throws store/13 when its row is damaged */
export async function findTx(store: CommitStore, hash: Uint8Array): Promise<TxResult | undefined> {
  const bytes = await store.row(txKey(hash));
  if (bytes === undefined) return undefined;
  const found = decodeTxRow(bytes);
  if (found === undefined || !equalBytes(sha256(found.tx), hash))
    throw new StoreError(
      "corruptRecord",
      `idx/tx/${toHex(hash)}: expected the result of a transaction of that hash, got ${bytes.length} other bytes`,
    );
  return found;
}

/** {@link findTx} for commits, which no damaged row may stop: it counts as none. */
async function findWholeTx(store: CommitStore, hash: Uint8Array): Promise<TxResult | undefined> {
  try {
    return await findTx(store, hash);
  } catch (error) {
    if (error instanceof StoreError && error.code === CORRUPT) return undefined;
    throw error;
  }
}

/** Whether a transaction succeeded in an earlier block, as far as the index knows. */
export async function hasSucceeded(store: CommitStore, hash: Uint8Array): Promise<boolean> {
  return (await findWholeTx(store, hash))?.result?.code === 0;
}

function decodeTxRow(bytes: Uint8Array): TxResult | undefined {
  try {
    return TxResult.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A transaction at a place, undefined when there is none. */
export async function findTxAt(store: CommitStore, height: bigint, index: number): Promise<TxResult | undefined> {
  const hash = await store.row(txAtKey(height, index));
  const found = hash === undefined ? undefined : await findTx(store, hash);
  // The same bytes may have come again in another block: the result stands at one place only.
  return found === undefined || (found.height === height && found.index === index) ? found : undefined;
}

/** Places that hold transactions, in order. @param range of {@link txAtKey} */
export async function* txPlaces(
  store: CommitStore,
  range: Range,
): AsyncIterableIterator<{ readonly height: bigint; readonly index: number }> {
  for await (const [key] of store.rows(range)) {
    const view = new DataView(key.buffer, key.byteOffset + TX_AT.length, 12);
    yield { height: view.getBigInt64(0), index: view.getUint32(8) };
  }
}

/** Transactions of a block in order, without those whose rows are damaged. */
export async function txsAt(store: CommitStore, height: bigint): Promise<readonly TxResult[]> {
  const found: TxResult[] = [];
  for await (const [, hash] of store.rows({ start: txAtKey(height, 0), end: txAtKey(height + 1n, 0) })) {
    const tx = await findWholeTx(store, hash);
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

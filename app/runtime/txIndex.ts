import { Header } from "#proto/tendermint/types/types";
import { concatBytes, encodeUtf8 } from "../encoding/bytes.ts";
import type { CommitStore } from "../store/commitStore.ts";

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

/** What keys of hashes begin with. */
export const TX: Uint8Array = encodeUtf8("tx/");
/** What keys of a block's transactions begin with. */
export const TXS: Uint8Array = encodeUtf8("txs/");
/** Transactions that share a row with their results. */
export const TXS_PER_ROW = 16;
/** What keys of places begin with that were written before transactions shared rows. */
export const FORMER_AT: Uint8Array = encodeUtf8("at/");
const BLOCK = encodeUtf8("block/");
const HASHES = encodeUtf8("hashes/");

/**
 * Key of a transaction by the SHA-256 of its bytes. Its value is the place of it: height, then index in the block. Before transactions shared rows it was an
 * encoded tendermint.abci.TxResult.
 */
export function txKey(hash: Uint8Array): Uint8Array {
  return concatBytes(TX, hash);
}

/** Key of the row with the transaction at a place, and where the rows of a height begin. */
export function txsKey(height: bigint, index: number): Uint8Array {
  return concatBytes(TXS, placeBytes(height, index - (index % TXS_PER_ROW)));
}

/** Key of the hash of the transaction at a place, in rows of former times. */
export function formerAtKey(height: bigint, index: number): Uint8Array {
  return concatBytes(FORMER_AT, placeBytes(height, index));
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

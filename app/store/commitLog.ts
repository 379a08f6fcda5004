// Where committed heights go: the port with two implementations, on RocksDB (rocksLog.ts) and in memory (memoryLog.ts).

import type { CommitRecord } from "./commitRecord.ts";
import type { Range } from "./kv.ts";

/** An index row to write; an undefined value deletes. Keys are not empty. */
export type Row = readonly [key: Uint8Array, value: Uint8Array | undefined];

/** An applied version that lies ready to be committed. Another version that is applied in its place makes it void. */
export interface PreparedCommit {
  /** As `commit` of a store, of what it was prepared for. CONTRACT: once. */
  commit(): Promise<void>;
}

/** The durable side of a commit. */
export interface CommitLog {
  /**
   * Makes ready to keep a height, its index rows and the response that its block got. What it returns keeps them, all or nothing: they are durable when
   * it resolves. Called no more than once; what is not called leaves nothing behind.
   * @throws store/2 for a row with an empty key; what it returns rejects with store/18 when it cannot be written
   */
  prepare(record: CommitRecord, rows: readonly Row[], response: Uint8Array | undefined): () => Promise<void>;
  /** The response kept with a height. @throws store/13 when it is damaged */
  response(version: bigint): Promise<Uint8Array | undefined>;
  /** An index row. */
  row(key: Uint8Array): Promise<Uint8Array | undefined>;
  /** Index rows in key order, as they were when the iteration began. */
  rows(range: Range): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]>;
  /** Lets go of the storage. */
  close(): Promise<void>;
}

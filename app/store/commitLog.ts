// Where committed heights go: the port with two implementations, on RocksDB (rocksLog.ts) and in memory (memoryLog.ts).

import type { CommitRecord } from "./commitRecord.ts";
import type { Range } from "./kv.ts";

/** An index row to write; an undefined value deletes. Keys are not empty. */
export type Row = readonly [key: Uint8Array, value: Uint8Array | undefined];

/** The durable side of a commit. */
export interface CommitLog {
  /**
   * Keeps a height, its index rows and the response that its block got, all or nothing; durable when it returns.
   * @throws store/2 for a row with an empty key, store/18 when it cannot be written
   */
  append(record: CommitRecord, rows: readonly Row[], response: Uint8Array | undefined): Promise<void>;
  /** The response kept with a height. @throws store/13 when it is damaged */
  response(version: bigint): Promise<Uint8Array | undefined>;
  /** An index row. */
  row(key: Uint8Array): Promise<Uint8Array | undefined>;
  /** Index rows in key order, as they were when the iteration began. */
  rows(range: Range): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]>;
  /** Lets go of the storage. */
  close(): Promise<void>;
}

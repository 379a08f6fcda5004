// The log on RocksDB: a commit is one synced batch of record, last height, index rows and block response.

import { ByteReader, ByteWriter } from "./byteStream.ts";
import type { CommitLog, Row } from "./commitLog.ts";
import { type CommitRecord, decodeAppHash, decodeCommitRecord, encodeCommitRecord, seal, sealBytes, unseal } from "./commitRecord.ts";
import type { FailpointHook } from "./failpoint.ts";
import { requireKey } from "./keyText.ts";
import type { Range } from "./kv.ts";
import type { Database, DatabaseWrite } from "./rocks.ts";
import { lastKey, parseRowKey, recordKey, responseKey, restoringKey, rowKey, rowKeys, rowRange } from "./rocksKeys.ts";

/** The last durable height. */
export interface LastCommit {
  readonly version: bigint;
  readonly appHash: Uint8Array;
}

/** Commit records, responses and index rows in one database. */
export class RocksLog implements CommitLog {
  readonly #db: Database;
  readonly #reach: FailpointHook;

  /** @param reach told of the moments before and after the batch */
  constructor(db: Database, reach: FailpointHook) {
    this.#db = db;
    this.#reach = reach;
  }

  prepare(record: CommitRecord, rows: readonly Row[], response: Uint8Array | undefined): () => Promise<void> {
    this.#reach("beforeRecord");
    const writes: DatabaseWrite[] = [
      [recordKey(record.version), encodeCommitRecord(record)],
      [lastKey, encodeLast(record)],
    ];
    this.#reach("beforeRows");
    for (const [key] of rows) requireKey(key);
    const keys = rowKeys(rows.map(([key]) => key));
    for (const [i, key] of keys.entries()) writes.push([key, rows[i]?.[1]]);
    if (response !== undefined) writes.push([responseKey(record.version), sealBytes(response)]);
    const batch = this.#db.batch(writes);
    return async () => {
      this.#reach("beforeBatch");
      await batch.write(true);
      this.#reach("afterBatch");
    };
  }

  async response(version: bigint): Promise<Uint8Array | undefined> {
    const bytes = await this.#db.get(responseKey(version));
    return bytes === undefined ? undefined : unseal(bytes, `res/${version}`);
  }

  async row(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#db.get(rowKey(key));
  }

  async *rows(range: Range): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]> {
    for await (const [key, value] of this.#db.iterate(rowRange(range))) yield [parseRowKey(key), value];
  }

  async close(): Promise<void> {
    await this.#db.close();
  }

  /** The record of a height, undefined when there is none. @throws store/13 when it is damaged */
  async record(version: bigint): Promise<CommitRecord | undefined> {
    const bytes = await this.#db.get(recordKey(version));
    return bytes === undefined ? undefined : decodeCommitRecord(bytes, version);
  }

  /** The app hash that the record of a height names, undefined when there is none. @throws store/13 when it is damaged */
  async appHash(version: bigint): Promise<Uint8Array | undefined> {
    const bytes = await this.#db.get(recordKey(version));
    return bytes === undefined ? undefined : decodeAppHash(bytes, version);
  }

  /** The last durable height, undefined before the first commit. @throws store/13 when the note is damaged */
  async last(): Promise<LastCommit | undefined> {
    const bytes = await this.#db.get(lastKey);
    if (bytes === undefined) return undefined;
    const input = new ByteReader(unseal(bytes, "meta/last"), "meta/last");
    return { version: input.uint64(), appHash: input.bytes() };
  }

  /** Notes that a state is about to be put beside an empty log. */
  async beginRestore(): Promise<void> {
    await this.#db.write([[restoringKey, Uint8Array.of(1)]], true);
  }

  /** Makes a state that was put beside the empty log the last height, or with undefined takes the note back. */
  async endRestore(last: LastCommit | undefined): Promise<void> {
    const writes: DatabaseWrite[] = [[restoringKey, undefined]];
    if (last !== undefined) writes.push([lastKey, encodeLast(last)]);
    await this.#db.write(writes, true);
  }

  /** Whether a restore has begun and not ended. */
  async isRestoring(): Promise<boolean> {
    return (await this.#db.get(restoringKey)) !== undefined;
  }

  /** Takes back the heights `from` to `to`, so that `last` is the last one again. */
  async truncate(from: bigint, to: bigint, last: LastCommit | undefined): Promise<void> {
    const writes: DatabaseWrite[] = [[lastKey, last === undefined ? undefined : encodeLast(last)]];
    for (let version = from; version <= to; version += 1n) writes.push([recordKey(version), undefined], [responseKey(version), undefined]);
    await this.#db.write(writes, true);
  }

  /** Forgets the heights `from` to `to` and their responses; not synced, since a height that comes back does no harm. */
  async prune(from: bigint, to: bigint): Promise<void> {
    const writes: DatabaseWrite[] = [];
    for (let version = from; version <= to; version += 1n) writes.push([recordKey(version), undefined], [responseKey(version), undefined]);
    await this.#db.write(writes, false);
  }
}

function encodeLast({ version, appHash }: LastCommit): Buffer {
  const out = new ByteWriter(64);
  out.uint64(version);
  out.bytes(appHash);
  return seal(out);
}

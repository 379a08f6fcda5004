// Flat values: every live key of every store as one row of RocksDB, a few heights behind the log. They carry no proof; they are what a value is
// fetched by when it no longer fits in memory.

import { setImmediate as nextTurn } from "node:timers/promises";
import { ByteReader, ByteWriter } from "./byteStream.ts";
import { type CommitRecord, crcBytes, seal, sealBytes, unseal } from "./commitRecord.ts";
import { crc32c } from "./crc32c.ts";
import type { FailpointHook } from "./failpoint.ts";
import type { Change } from "./kv.ts";
import type { Database, DatabaseWrite } from "./rocks.ts";
import { flatKey, flatPrefix, flatValueKey } from "./rocksKeys.ts";
import type { RocksLog } from "./rocksLog.ts";
import { StoreError } from "./storeError.ts";

/** Heights that may wait in memory before a commit waits for the flat values. */
const longestQueue = 64;

/** Follows the log, one height per unsynced batch, each with its watermark: what the log holds durably can be followed again. */
export class FlatFollower {
  readonly #db: Database;
  readonly #log: RocksLog;
  readonly #reach: FailpointHook;
  readonly #fail: (cause: unknown) => void;
  readonly #waiting = new Map<bigint, CommitRecord>();
  #watermark: bigint;
  #target: bigint;
  #run: Promise<void> | undefined;
  #isClosing = false;

  /**
   * @param watermark the height that the rows on disk stand for
   * @param fail told when a batch failed; the next commit tries again
   */
  constructor(db: Database, log: RocksLog, watermark: bigint, reach: FailpointHook, fail: (cause: unknown) => void) {
    this.#db = db;
    this.#log = log;
    this.#watermark = watermark;
    this.#target = watermark;
    this.#reach = reach;
    this.#fail = fail;
  }

  /** The height up to which the flat values are complete. */
  get watermark(): bigint {
    return this.#watermark;
  }

  /** Follows the log up to `version`, in the background; a record at hand spares reading it back. */
  follow(version: bigint, record?: CommitRecord): void {
    if (record !== undefined && this.#waiting.size < longestQueue) this.#waiting.set(version, record);
    this.#target = version;
    if (this.#run === undefined) this.#start();
  }

  /** Resolves when everything asked for is written, or has failed. */
  async idle(): Promise<void> {
    while (this.#run !== undefined) await this.#run;
  }

  /** Runs `task` between two batches, with the height that the rows on disk stand for; following goes on behind it. */
  async between<T>(task: (watermark: bigint) => Promise<T>): Promise<T> {
    await this.idle();
    const result = task(this.#watermark);
    this.#run = result.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await result;
    } finally {
      this.#run = undefined;
      this.#start();
    }
  }

  /** Goes on from a height whose rows somebody else writes in `task`; while it runs nothing is followed. */
  async jump(version: bigint, task: () => Promise<unknown>): Promise<void> {
    await this.idle();
    await task();
    this.#watermark = version;
    if (this.#target < version) this.#target = version;
  }

  /** Stops after the batch under way. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.idle();
  }

  #start(): void {
    if (this.#watermark >= this.#target || this.#isClosing) return;
    this.#run = this.#advance().then(
      () => {
        this.#run = undefined;
        // A height may have been asked for after the last look.
        this.#start();
      },
      (cause: unknown) => {
        this.#run = undefined;
        this.#fail(cause);
      },
    );
  }

  async #advance(): Promise<void> {
    // Not in the turn of the commit, whose answer need not wait for it.
    await nextTurn();
    while (this.#watermark < this.#target && !this.#isClosing) {
      const version = this.#watermark + 1n;
      const record = this.#waiting.get(version) ?? (await this.#log.record(version));
      if (record === undefined) throw new StoreError("corruptRecord", `cs/${version}: expected a record above the flat values, got none`);
      this.#reach("beforeFlat");
      await this.#db.write(encodeFlat(record), false);
      this.#reach("afterFlat");
      this.#waiting.delete(version);
      this.#watermark = version;
    }
  }
}

/** The watermark on disk; undefined when there is none or it is damaged, so that the flat values must be built again. */
export async function findFlatWatermark(db: Database): Promise<bigint | undefined> {
  const bytes = await db.get(flatKey);
  if (bytes === undefined) return undefined;
  try {
    return new ByteReader(unseal(bytes, "meta/flat"), "meta/flat").uint64();
  } catch (cause) {
    if (cause instanceof StoreError) return undefined;
    throw cause;
  }
}

/** The watermark as a row. */
export function encodeFlatWatermark(version: bigint): DatabaseWrite {
  const mark = new ByteWriter(16);
  mark.uint64(version);
  return [flatKey, seal(mark)];
}

/** A flat row: the value with its checksum behind it. */
export function encodeFlatRow(prefix: Uint8Array, key: Uint8Array, value: Uint8Array): readonly [key: Uint8Array, row: Uint8Array] {
  return [flatValueKey(prefix, key), sealBytes(value)];
}

function encodeFlat({ version, changes }: CommitRecord): DatabaseWrite[] {
  const writes: DatabaseWrite[] = [];
  for (const [name, list] of changes) for (const row of encodeFlatRows(flatPrefix(name), list)) writes.push(row);
  writes.push(encodeFlatWatermark(version));
  return writes;
}

/** The rows of a store's changes: views of one array, since a small array that leaves V8's heap costs more than its bytes. */
function encodeFlatRows(prefix: Uint8Array, list: readonly Change[]): DatabaseWrite[] {
  let room = 0;
  for (const [key, value] of list) room += prefix.length + key.length + (value === undefined ? 0 : value.length + crcBytes);
  const bytes = Buffer.allocUnsafeSlow(room);
  let at = 0;
  const put = (part: Uint8Array): void => {
    bytes.set(part, at);
    at += part.length;
  };
  return list.map(([key, value]) => {
    const start = at;
    put(prefix);
    put(key);
    const middle = at;
    if (value === undefined) return [bytes.subarray(start, middle), undefined];
    put(value);
    at = bytes.writeUInt32LE(crc32c(value), at);
    return [bytes.subarray(start, middle), bytes.subarray(middle, at)];
  });
}

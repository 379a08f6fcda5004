// RocksDB behind promises and bytes: the one place that loads the native package.

import RocksDb from "@salto-io/rocksdb";
import type { Range } from "./kv.ts";
import { StoreError } from "./storeError.ts";

/** One write of a batch; an undefined value deletes. */
export type DatabaseWrite = readonly [key: Uint8Array, value: Uint8Array | undefined];

/** Writes that lie ready in the database's memory. Dropped, they leave nothing behind. */
export interface Batch {
  /** All writes or none; `sync` returns only when they are on the disk. CONTRACT: once. @throws store/18 */
  write(sync: boolean): Promise<void>;
}

/** An ordered map on disk. */
export interface Database {
  /** The value of `key`, or undefined. @throws store/18 when it cannot be read */
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  /** Copies writes into the database's memory. @throws store/18 when it is closed */
  batch(writes: readonly DatabaseWrite[]): Batch;
  /** A batch that is written at once. @throws store/18 */
  write(writes: readonly DatabaseWrite[], sync: boolean): Promise<void>;
  /** The pairs of `range` as they were when the iteration began. @throws store/18 */
  iterate(range: Range, limit?: number): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]>;
  /** The first key of `range` in its direction, undefined when there is none; its value, however long, is not read. @throws store/18 */
  firstKey(range: Range): Promise<Uint8Array | undefined>;
  /** Waits for what is under way and lets go of the folder. */
  close(): Promise<void>;
}

/**
 * What bounds the memory however large the database grows: decoded blocks in the cache; two write buffers, and with them the files of the
 * write-ahead log, each of which goes when its buffer is flushed; the indexes and filters of open tables, about 1 MiB for a table of 64 MiB.
 */
const limits = { cacheSize: 32 << 20, writeBufferSize: 16 << 20, maxOpenFiles: 64, blockSize: 16 << 10 };

/**
 * Opens the database in the folder `path`, which is made when missing.
 * @throws store/12 when another process, or this one, has it open; store/18 when it cannot be opened
 */
export async function openRocks(path: string): Promise<Database> {
  const db = new RocksDb(path);
  try {
    await call<void>((done) => db.open({ createIfMissing: true, ...limits }, done));
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    if (/while lock file|lock hold by/i.test(text))
      throw new StoreError("homeInUse", `${path} is locked: stop the other process first`, { cause });
    throw new StoreError("backendFailed", `opening ${path}: ${text}`, { cause });
  }
  return new Rocks(db);
}

const neverCollected: object[] = [];

class Rocks implements Database {
  readonly #db: RocksDb;
  #isOpen = true;
  /** Whether an iteration failed: the package never says that its iterator has ended then, and closes no database before all have. */
  #hasLostIterator = false;

  constructor(db: RocksDb) {
    this.#db = db;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    this.#requireOpen();
    try {
      return await call<Buffer>((done) => this.#db.get(view(key), done));
    } catch (cause) {
      if (cause instanceof Error && /not ?found/i.test(cause.message)) return undefined;
      throw failed("reading", cause);
    }
  }

  batch(writes: readonly DatabaseWrite[]): Batch {
    this.#requireOpen();
    try {
      // Row by row straight into the package's memory: a list of operations would be copied, and each looked up by property names.
      const batch = this.#db.batch();
      for (const [key, value] of writes) {
        if (value === undefined) batch.del(view(key));
        else batch.put(view(key), view(value));
      }
      return { write: (sync) => this.#write(batch, sync) };
    } catch (cause) {
      throw failed("writing", cause);
    }
  }

  async write(writes: readonly DatabaseWrite[], sync: boolean): Promise<void> {
    await this.batch(writes).write(sync);
  }

  async #write(batch: ReturnType<RocksDb["batch"]>, sync: boolean): Promise<void> {
    this.#requireOpen();
    try {
      await call<void>((done) => batch.write({ sync }, done));
    } catch (cause) {
      throw failed("writing", cause);
    }
  }

  iterate(range: Range, limit = -1): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]> {
    return this.#walk(range, limit, true);
  }

  async firstKey(range: Range): Promise<Uint8Array | undefined> {
    for await (const [key] of this.#walk(range, 1, false)) return key;
    return undefined;
  }

  #walk(range: Range, limit: number, values: boolean): AsyncGenerator<readonly [Buffer, Buffer], void, undefined> {
    return range.reverse === true ? this.#backward(range, limit, values) : this.#pairs(range, limit, values);
  }

  /** Where the upper end of a range cannot be read the package takes it for an empty one, so an empty one is asked for its first pair. */
  async *#backward(range: Range, limit: number, values: boolean): AsyncGenerator<readonly [Buffer, Buffer], void, undefined> {
    const { reverse: _reverse, ...forward } = range;
    // Twice, because a pair may be written between the two questions.
    for (let tries = 0; tries < 2; tries++) {
      let isEmpty = true;
      for await (const pair of this.#pairs(range, limit, values)) {
        isEmpty = false;
        yield pair;
      }
      if (!isEmpty || limit === 0 || (await this.firstKey(forward)) === undefined) return;
    }
    throw new StoreError("backendFailed", "iterating: expected the last pair of a range that has a first one, got none");
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    // The folder stays locked until this process ends. What was written is in the log of the database.
    if (this.#hasLostIterator) return;
    await call<void>((done) => this.#db.close(done));
  }

  async *#pairs(
    { start, end, reverse }: Range,
    limit: number,
    values: boolean,
  ): AsyncGenerator<readonly [Buffer, Buffer], void, undefined> {
    this.#requireOpen();
    // The package ignores an empty bound: right for the start, wrong for the end, below which there is nothing.
    if (end?.length === 0) return;
    const bounds = { ...(start && { gte: view(start) }), ...(end && { lt: view(end) }) };
    const iterator = this.#db.iterator({ ...bounds, reverse: reverse === true, limit, values });
    let isLost = false;
    try {
      for (;;) {
        this.#requireOpen();
        const pair = await new Promise<readonly [Buffer, Buffer] | undefined>((resolve, reject) => {
          iterator.next((error, key, value) => {
            isLost = Boolean(error);
            if (error) reject(failed("iterating", error));
            else resolve(key === undefined || value === undefined ? undefined : [key, value]);
          });
        });
        if (pair === undefined) return;
        yield pair;
      }
    } finally {
      if (isLost) this.#loseIterator(iterator);
      else if (this.#isOpen) await call<void>((done) => iterator.end(done));
    }
  }

  /**
   * Whenever the package cleans up such an iterator or its database it aborts: when they are collected, and when the process just ends. One that exits
   * does not clean up.
   */
  #loseIterator(iterator: object): void {
    if (!this.#hasLostIterator) process.once("beforeExit", () => process.exit());
    this.#hasLostIterator = true;
    neverCollected.push(this.#db, iterator);
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw new StoreError("storeClosed", "expected an open store, it was closed");
  }
}

function call<T>(start: (done: (error: Error | null | undefined, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
}

function failed(doing: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  return new StoreError("backendFailed", `${doing}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}

/** The package takes Buffers only; anything else it would turn into text. */
function view(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

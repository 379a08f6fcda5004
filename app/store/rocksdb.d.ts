// The part of the package's interface that rocks.ts uses; the types in the package need those of another one and promise less.
declare module "@salto-io/rocksdb" {
  type Callback<T = void> = (error: Error | null | undefined, value: T) => void;

  interface RocksOptions {
    readonly createIfMissing?: boolean;
    /** Bytes of decoded blocks. */
    readonly cacheSize?: number;
    /** Bytes of writes kept in memory before they become a table; a second buffer fills while the first one is written. */
    readonly writeBufferSize?: number;
    readonly maxOpenFiles?: number;
    /** Bytes of a block before compression. */
    readonly blockSize?: number;
  }

  interface IteratorOptions {
    readonly gte?: Buffer;
    readonly lt?: Buffer;
    readonly reverse?: boolean;
    readonly limit?: number;
    /** Whether values are read; they are empty otherwise. */
    readonly values?: boolean;
  }

  interface RocksIterator {
    next(callback: (error: Error | null | undefined, key?: Buffer, value?: Buffer) => void): void;
    end(callback: Callback): void;
  }

  /** Writes that are made together; they are copied as they are added. */
  interface RocksBatch {
    put(key: Buffer, value: Buffer): void;
    del(key: Buffer): void;
    write(options: { readonly sync: boolean }, callback: Callback): void;
  }

  class RocksDb {
    constructor(location: string);
    open(options: RocksOptions, callback: Callback): void;
    close(callback: Callback): void;
    get(key: Buffer, callback: Callback<Buffer>): void;
    batch(): RocksBatch;
    iterator(options: IteratorOptions): RocksIterator;
  }

  export = RocksDb;
}

// The part of the package's interface that rocks.ts uses; the package ships no types.
declare module "rocksdb" {
  type Callback<T = void> = (error: Error | null | undefined, value: T) => void;

  interface RocksOptions {
    readonly createIfMissing?: boolean;
    readonly compression?: boolean;
    readonly cacheSize?: number;
    readonly writeBufferSize?: number;
  }

  interface RocksIterator {
    next(callback: (error: Error | null | undefined, key?: Buffer, value?: Buffer) => void): void;
    end(callback: Callback): void;
  }

  type RocksOperation =
    | { readonly type: "put"; readonly key: Buffer; readonly value: Buffer }
    | { readonly type: "del"; readonly key: Buffer };

  class RocksDb {
    constructor(location: string);
    open(options: RocksOptions, callback: Callback): void;
    close(callback: Callback): void;
    get(key: Buffer, callback: Callback<Buffer>): void;
    batch(operations: readonly RocksOperation[], options: { readonly sync: boolean }, callback: Callback): void;
    iterator(options: { readonly gte?: Buffer; readonly lt?: Buffer; readonly reverse?: boolean; readonly limit?: number }): RocksIterator;
  }

  export = RocksDb;
}

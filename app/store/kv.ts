// The key-value vocabulary of the store: what the layers above read, write and hand back. No behaviour lives here.

/**
 * A key range `[start, end)` in unsigned byte order. A missing bound is open. `reverse` walks from the largest key down; the bounds keep their
 * meaning (start inclusive, end exclusive).
 */
export interface Range {
  readonly start?: Uint8Array;
  readonly end?: Uint8Array;
  readonly reverse?: boolean;
}

/** Reads of one store. CONTRACT: callers never change the bytes that they get. */
export interface KVReader {
  /** The value under `key`, or undefined. @param text that of the key as keyText.ts writes it, from who has it already */
  get(key: Uint8Array, text?: string): Uint8Array | undefined;
  /** Whether `key` has a value. @param text as in `get` */
  has(key: Uint8Array, text?: string): boolean;
  /** The pairs of `range` in key order, all of them without a range. */
  iterate(range?: Range): IterableIterator<readonly [key: Uint8Array, value: Uint8Array]>;
  /**
   * A number that stands for all pairs whose keys begin with the byte `prefix`: where it is found again, in whatever state, they are the same
   * pairs. Absent in readers that cannot tell.
   */
  stamp?(prefix: number): number;
}

/** Reads and writes of one store. CONTRACT: keys and values handed in are never changed by the caller afterwards. */
export interface KVStore extends KVReader {
  /**
   * Writes `value` under `key`.
   * @param text as in `get`
   * @throws store/2 empty key, store/3 empty value, store/4 key longer than 65,535 bytes, store/5 value longer than 2^31−1 bytes
   */
  set(key: Uint8Array, value: Uint8Array, text?: string): void;
  /**
   * Removes `key`; removing an absent key changes nothing.
   * @throws store/2 empty key, store/4 key longer than 65,535 bytes
   */
  delete(key: Uint8Array): void;
}

/** All stores at one committed version. */
export interface StateReader {
  /** The committed version (block height) that is read. */
  readonly version: bigint;
  /**
   * The store of that name.
   * @throws store/6 for a name that the chain was not opened with
   */
  store(name: string): KVReader;
}

/** One write; an undefined value deletes. */
export type Change = readonly [key: Uint8Array, value: Uint8Array | undefined];

/** The writes of one block per store, each list sorted by key bytes with unique keys. DETERMINISM: that order fixes the shape of the tree. */
export type ChangeSet = ReadonlyMap<string, readonly Change[]>;

/** The writes of one block over a committed state, with nested savepoints (block, transaction, message, sub-call). */
export interface Overlay {
  /**
   * Reads and writes of the store of that name; the same object at every call.
   * @throws store/6 for a name that the base does not know
   */
  store(name: string): KVStore;
  /** Opens a savepoint and returns its number; savepoints nest. */
  savepoint(): number;
  /**
   * Undoes every write since savepoint `to`, and closes it with all opened after it.
   * @throws store/8 when `to` is not open
   */
  rollback(to: number): void;
  /**
   * Keeps the writes since savepoint `to` as part of the level around it, and closes it with all opened after it.
   * @throws store/8 when `to` is not open
   */
  release(to: number): void;
  /** The net writes of all stores that have some; a write equal to the base value is kept, a delete of a key absent in the base is dropped. */
  changes(): ChangeSet;
  /** {@link changes}, for a copy of the overlay elsewhere, which from now on can follow by `takeWrites`. Nothing is recorded before. */
  follow(): ChangeSet;
  /**
   * Values, as they are now, of all keys written since the last call, in no order; what was rolled back has its old value again. The first call, of
   * this or of `follow`, looks back to the overlay's beginning.
   */
  takeWrites(): ChangeSet;
}

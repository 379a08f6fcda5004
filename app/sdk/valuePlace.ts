/** A key of a store with its text. */
export interface StoreKey {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Where the key of an entry and its value wait for who reads it again and again: with a transaction, whose checks ask for the same row in the mempool
 * and in its block. The value belongs to the array of its bytes. CONTRACT: a place belongs to one entry of one map.
 */
export class ValuePlace<V> {
  key: StoreKey | undefined = undefined;
  bytes: Uint8Array | undefined = undefined;
  value: V | undefined = undefined;
}

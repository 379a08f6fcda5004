// What a block changed, for a thread that reads the state itself: which keys, as one run of bytes instead of thousands of objects.
import type { Change, ChangeSet, StateReader } from "../../../../app/store/kv.ts";

/** Keys of a change set end to end. */
export interface ChangedKeys {
  /** How many keys of which store, in the order of the bytes. */
  readonly stores: readonly (readonly [store: string, keys: number])[];
  /** Length of each key, which is at most 65,535. */
  readonly lengths: Uint16Array;
  readonly bytes: Uint8Array;
}

/** Lays the keys of a block's changes end to end. */
export function packKeys(changes: ChangeSet): ChangedKeys {
  const stores: [string, number][] = [];
  let [count, size] = [0, 0];
  for (const [store, list] of changes) {
    stores.push([store, list.length]);
    count += list.length;
    for (const [key] of list) size += key.length;
  }
  const [lengths, bytes] = [new Uint16Array(count), new Uint8Array(size)];
  let [at, end] = [0, 0];
  for (const list of changes.values()) {
    for (const [key] of list) {
      lengths[at++] = key.length;
      bytes.set(key, end);
      end += key.length;
    }
  }
  return { stores, lengths, bytes };
}

/** The changes that led to a state, by their keys: what is there under a key was written, what is not there was removed. */
export function readChanges({ stores, lengths, bytes }: ChangedKeys, state: StateReader): ChangeSet {
  let [at, end] = [0, 0];
  return new Map(
    stores.map(([name, count]) => {
      const store = state.store(name);
      const list = Array.from({ length: count }, (): Change => {
        const start = end;
        end += lengths[at++] ?? 0;
        const key = bytes.subarray(start, end);
        return [key, store.get(key)];
      });
      return [name, list];
    }),
  );
}

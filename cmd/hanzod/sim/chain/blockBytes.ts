// What a thread that reads the chain's state is told of each block, as one run of bytes: a structured clone of the same in maps and arrays takes the
// chain longer than looking at the block itself.
import type { Change, ChangeSet, StateReader } from "../../../../app/store/kv.ts";
import type { SharedVersion } from "../../../../app/store/stateFeed.ts";

const HASH = 32;
/** Bytes of a number: of a version, a root's id, how many keys a store has. */
const NUMBER = 8;
const LENGTH = 2;
/** How many keys of a store changed, where nobody asks for them. */
const UNTOLD = -1;

/** A committed version and which keys were written or removed in it. */
export interface BlockKeys {
  readonly version: SharedVersion;
  /** The changes that led to the version, whose state is `state`; undefined where they were not told. */
  changes(state: StateReader): ChangeSet | undefined;
}

/**
 * Lays a version and its changed keys end to end.
 * @param names of all stores, sorted; the version has no others
 * @param changes undefined where nobody asks for them
 */
export function encodeBlock(names: readonly string[], version: SharedVersion, changes: ChangeSet | undefined): ArrayBuffer {
  let size = 0;
  for (const list of changes?.values() ?? []) for (const [key] of list) size += LENGTH + key.length;
  const fixed = NUMBER + HASH + names.length * (NUMBER + NUMBER + HASH);
  const bytes = new Uint8Array(fixed + size);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, version.version);
  bytes.set(version.appHash, NUMBER);
  let at = NUMBER + HASH;
  let end = fixed;
  for (const name of names) {
    const list = changes === undefined ? undefined : (changes.get(name) ?? []);
    view.setFloat64(at, version.rootIds.get(name) ?? 0);
    view.setFloat64(at + NUMBER, list?.length ?? UNTOLD);
    bytes.set(version.roots.get(name) ?? [], at + NUMBER + NUMBER);
    at += NUMBER + NUMBER + HASH;
    for (const [key] of list ?? []) {
      view.setUint16(end, key.length);
      bytes.set(key, end + LENGTH);
      end += LENGTH + key.length;
    }
  }
  return bytes.buffer;
}

/** Takes apart what {@link encodeBlock} laid end to end. @param names those that it was given */
export function decodeBlock(names: readonly string[], buffer: ArrayBuffer): BlockKeys {
  const [bytes, view] = [new Uint8Array(buffer), new DataView(buffer)];
  const [rootIds, roots] = [new Map<string, number>(), new Map<string, Uint8Array>()];
  const counts: number[] = [];
  let at = NUMBER + HASH;
  for (const name of names) {
    rootIds.set(name, view.getFloat64(at));
    counts.push(view.getFloat64(at + NUMBER));
    roots.set(name, bytes.subarray(at + NUMBER + NUMBER, at + NUMBER + NUMBER + HASH));
    at += NUMBER + NUMBER + HASH;
  }
  const fixed = at;
  return {
    version: { version: view.getBigUint64(0), appHash: bytes.subarray(NUMBER, NUMBER + HASH), roots, rootIds },
    changes(state) {
      if (counts.includes(UNTOLD)) return undefined;
      let start = fixed;
      const changes = new Map<string, readonly Change[]>();
      for (const [i, name] of names.entries()) {
        const store = state.store(name);
        const list = Array.from({ length: counts[i] ?? 0 }, (): Change => {
          const key = bytes.subarray(start + LENGTH, start + LENGTH + view.getUint16(start));
          start += LENGTH + key.length;
          // What is there was written, what is not there was removed.
          return [key, store.get(key)];
        });
        if (list.length > 0) changes.set(name, list);
      }
      return changes;
    },
  };
}

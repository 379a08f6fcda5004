import { formatKeyText } from "../store/keyText.ts";
import type { Change, ChangeSet, KVStore, Overlay } from "../store/kv.ts";

/** An overlay that says what was written since it was last asked, so that a copy of it elsewhere can follow. */
export interface RecordedOverlay extends Overlay {
  /** Values, as they are now, of all keys written since the last call, in no order; what was rolled back has its old value again. */
  takeWrites(): ChangeSet;
}

/** Records the writes of an overlay. */
export function recordWrites(overlay: Overlay): RecordedOverlay {
  const stores = new Map<string, KVStore>();
  let written = new Map<string, Map<string, Uint8Array>>();
  const note = (name: string, key: Uint8Array, text: string): void => {
    let keys = written.get(name);
    if (keys === undefined) {
      keys = new Map();
      written.set(name, keys);
    }
    keys.set(text, key);
  };
  const open = (name: string): KVStore => {
    const store = overlay.store(name);
    const recorded: KVStore = {
      get: (key, text) => store.get(key, text),
      has: (key, text) => store.has(key, text),
      iterate: (range) => store.iterate(range),
      set(key, value, text = formatKeyText(key)) {
        store.set(key, value, text);
        note(name, key, text);
      },
      delete(key) {
        store.delete(key);
        note(name, key, formatKeyText(key));
      },
    };
    stores.set(name, recorded);
    return recorded;
  };
  return {
    store: (name) => stores.get(name) ?? open(name),
    savepoint: () => overlay.savepoint(),
    rollback: (to) => overlay.rollback(to),
    release: (to) => overlay.release(to),
    changes: () => overlay.changes(),
    takeWrites() {
      const taken = new Map<string, readonly Change[]>();
      for (const [name, keys] of written) {
        const store = overlay.store(name);
        taken.set(
          name,
          Array.from(keys.values(), (key): Change => [key, store.get(key)]),
        );
      }
      written = new Map();
      return taken;
    },
  };
}

// The writes of one block, held in memory over a committed state until FinalizeBlock hands their net sum to the trees.

import { type FailpointHook, noFailpoints } from "./failpoint.ts";
import { Journal } from "./journal.ts";
import type { Change, ChangeSet, KVStore, Overlay, StateReader } from "./kv.ts";
import { OverlayStore } from "./overlayStore.ts";

/**
 * An empty overlay over `base`.
 * @param reach told of the moments before and after the changes are sorted
 * CONTRACT: `base` does not change while the overlay lives; a committed version never does.
 */
export function createOverlay(base: StateReader, reach: FailpointHook = noFailpoints): Overlay {
  const journal = new Journal();
  const stores = new Map<string, OverlayStore>();
  const changes = (): ChangeSet => {
    reach("beforeSort");
    const set = new Map<string, readonly Change[]>();
    // DETERMINISM: by name, not by the order of first use, so that whoever walks the set meets the stores in one order on every node.
    for (const name of [...stores.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
      const changes = stores.get(name)?.changes() ?? [];
      if (changes.length > 0) set.set(name, changes);
    }
    reach("afterSort");
    return set;
  };
  const record = (): void => {
    for (const store of stores.values()) store.record();
  };
  return {
    store(name: string): KVStore {
      let store = stores.get(name);
      if (store === undefined) {
        store = new OverlayStore(base.store(name), journal);
        stores.set(name, store);
      }
      return store;
    },
    savepoint: () => journal.open(),
    rollback: (to) => journal.rollback(to),
    release: (to) => journal.release(to),
    changes,
    follow() {
      record();
      return changes();
    },
    takeWrites() {
      record();
      const taken = new Map<string, readonly Change[]>();
      for (const [name, store] of stores) {
        const writes = store.takeRecorded();
        if (writes.length > 0) taken.set(name, writes);
      }
      return taken;
    },
  };
}

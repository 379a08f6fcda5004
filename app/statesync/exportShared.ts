import { SharedStore, type StoredRows } from "../store/sharedStore.ts";
import type { SharedState } from "../store/stateFeed.ts";
import type { SnapshotFolder } from "./snapshotFolder.ts";
import type { SnapshotInfo } from "./snapshotInfo.ts";

/** A snapshot holds the state alone, so nothing is asked for. */
const noRows: StoredRows = {
  response: async () => undefined,
  row: async () => undefined,
  async *rows() {},
};

/**
 * Writes the latest version of a shared state, which stays held meanwhile. Blocks the thread.
 * @param state of a feed that was just opened
 * @returns undefined where there is a snapshot of that height
 */
export function exportShared(state: SharedState, folder: SnapshotFolder): SnapshotInfo | undefined {
  const store = new SharedStore(state, noRows);
  const end = store.use();
  try {
    const { version, stores } = store.exportLatest();
    return folder.write(version, stores);
  } finally {
    end();
  }
}

// A reader on a thread of its own that reads every version it is told of and every kept one beside it, again and again, and reports what it
// saw. Started by sharedStore.test.ts.
import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import type { StateReader } from "../../../app/store/kv.ts";
import { SharedStore, type StoredRows } from "../../../app/store/sharedStore.ts";
import type { SharedState, StateUpdate } from "../../../app/store/stateFeed.ts";

/** The contents of both stores of a version. */
export function digestOf(state: StateReader): string {
  const hash = createHash("sha256");
  for (const name of ["a", "b"]) for (const [key, value] of state.store(name).iterate()) hash.update(key).update(value);
  return hash.digest("hex");
}

/** From the thread: what version it read, and what it found the first and the second time. */
export interface Seen {
  readonly version: bigint;
  readonly first: string;
  readonly second: string;
}

function read(store: SharedStore, version: bigint): void {
  const end = store.use();
  try {
    const state = store.at(version);
    const seen: Seen = { version, first: digestOf(state), second: digestOf(state) };
    parentPort?.postMessage(seen);
  } catch (error) {
    // 7: pruned before it was announced.
    if ((error as { code?: number }).code !== 7) throw error;
  } finally {
    end();
  }
}

const role = "shared store reader";
if (workerData?.role === role) {
  const none: StoredRows = { response: async () => undefined, row: async () => undefined, async *rows() {} };
  const store = new SharedStore(workerData.state as SharedState, none);
  parentPort?.on("message", (message: StateUpdate | "end") => {
    if (message === "end") {
      parentPort?.postMessage("ended");
      return;
    }
    store.update(message);
    for (let back = 0n; back < 4n; back++) if (store.version > back) read(store, store.version - back);
  });
}

// A disk that fails on purpose, between the store and its database. Off unless FAIL_TEST_IO asks for it.
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../../app/store/rocks.ts";
import { StoreError } from "../../../app/store/storeError.ts";

/** What can fail: batches that are synced, which are those of commits; other batches; reads. */
export const ioOperations = ["sync", "write", "read"] as const;
/** How: nothing is done and an error comes; it is done and an error comes; it takes time. */
export const ioFaults = ["eio", "unsure", "slow"] as const;

/** One fault. */
export interface IoFault {
  readonly operation: (typeof ioOperations)[number];
  readonly fault: (typeof ioFaults)[number];
  /** Operations that pass before it. An error comes once, slowness stays. */
  readonly passes: number;
  /** Milliseconds that a slow operation waits. */
  readonly ms: number;
}

/** What a disk says that cannot read or write. @param doing for the message */
export function ioError(doing: string): StoreError {
  return new StoreError("backendFailed", `${doing}: IO error: Input/output error (EIO), by FAIL_TEST_IO or FAIL_TEST_POINT`);
}

/** The database with one fault in front of it. */
export function failingDatabase(db: Database, { operation, fault, passes, ms }: IoFault): Database {
  let left = passes;
  const through = async <T>(kind: IoFault["operation"], act: () => Promise<T>): Promise<T> => {
    if (kind !== operation || left < 0) return act();
    if (left > 0) {
      left -= 1;
      return act();
    }
    if (fault === "slow") {
      await sleep(ms);
      return act();
    }
    left = -1;
    if (fault === "unsure") await act();
    throw ioError(kind === "read" ? "reading" : "writing");
  };
  const batch: Database["batch"] = (writes) => {
    const ready = db.batch(writes);
    return { write: (sync) => through(sync ? "sync" : "write", () => ready.write(sync)) };
  };
  return {
    batch,
    get: (key) => through("read", () => db.get(key)),
    write: async (writes, sync) => batch(writes).write(sync),
    iterate: (range, limit) => db.iterate(range, limit),
    firstKey: (range) => db.firstKey(range),
    close: () => db.close(),
  };
}

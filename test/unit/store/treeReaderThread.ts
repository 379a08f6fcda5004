// A reader on a thread of its own: holds the version that it is given, reads it again and again until it is told to stop, and says whether the
// contents ever changed. Started by treeShared.test.ts.
import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import type { KVReader } from "../../../app/store/kv.ts";
import { holdShared, type SharedTree } from "../../../app/store/treeHold.ts";

interface Task {
  readonly shared: SharedTree;
  /** One 32-bit word, 1 asks the reader to stop. */
  readonly stop: SharedArrayBuffer;
}

function digestOf(reader: KVReader): string {
  const hash = createHash("sha256");
  for (const [key, value] of reader.iterate()) hash.update(key).update(value);
  return hash.digest("hex");
}

const { shared, stop } = workerData as Task;
try {
  const held = holdShared(shared);
  const first = digestOf(held.reader);
  parentPort?.postMessage({ held: first });
  const flag = new Int32Array(stop);
  let rounds = 0;
  let changed = 0;
  do {
    if (digestOf(held.reader) !== first) changed++;
    rounds++;
  } while (Atomics.load(flag, 0) === 0);
  held.release();
  parentPort?.postMessage({ rounds, changed });
} catch (error) {
  parentPort?.postMessage({ error: (error as { code?: number }).code });
}

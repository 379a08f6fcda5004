import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportShared } from "../../app/statesync/exportShared.ts";
import { readSnapshot } from "../../app/statesync/readSnapshot.ts";
import { SnapshotFolder } from "../../app/statesync/snapshotFolder.ts";
import { type CommitStore, openCommitStore } from "../../app/store/commitStore.ts";
import { millisecondsSince } from "./latencies.ts";

/** Time to write a snapshot of the latest version, to read and check it, and to make it the durable state of an empty store. */
export async function timeSnapshot(store: CommitStore, stores: readonly string[]): Promise<object> {
  const path = mkdtempSync(join(tmpdir(), "hanzo-snapshot-"));
  const folder = new SnapshotFolder(join(path, "snapshots"));
  try {
    const feed = store.openFeed();
    const started = process.hrtime.bigint();
    const info = exportShared(feed.open(), folder);
    const writeMs = Math.round(millisecondsSince(started));
    feed.close();
    if (info === undefined) throw new Error("no snapshot was written");
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < (info?.chunkHashes.length ?? 0); index++)
        yield (await folder.chunk(info?.height ?? 0n, 3, index)) ?? new Uint8Array(0);
    }
    const reading = process.hrtime.bigint();
    const { trees, at } = await readSnapshot(info, chunks(), { stores, maxStateBytes: Number.MAX_SAFE_INTEGER, appHash: store.appHash });
    const readMs = Math.round(millisecondsSince(reading));
    const target = await openCommitStore({ path: join(path, "app"), stores });
    const restoring = process.hrtime.bigint();
    await target.restore(trees, at);
    const restoreMs = Math.round(millisecondsSince(restoring));
    await target.close();
    return { chunks: info.chunkHashes.length, writeMs, readMs, restoreMs };
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

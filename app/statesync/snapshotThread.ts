// Snapshots made in a thread of their own, from the shared committed state, while blocks go on. The same file runs on both sides: imported, it starts
// the thread; started as one, it writes one snapshot and ends.
import { setPriority } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { LogPort } from "../runtime/ports.ts";
import type { CommitStore } from "../store/commitStore.ts";
import type { SharedState, StateFeed } from "../store/stateFeed.ts";
import { exportShared } from "./exportShared.ts";
import { SnapshotFolder } from "./snapshotFolder.ts";

/** Tells this file that it was started as a thread by itself. */
const ROLE = "hanzo snapshot thread";
/** Chunks, not the state, are on the thread's heap. */
const MAX_HEAP_MB = 512;
/** Of ten steps towards idle: blocks go before snapshots. */
const NICENESS = 10;

/** When snapshots are made, and where. */
export interface SnapshotTakerOptions {
  readonly store: Pick<CommitStore, "openFeed">;
  readonly folder: SnapshotFolder;
  /** Blocks between two snapshots; 0 makes none. */
  readonly interval: bigint;
  /** How many stay; 0 keeps all. */
  readonly keepRecent: number;
  readonly log: LogPort;
  /** Told of every start, with the name `snapshot`. */
  readonly started?: (worker: string) => void;
}

interface SnapshotThreadData {
  readonly role: typeof ROLE;
  readonly state: SharedState;
  readonly folder: string;
  readonly keepRecent: number;
}

/** What the thread says when it is done; undefined where there was a snapshot of that height. */
type Written = { readonly height: bigint; readonly chunks: number } | undefined;

/** Makes a snapshot of every so many blocks, one at a time. */
export class SnapshotTaker {
  readonly #options: SnapshotTakerOptions;
  #worker: Worker | undefined;
  #gone: Promise<void> = Promise.resolve();

  constructor(options: SnapshotTakerOptions) {
    this.#options = options;
  }

  /** Hears of a commit: makes a snapshot of it when one is due. */
  committed(height: bigint): void {
    const { interval, log } = this.#options;
    if (interval === 0n || height === 0n || height % interval !== 0n) return;
    if (this.#worker === undefined) this.#start(height);
    else log.error(`no snapshot of height ${height}: the one before is still being written; raise state-sync.snapshot-interval`);
  }

  /** Resolves when no snapshot is being made; the process lives as long. */
  idle(): Promise<void> {
    this.#worker?.ref();
    return this.#gone;
  }

  /** Gives up the snapshot that is being made. */
  async close(): Promise<void> {
    this.#worker?.ref();
    await this.#worker?.terminate();
    await this.#gone;
  }

  #start(height: bigint): void {
    const { store, folder, keepRecent, log, started } = this.#options;
    const feed: StateFeed = store.openFeed();
    const workerData: SnapshotThreadData = { role: ROLE, state: feed.open(), folder: folder.path, keepRecent };
    started?.("snapshot");
    const worker = new Worker(new URL(import.meta.url), { workerData, resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    this.#worker = worker;
    worker.unref();
    worker.on("message", (written: Written) => {
      if (written !== undefined) log.info(`a snapshot of height ${written.height} is written, ${written.chunks} chunks`);
    });
    worker.on("error", (error) =>
      log.error(`no snapshot of height ${height}`, { error: error instanceof Error ? error.stack : String(error) }),
    );
    this.#gone = new Promise((resolve) =>
      worker.on("exit", () => {
        this.#worker = undefined;
        // What it held may be freed now.
        feed.close();
        resolve();
      }),
    );
  }
}

const data = workerData as SnapshotThreadData | undefined;
if (!isMainThread && data?.role === ROLE) {
  // On Linux that is this thread alone; elsewhere it would be the whole process.
  if (process.platform === "linux") setPriority(NICENESS);
  const folder = new SnapshotFolder(data.folder);
  const info = exportShared(data.state, folder);
  folder.prune(data.keepRecent);
  parentPort?.postMessage((info && { height: info.height, chunks: info.chunkHashes.length }) satisfies Written);
}

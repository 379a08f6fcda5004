// Snapshots made in a thread of their own, from the shared committed state, while blocks go on. The same file runs on both sides: imported, it starts
// the thread; started as one, it writes one snapshot and ends.
import { setPriority } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { LogPort } from "../runtime/ports.ts";
import type { CommitStore } from "../store/commitStore.ts";
import type { SharedState, StateFeed } from "../store/stateFeed.ts";
import { endThread } from "../threads/endThread.ts";
import { exportShared } from "./exportShared.ts";
import { SnapshotFolder } from "./snapshotFolder.ts";

/** Tells this file that it was started as a thread by itself. */
const ROLE = "hanzo snapshot thread";
/** Chunks, not the state, are on the thread's heap. */
const MAX_HEAP_MB = 512;
/** Of ten steps towards idle: blocks go before snapshots. */
const NICENESS = 10;
/**
 * How long the thread stays when it is done, in milliseconds: the compiler's jobs for what just ran come to their end. Node's end of a thread waits for them
 * without collecting garbage, for which they may wait in turn (nodejs/node#54918).
 */
const LINGER_MS = 1_000;

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
  /** Longest wait for a thread that is to end, in milliseconds; left out, END_PATIENCE_MS. */
  readonly patienceMs?: number;
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
  /** The snapshot that is being written. */
  #making: { readonly height: bigint; readonly thread: Worker } | undefined;
  #done: Promise<void> = Promise.resolve();
  /** Threads that are there, also those that are done. */
  readonly #threads = new Set<Worker>();
  #isClosed = false;

  constructor(options: SnapshotTakerOptions) {
    this.#options = options;
  }

  /** Hears of a commit: makes a snapshot of it when one is due. */
  committed(height: bigint): void {
    const { interval, log } = this.#options;
    if (this.#isClosed || interval === 0n || height === 0n || height % interval !== 0n) return;
    if (this.#making === undefined) this.#start(height);
    else log.error(`no snapshot of height ${height}: the one before is still being written; raise state-sync.snapshot-interval`);
  }

  /** Resolves when no snapshot is being made; the process lives as long. */
  idle(): Promise<void> {
    this.#making?.thread.ref();
    return this.#done;
  }

  /** Gives up the snapshot that is being made, and leaves nothing of it. @throws Error when a thread does not end in time */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { folder, patienceMs } = this.#options;
    const ended = await Promise.allSettled(Array.from(this.#threads, (thread) => endThread(thread, "snapshot", patienceMs)));
    if (this.#making !== undefined) folder.giveUp(this.#making.height);
    for (const end of ended) if (end.status === "rejected") throw end.reason;
  }

  #start(height: bigint): void {
    const { store, folder, keepRecent, log, started } = this.#options;
    const feed: StateFeed = store.openFeed();
    const workerData: SnapshotThreadData = { role: ROLE, state: feed.open(), folder: folder.path, keepRecent };
    started?.("snapshot");
    const thread = new Worker(new URL(import.meta.url), { workerData, resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    this.#making = { height, thread };
    this.#threads.add(thread);
    thread.unref();
    thread.on("error", (error) =>
      log.error(`no snapshot of height ${height}`, { error: error instanceof Error ? error.stack : String(error) }),
    );
    this.#done = new Promise((resolve) => {
      const done = (): void => {
        if (this.#making?.thread !== thread) return;
        this.#making = undefined;
        // It reads no more: what it held may be freed now.
        feed.close();
        resolve();
      };
      thread.on("message", (written: Written) => {
        if (written !== undefined) log.info(`a snapshot of height ${written.height} is written, ${written.chunks} chunks`);
        thread.unref();
        done();
      });
      thread.on("exit", () => {
        this.#threads.delete(thread);
        if (this.#making?.thread === thread) folder.giveUp(height);
        done();
      });
    });
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
  setTimeout(() => {}, LINGER_MS);
}

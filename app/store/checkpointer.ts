// When checkpoints are written, how many stay, and what the log may forget behind them.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { refutedName } from "./backgroundProof.ts";
import { type CheckpointEntry, writeCheckpoint } from "./checkpoint.ts";
import type { FailpointHook } from "./failpoint.ts";
import type { FlatFollower } from "./flatValues.ts";
import type { Forest } from "./forest.ts";
import type { Recovered } from "./recovery.ts";
import type { RocksLog } from "./rocksLog.ts";

/** Changes after which a checkpoint is due even before the interval: replaying them takes about two seconds. */
const mostChanges = 200_000;
/** Checkpoints that stay; the older one serves when the newer is damaged. */
const keptCheckpoints = 2;
const heightsPerPrune = 256n;

/** What the checkpoints follow. */
export interface CheckpointerSettings {
  readonly folder: string;
  readonly forest: Forest;
  readonly log: RocksLog;
  readonly flat: FlatFollower;
  /** Blocks between two checkpoints, at least 1. */
  readonly interval: bigint;
  /** Versions whose records stay at least. */
  readonly keepVersions: bigint;
  readonly reach: FailpointHook;
  /** Told when a checkpoint failed; the next due one tries again. */
  readonly fail: (cause: unknown) => void;
}

/** Writes checkpoints in the background and prunes the log behind the older one. */
export class Checkpointer {
  readonly #settings: CheckpointerSettings;
  /** Newest first. */
  #entries: readonly CheckpointEntry[];
  #dropped: readonly CheckpointEntry[];
  #oldestRecord: bigint;
  #lastVersion: bigint;
  #changes: number;
  #run: Promise<void> | undefined;
  #isClosing = false;
  #isHeld = false;

  /**
   * @param found what recovery found: good checkpoints and others, and how much it replayed above the newest good one
   */
  constructor(settings: CheckpointerSettings, found: Pick<Recovered, "entries" | "dropped" | "oldestRecord" | "replayed">) {
    this.#settings = settings;
    this.#entries = found.entries;
    this.#dropped = found.dropped;
    this.#oldestRecord = found.oldestRecord;
    this.#lastVersion = found.entries[0]?.version ?? found.oldestRecord - 1n;
    this.#changes = found.replayed;
  }

  /** Height of the newest good checkpoint; 0 before the first. */
  get newestVersion(): bigint {
    return this.#entries[0]?.version ?? 0n;
  }

  /** Writes none until the one that the state began with is proven: the one before and the log behind it are needed if it is not. */
  holdUntil(proven: Promise<boolean>): void {
    this.#isHeld = true;
    void proven.then((isProven) => {
      this.#isHeld = !isProven;
    });
  }

  /** Takes note of a commit, and starts a checkpoint of it when one is due and none is under way. */
  committed(version: bigint, changes: number): void {
    this.#changes += changes;
    const isDue = version - this.#lastVersion >= this.#settings.interval || this.#changes >= mostChanges;
    if (isDue) this.start();
  }

  /** Starts a checkpoint of the latest version unless one is under way or has to wait. */
  start(): void {
    if (this.#run !== undefined || this.#isClosing || this.#isHeld || this.#settings.forest.latest.version === this.#entries[0]?.version)
      return;
    this.#lastVersion = this.#settings.forest.latest.version;
    this.#changes = 0;
    this.#run = this.#write()
      .catch((cause: unknown) => this.#settings.fail(cause))
      .finally(() => {
        this.#run = undefined;
      });
  }

  /** Goes on from the checkpoint that a restored state begins with. */
  adopt(entry: CheckpointEntry): void {
    this.#entries = [entry];
    this.#lastVersion = entry.version;
    this.#oldestRecord = entry.version + 1n;
    this.#changes = 0;
  }

  /** Resolves when no checkpoint is under way. */
  async idle(): Promise<void> {
    await this.#run;
  }

  /** Gives up the checkpoint under way. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#run;
  }

  async #write(): Promise<void> {
    const { folder, forest, reach } = this.#settings;
    const held = forest.hold(forest.latest.version);
    try {
      const entry = await writeCheckpoint(folder, held, reach, () => this.#isClosing);
      if (entry === undefined) return;
      const dropped = [...this.#entries.slice(keptCheckpoints - 1), ...this.#dropped].filter(({ path }) => path !== entry.path);
      this.#entries = [entry, ...this.#entries.slice(0, keptCheckpoints - 1)];
      for (const { path } of dropped) {
        reach("beforeRemoval");
        await rm(path, { force: true });
      }
      this.#dropped = [];
      await rm(join(folder, refutedName), { force: true });
    } finally {
      held.release();
    }
    await this.#pruneLog();
  }

  async #pruneLog(): Promise<void> {
    const { forest, flat, keepVersions, log, reach } = this.#settings;
    const older = this.#entries[keptCheckpoints - 1];
    if (older === undefined) return;
    // A record is of no more use when both checkpoints, the kept versions and the flat values are beyond it.
    let end = older.version;
    for (const bound of [forest.latest.version - keepVersions, flat.watermark]) if (bound < end) end = bound;
    reach("beforePrune");
    while (this.#oldestRecord <= end && !this.#isClosing) {
      const last = end - this.#oldestRecord < heightsPerPrune ? end : this.#oldestRecord + heightsPerPrune - 1n;
      await log.prune(this.#oldestRecord, last);
      this.#oldestRecord = last + 1n;
      reach("betweenPrunes");
    }
    reach("afterPrune");
  }
}

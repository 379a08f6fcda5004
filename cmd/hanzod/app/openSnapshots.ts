import { totalmem } from "node:os";
import type { LogPort } from "../../../app/runtime/ports.ts";
import { SnapshotFolder } from "../../../app/statesync/snapshotFolder.ts";
import { SnapshotTaker } from "../../../app/statesync/snapshotThread.ts";
import type { SnapshotParts } from "../../../app/statesync/withSnapshots.ts";
import type { DurableCommitStore } from "../../../app/store/commitStore.ts";
import type { AppConfig } from "../config/settings.ts";

/** What a node's snapshots need of it. */
export interface SnapshotSource {
  /** Path of the snapshots. */
  readonly folder: string;
  readonly config: AppConfig;
  readonly store: DurableCommitStore;
  /** Names of the chain's stores. */
  readonly stores: readonly string[];
  readonly log: LogPort;
  readonly started: (worker: string) => void;
}

/** Opens the snapshots of a node as its settings say. The caller holds the home's lock, and closes the taker before the store. */
export function openSnapshots({ folder: path, config, store, stores, log, started }: SnapshotSource): SnapshotParts {
  const folder = new SnapshotFolder(path);
  folder.clean();
  const interval = BigInt(config["state-sync.snapshot-interval"]);
  const keepRecent = config["state-sync.snapshot-keep-recent"];
  const taker = new SnapshotTaker({ store, folder, interval, keepRecent, log, started });
  return {
    store,
    stores,
    folder,
    taker,
    // Whoever restores the oldest snapshot fetches the blocks since then. One that was never removed may be as old as the chain.
    blocksToKeep: interval > 0n && keepRecent === 0 ? undefined : interval * BigInt(keepRecent),
    keepRestored: interval > 0n,
    maxStateBytes: maxStateBytes(),
    log,
  };
}

/** Most bytes of state that this machine takes in: its trees are about as large as their snapshot, and something must be left. */
export function maxStateBytes(): number {
  return Math.floor(totalmem() / 2);
}

// The state of a chain: the latest committed versions in memory, every committed height in a log.

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { BackgroundProof, type ProofBehind, smallestUnproven } from "./backgroundProof.ts";
import { type CheckpointEntry, listCheckpoints, writeCheckpoint } from "./checkpoint.ts";
import { Checkpointer } from "./checkpointer.ts";
import type { CommitLog, PreparedCommit, Row } from "./commitLog.ts";
import type { CommitRecord } from "./commitRecord.ts";
import { type FailpointHook, noFailpoints } from "./failpoint.ts";
import { auditFlatValues, type FlatAudit, openFlat } from "./flatAudit.ts";
import type { FlatFollower } from "./flatValues.ts";
import { Forest, type ForestSize, type HeldForest, type ProofOp } from "./forest.ts";
import { requireHome } from "./home.ts";
import type { ChangeSet, Overlay, Range, StateReader } from "./kv.ts";
import { LoggedCommitStore } from "./loggedCommitStore.ts";
import { createMemoryLog } from "./memoryLog.ts";
import { recover, type StoreNotice } from "./recovery.ts";
import { type Database, openRocks } from "./rocks.ts";
import { RocksLog } from "./rocksLog.ts";
import type { StateFeed } from "./stateFeed.ts";
import { StoreError } from "./storeError.ts";
import type { Tree } from "./tree.ts";
import type { VersionRoots } from "./versionRoots.ts";

/** Versions kept by default. */
export const defaultKeepVersions = 128n;
/** Blocks between checkpoints by default: so many small blocks replay in about a second. */
export const defaultCheckpointInterval = 1000n;

/** The committed state of a chain and the one way to the next: overlay, apply, commit. */
export interface CommitStore {
  /** The last durable height; 0 before the first. */
  readonly version: bigint;
  /** The app hash of that height, 32 bytes; SHA-256 of nothing before the first. */
  readonly appHash: Uint8Array;
  /** The state of the last durable height. */
  latest(): StateReader;
  /**
   * The state of a kept height.
   * @throws store/7 when it is not kept
   */
  at(version: bigint): StateReader;
  /** New writes over `base`, by default over the latest state. */
  overlay(base?: StateReader): Overlay;
  /**
   * Builds the next version in memory and returns its app hash; persists nothing, and replaces a version applied before.
   * @param version last height + 1, or the initial version
   * @throws store/6 for an unknown store, store/9 for another version or during a commit, store/11 when changes are not sorted
   */
  apply(version: bigint, changes: ChangeSet): Uint8Array;
  /**
   * Makes the applied version durable, with its index rows and the response of its block, in one synced write, and then the latest.
   * After a failed write the store is of no more use: whether the height is durable shows at the next start.
   * @throws store/10 without an applied version, store/18 when it could not be written
   */
  commit(rows?: readonly Row[], response?: Uint8Array): Promise<void>;
  /** Does what a commit can do before it writes. @throws store/10 without an applied version */
  prepare(rows?: readonly Row[], response?: Uint8Array): PreparedCommit;
  /** The response that was committed with a height, undefined when there was none or it is pruned. @throws store/13 when damaged */
  response(version: bigint): Promise<Uint8Array | undefined>;
  /** An index row. */
  row(key: Uint8Array): Promise<Uint8Array | undefined>;
  /** Index rows in key order, as they were when the iteration began. */
  rows(range: Range): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]>;
  /**
   * The value of a key at a kept height, undefined when absent, with the proof from it to that height's app hash.
   * @throws store/6 for a store unknown at that height, store/7 when it is not kept, store/16 for absence from an empty store
   */
  prove(store: string, key: Uint8Array, version: bigint): { value: Uint8Array | undefined; ops: readonly ProofOp[] };
  /** Opens the kept versions to a reader on another thread. CONTRACT: updates are taken after each commit, by the thread of this store. */
  openFeed(): StateFeed;
  /** Ends background work and lets go of the storage; an applied version is dropped. */
  close(): Promise<void>;
}

/** How large a store is and how far its background work has come; for metrics. */
export interface StoreStats extends ForestSize {
  /** Height of the newest good checkpoint; 0 before the first. */
  readonly checkpointVersion: bigint;
  /** The height that the flat values on disk stand for. */
  readonly flatWatermark: bigint;
}

/** A commit store on disk. */
export interface DurableCommitStore extends CommitStore {
  /** Counts of the moment; costs nothing that grows with the state. */
  stats(): StoreStats;
  /** Writes a checkpoint of the latest version now, unless there is one, and waits for it. */
  checkpoint(): Promise<void>;
  /**
   * Makes the state of a snapshot the committed one, durably, on an empty store. Whenever it ends early the store stays empty.
   * @param at what the trees stand for, roots and app hash checked
   * @throws store/6 for a store that the chain does not have, store/9 when there is a state already or the height is below the
   * initial version, store/18 when it could not be written
   */
  restore(trees: ReadonlyMap<string, Tree>, at: VersionRoots): Promise<void>;
  /** Compares every flat value with the state and rewrites what differs, beside the running chain. */
  auditFlat(): Promise<FlatAudit>;
  /** Resolves when no background work is under way. */
  settle(): Promise<void>;
}

/** Settings of a store without a disk. */
export interface MemoryStoreOptions {
  /** Names of the module stores: unique, not empty, without "/". */
  readonly stores: readonly string[];
  /** Height of the first commit, at least 1. Default 1. */
  readonly initialVersion?: bigint;
  /** How many of the latest versions stay readable and provable, at least 1. Default 128; `everyVersion` of recovery.ts keeps all, in memory. */
  readonly keepVersions?: bigint;
}

/** A state to begin with, roots and app hash checked. */
type Restored = { readonly trees: ReadonlyMap<string, Tree>; readonly at: VersionRoots };

/** Settings of a store on disk. */
export interface CommitStoreOptions extends Omit<MemoryStoreOptions, "initialVersion"> {
  /** Height of the first commit, at least 1; or who finds it for a new store, where finding it takes time: an old one has its own. Default 1. */
  readonly initialVersion?: bigint | (() => Promise<bigint>);
  /** Folder of the state, made when missing. */
  readonly path: string;
  /** Blocks between two checkpoints, at least 1. Default 1,000; 200,000 changes make one due earlier. */
  readonly checkpointInterval?: bigint;
  /**
   * Opens a large state with the hashes that its checkpoint has for its nodes, and hashes them all again while the chain goes on. Left out, every node
   * is hashed before the store is open.
   */
  readonly proveBehind?: ProofBehind;
  /** Told of what recovery healed and of background work that failed. */
  readonly report?: (notice: StoreNotice) => void;
  /** Told of the moments of a commit and of the work behind it: metrics take the time between them, tests kill the process at them. */
  readonly failpoint?: FailpointHook;
  /** Puts something in front of the database: tests make it fail. */
  readonly database?: (db: Database) => Database;
}

/** A commit store that forgets everything with its process; it begins empty, or with a restored state. */
export function createMemoryCommitStore(opts: MemoryStoreOptions & { readonly restored?: Restored }): CommitStore {
  const keepVersions = requirePositive("keepVersions", opts.keepVersions ?? defaultKeepVersions);
  const { trees, at } = opts.restored ?? {};
  const forest = new Forest(opts.stores, requirePositive("initialVersion", opts.initialVersion ?? 1n), trees, at);
  return new LoggedCommitStore(forest, createMemoryLog(keepVersions), keepVersions, noFailpoints);
}

/**
 * Opens the state in a folder and recovers its last durable height.
 * @throws store/6 for a store on disk that is not named, store/12 when the folder is in use, store/13 for damage that cannot be healed,
 * store/14 rather than start on a wrong root, store/19 for a home of another format or initial version
 */
export async function openCommitStore(opts: CommitStoreOptions): Promise<DurableCommitStore> {
  const keepVersions = requirePositive("keepVersions", opts.keepVersions ?? defaultKeepVersions);
  const wanted = opts.initialVersion ?? 1n;
  const first =
    typeof wanted === "bigint" ? requirePositive("initialVersion", wanted) : async () => requirePositive("initialVersion", await wanted());
  const interval = requirePositive("checkpointInterval", opts.checkpointInterval ?? defaultCheckpointInterval);
  const reach = opts.failpoint ?? noFailpoints;
  const report = opts.report ?? ignore;
  const folder = join(opts.path, "checkpoints");
  await mkdir(opts.path, { recursive: true });
  const opened = await openRocks(join(opts.path, "log"));
  const db = opts.database?.(opened) ?? opened;
  try {
    const initialVersion = await requireHome(db, first);
    const log = new RocksLog(db, reach);
    const hashesFrom = await smallestUnproven(folder, opts.proveBehind);
    const found = await recover({ db, log, folder, names: opts.stores, initialVersion, keepVersions, hashesFrom, reach, report });
    const { forest, oldestRecord } = found;
    const fail = (cause: unknown): void => report({ kind: "backgroundFailed", detail: describe(cause) });
    const flat = await openFlat({ db, log, forest, oldestRecord, reach, report, fail });
    const checkpointer = new Checkpointer({ folder, forest, log, flat, interval, keepVersions, reach, fail }, found);
    const store = new DurableStore(forest, log, keepVersions, reach, { db, log, folder, names: opts.stores, flat, checkpointer });
    const { unproven } = found;
    if (unproven !== undefined && opts.proveBehind !== undefined) {
      const refuse = (error: StoreError): void => store.refuse(error);
      store.proveBehind(new BackgroundProof({ ...opts.proveBehind, entry: unproven, forest, reach, refuse, fail }));
    }
    return store;
  } catch (cause) {
    await db.close();
    throw cause;
  }
}

/** What works behind the commits of a store on disk. */
interface Background {
  readonly db: Database;
  readonly log: RocksLog;
  /** Of the checkpoints. */
  readonly folder: string;
  readonly names: readonly string[];
  readonly flat: FlatFollower;
  readonly checkpointer: Checkpointer;
}

class DurableStore extends LoggedCommitStore implements DurableCommitStore {
  readonly #background: Background;
  readonly #forest: Forest;
  readonly #reach: FailpointHook;
  #proof: BackgroundProof | undefined;

  constructor(forest: Forest, log: CommitLog, keepVersions: bigint, reach: FailpointHook, background: Background) {
    super(forest, log, keepVersions, reach);
    this.#forest = forest;
    this.#reach = reach;
    this.#background = background;
    if (this.version > background.flat.watermark) background.flat.follow(this.version);
  }

  /** Goes on with a state that is being proven. */
  proveBehind(proof: BackgroundProof): void {
    this.#proof = proof;
    this.#background.checkpointer.holdUntil(proof.ended);
  }

  stats(): StoreStats {
    const { flat, checkpointer } = this.#background;
    return { ...this.#forest.size(), checkpointVersion: checkpointer.newestVersion, flatWatermark: flat.watermark };
  }

  async checkpoint(): Promise<void> {
    const { checkpointer } = this.#background;
    await this.#proof?.finish();
    await checkpointer.idle();
    checkpointer.start();
    await checkpointer.idle();
  }

  async restore(trees: ReadonlyMap<string, Tree>, at: VersionRoots): Promise<void> {
    const { db, log, names, flat, checkpointer } = this.#background;
    if (this.version !== 0n) throw new StoreError("wrongVersion", `restore: expected an empty state, got one of height ${this.version}`);
    if (at.version < this.#forest.initialVersion)
      throw new StoreError("wrongVersion", `restore: expected a height of at least ${this.#forest.initialVersion}, got ${at.version}`);
    for (const name of at.roots.keys())
      if (!names.includes(name)) throw new StoreError("unknownStore", `restore: expected one of ${names.join(", ")}, got "${name}"`);
    const held = new Forest(names, this.#forest.initialVersion, trees, at).hold(at.version);
    await log.beginRestore();
    const entry = await this.#writeRestored(held).finally(() => held.release());
    // After a failed write it shows at the next start whether the state is there: then it is whole, else it is taken back.
    await log.endRestore(at);
    this.#forest.adopt(trees, at);
    checkpointer.adopt(entry);
    await flat.jump(at.version, () => auditFlatValues(db, this.#forest, at.version));
  }

  /** Writes the checkpoint of a restored state; when that fails nothing of it stays. */
  async #writeRestored(held: HeldForest): Promise<CheckpointEntry> {
    const { folder, log } = this.#background;
    try {
      const entry = await writeCheckpoint(folder, held, this.#reach, () => false);
      if (entry !== undefined) return entry;
      throw new StoreError("backendFailed", "restore: expected a checkpoint to be written, got none");
    } catch (cause) {
      // It may have its name already.
      for (const { path } of await listCheckpoints(folder)) await rm(path, { force: true });
      await log.endRestore(undefined);
      throw cause;
    }
  }

  async auditFlat(): Promise<FlatAudit> {
    const { db, flat } = this.#background;
    return flat.between((watermark) => auditFlatValues(db, this.#forest, watermark));
  }

  async settle(): Promise<void> {
    await this.#proof?.finish();
    await this.#background.flat.idle();
    await this.#background.checkpointer.idle();
  }

  override async close(): Promise<void> {
    await this.finish();
    await this.#proof?.close();
    await this.#background.checkpointer.close();
    await this.#background.flat.close();
    await super.close();
  }

  protected override committed(record: CommitRecord): void {
    const { flat, checkpointer } = this.#background;
    flat.follow(record.version, record);
    let changes = 0;
    for (const list of record.changes.values()) changes += list.length;
    checkpointer.committed(record.version, changes);
  }
}

function ignore(): void {}

function describe(cause: unknown): string {
  if (cause instanceof StoreError) return `${cause.message}: ${cause.detail}`;
  return cause instanceof Error ? cause.message : String(cause);
}

function requirePositive(name: string, value: bigint): bigint {
  if (value >= 1n) return value;
  throw new StoreError("wrongVersion", `expected ${name} of at least 1, got ${value}`);
}

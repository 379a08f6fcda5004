// A forest in front of a log: what every commit store is, with a disk or without.

import type { CommitLog, PreparedCommit, Row } from "./commitLog.ts";
import type { CommitRecord } from "./commitRecord.ts";
import type { FailpointHook } from "./failpoint.ts";
import type { Forest, ProofOp } from "./forest.ts";
import type { ChangeSet, Overlay, Range, StateReader } from "./kv.ts";
import { createOverlay } from "./overlay.ts";
import { RecentValues } from "./recentValues.ts";
import type { StateFeed } from "./stateFeed.ts";
import { StoreError } from "./storeError.ts";

/** A forest in front of a log: what `CommitStore` of commitStore.ts says. */
export class LoggedCommitStore {
  readonly #forest: Forest;
  readonly #recent = new RecentValues();
  readonly #log: CommitLog;
  readonly #keepVersions: bigint;
  readonly #reach: FailpointHook;
  #applied: CommitRecord | undefined;
  #committing: Promise<void> | undefined;
  #failure: unknown;

  constructor(forest: Forest, log: CommitLog, keepVersions: bigint, reach: FailpointHook) {
    this.#forest = forest;
    this.#log = log;
    this.#keepVersions = keepVersions;
    this.#reach = reach;
  }

  get version(): bigint {
    return this.#forest.latest.version;
  }

  get appHash(): Uint8Array {
    return this.#forest.latest.appHash;
  }

  latest(): StateReader {
    return this.#recent.over(this.#forest.reader(this.version));
  }

  at(version: bigint): StateReader {
    return this.#forest.reader(version);
  }

  overlay(base: StateReader = this.latest()): Overlay {
    return createOverlay(base, this.#reach);
  }

  apply(version: bigint, changes: ChangeSet): Uint8Array {
    this.#requireSound();
    if (this.#committing !== undefined)
      throw new StoreError("wrongVersion", `expected the commit of version ${this.#forest.nextVersion} to end before version ${version}`);
    this.#applied = undefined;
    this.#reach("beforeApply");
    const { appHash, roots } = this.#forest.apply(version, changes, undefined, this.#reach);
    this.#reach("afterApply");
    this.#applied = { version, appHash, roots, changes };
    return appHash;
  }

  prepare(rows: readonly Row[] = [], response?: Uint8Array): PreparedCommit {
    const record = this.#applied;
    this.#requireCommittable(record);
    try {
      const write = this.#log.prepare(record, rows, response);
      return { commit: () => this.#commit(record, write) };
    } catch (cause) {
      this.#failure = cause;
      throw cause;
    }
  }

  async commit(rows?: readonly Row[], response?: Uint8Array): Promise<void> {
    await this.prepare(rows, response).commit();
  }

  response(version: bigint): Promise<Uint8Array | undefined> {
    return this.#log.response(version);
  }

  row(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#log.row(key);
  }

  rows(range: Range): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]> {
    return this.#log.rows(range);
  }

  prove(store: string, key: Uint8Array, version: bigint): { value: Uint8Array | undefined; ops: readonly ProofOp[] } {
    return this.#forest.prove(store, key, version);
  }

  openFeed(): StateFeed {
    return this.#forest.openFeed();
  }

  async close(): Promise<void> {
    await this.finish();
    await this.#log.close();
  }

  /** Takes no block any more, for that reason. */
  refuse(cause: unknown): void {
    this.#failure ??= cause;
  }

  /** Lets the commit under way end and takes no other. */
  protected async finish(): Promise<void> {
    this.refuse(new StoreError("storeClosed", "expected an open store, it was closed"));
    await this.#committing?.catch(() => undefined);
    this.#applied = undefined;
    this.#forest.discard();
  }

  async #commit(record: CommitRecord, write: () => Promise<void>): Promise<void> {
    this.#requireCommittable(record);
    this.#committing = this.#append(record, write);
    try {
      await this.#committing;
    } catch (cause) {
      this.#failure = cause;
      throw cause;
    } finally {
      this.#committing = undefined;
    }
  }

  async #append(record: CommitRecord, write: () => Promise<void>): Promise<void> {
    await write();
    this.#applied = undefined;
    this.#forest.commit();
    this.#recent.follow(record.version, record.changes);
    this.#forest.prune(record.version - this.#keepVersions + 1n);
    this.#reach("afterCommit");
    this.committed(record);
  }

  /** Called when a version is durable and the latest. */
  protected committed(_record: CommitRecord): void {}

  #requireCommittable(record: CommitRecord | undefined): asserts record is CommitRecord {
    this.#requireSound();
    if (record === undefined || record !== this.#applied || this.#committing !== undefined) {
      throw new StoreError(
        "nothingApplied",
        `expected an applied version ${this.#forest.nextVersion} that is not being committed, got none`,
      );
    }
  }

  #requireSound(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

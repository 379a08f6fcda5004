// A folder with a chain in it, to be damaged and opened again.

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CommitStore,
  type CommitStoreOptions,
  createMemoryCommitStore,
  type DurableCommitStore,
  openCommitStore,
} from "../../app/store/commitStore.ts";
import type { StoreNotice } from "../../app/store/recovery.ts";
import { type Database, openRocks } from "../../app/store/rocks.ts";
import { runWorkloadBlock, workloadStores } from "./storeWorkload.ts";

/** Seed of the home's blocks. */
export const homeSeed = 7;

/** A home with blocks in it, and what its twin in memory says. */
export class Home {
  readonly path: string;
  readonly notices: StoreNotice[] = [];

  constructor(path: string) {
    this.path = path;
  }

  open(opts: Partial<CommitStoreOptions> = {}): Promise<DurableCommitStore> {
    this.notices.length = 0;
    return openCommitStore({ path: this.path, stores: workloadStores, report: (notice) => this.notices.push(notice), ...opts });
  }

  /** Blocks up to `height`, with checkpoints at the heights named; then the home is closed. */
  async fill(height: number, checkpoints: readonly number[] = [], opts: Partial<CommitStoreOptions> = {}): Promise<void> {
    const store = await this.open(opts);
    while (store.version < BigInt(height)) {
      const at = await runWorkloadBlock(store, homeSeed);
      await store.settle();
      if (checkpoints.includes(at)) await store.checkpoint();
    }
    await store.settle();
    await store.close();
  }

  /** A chain in memory with the same blocks. */
  async twin(height: number): Promise<CommitStore> {
    const twin = createMemoryCommitStore({ stores: workloadStores });
    while (twin.version < BigInt(height)) await runWorkloadBlock(twin, homeSeed);
    return twin;
  }

  /** Opens, compares with the twin at `height`, goes on for three blocks, closes. */
  async requireTwin(height: number, opts: Partial<CommitStoreOptions> = {}): Promise<void> {
    const store = await this.open(opts);
    const twin = await this.twin(height);
    try {
      assert.equal(store.version, BigInt(height));
      for (let more = 0; more <= 3; more += 1) {
        while (twin.version < store.version) await runWorkloadBlock(twin, homeSeed);
        assert.deepEqual(store.appHash, twin.appHash);
        for (const name of workloadStores) {
          assert.deepEqual([...store.latest().store(name).iterate()], [...twin.latest().store(name).iterate()]);
        }
        if (more < 3) await runWorkloadBlock(store, homeSeed);
      }
      await store.settle();
      assert.equal((await store.auditFlat()).healed, 0);
    } finally {
      await store.close();
    }
  }

  async touch(edit: (db: Database) => Promise<void>): Promise<void> {
    const db = await openRocks(join(this.path, "log"));
    try {
      await edit(db);
    } finally {
      await db.close();
    }
  }

  /** Flips one bit of a row. */
  async flip(key: Uint8Array, at: number): Promise<void> {
    await this.touch(async (db) => {
      const bytes = Buffer.from((await db.get(key)) ?? assert.fail("no such row"));
      bytes[at < 0 ? bytes.length + at : at] = (bytes.at(at) ?? 0) ^ 0x10;
      await db.write([[key, bytes]], true);
    });
  }

  checkpointPath(height: number): string {
    return join(this.path, "checkpoints", `checkpoint-${String(height).padStart(20, "0")}`);
  }

  async checkpoints(): Promise<string[]> {
    return (await readdir(join(this.path, "checkpoints"))).sort();
  }
}

/** A new home, removed afterwards. */
export async function withHome(use: (home: Home) => Promise<void>): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), "hanzo-recovery-"));
  try {
    await use(new Home(path));
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

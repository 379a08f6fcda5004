// Taking a state over: on an empty store only, wholly or not at all.
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { type CommitStoreOptions, type DurableCommitStore, openCommitStore } from "../../../app/store/commitStore.ts";
import { Forest } from "../../../app/store/forest.ts";
import { openRocks } from "../../../app/store/rocks.ts";
import { lastKey, restoringKey } from "../../../app/store/rocksKeys.ts";
import { importTree, type Tree } from "../../../app/store/tree.ts";
import { exportNodes } from "../../../app/store/treeExport.ts";
import type { VersionRoots } from "../../../app/store/versionRoots.ts";
import { runWorkloadBlock, workloadBlock, workloadStores } from "../../conformance/storeWorkload.ts";
import { refusal } from "./storeDamage.ts";

const SEED = 3;
const HEIGHT = 6n;
let path: string;
const open = (over: Partial<CommitStoreOptions> = {}): Promise<DurableCommitStore> =>
  openCommitStore({ path, stores: workloadStores, ...over });

/** The state after six blocks of the workload. */
function state(): { readonly trees: ReadonlyMap<string, Tree>; readonly at: VersionRoots } {
  const forest = new Forest(workloadStores, 1n);
  for (let height = 1; height <= Number(HEIGHT); height++) {
    forest.apply(BigInt(height), workloadBlock(SEED, height).changes);
    forest.commit();
  }
  const held = forest.hold(HEIGHT);
  return {
    trees: new Map(held.stores.map(({ name, nodes }) => [name, importTree(exportNodes(nodes), HEIGHT)])),
    at: forest.rootsAt(HEIGHT),
  };
}

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "hz-restore-"));
});
afterEach(() => rm(path, { recursive: true, force: true }));

test("a restored store checkpoints, prunes and audits like one that has made the blocks", async () => {
  const store = await open({ keepVersions: 2n, checkpointInterval: 2n });
  const { trees, at } = state();
  await store.restore(trees, at);
  assert.equal(store.stats().flatWatermark, HEIGHT);
  assert.equal(store.stats().checkpointVersion, HEIGHT);
  for (let more = 0; more < 8; more++) {
    await runWorkloadBlock(store, SEED);
    await store.settle();
  }
  assert.equal((await store.auditFlat()).healed, 0);
  assert.ok(store.stats().checkpointVersion > HEIGHT + 4n);
  const { appHash } = store;
  await store.close();
  const again = await open({ keepVersions: 2n });
  assert.deepEqual([again.version, again.appHash], [HEIGHT + 8n, appHash]);
  await again.close();
});

test("nothing is put over a state, nor a store or a height that the chain does not have", async () => {
  const { trees, at } = state();
  const late = await open({ initialVersion: HEIGHT + 1n });
  await assert.rejects(late.restore(trees, at), refusal(9, /at least 7, got 6/));
  await late.close();
  await rm(path, { recursive: true });
  const other = await open({ stores: ["acc", "bank"] });
  await assert.rejects(other.restore(trees, at), refusal(6, /got "staking"/));
  assert.equal(other.version, 0n);
  await other.close();
  const store = await open();
  await store.restore(trees, at);
  await assert.rejects(store.restore(trees, at), refusal(9, /an empty state, got one of height 6/));
  await store.close();
});

test("a restore that a kill ended is taken back at the next start, and may be tried again", async () => {
  const { trees, at } = state();
  const store = await open();
  await store.restore(trees, at);
  await store.close();
  // As if the process had ended before the last write: the checkpoint is there, the last height is not.
  const db = await openRocks(join(path, "log"));
  await db.write(
    [
      [lastKey, undefined],
      [restoringKey, Uint8Array.of(1)],
    ],
    true,
  );
  await db.close();
  const notices: string[] = [];
  const again = await open({ report: ({ kind, detail }) => notices.push(`${kind}: ${detail}`) });
  assert.equal(again.version, 0n);
  assert.deepEqual(await readdir(join(path, "checkpoints")), []);
  assert.match(notices.join(), /restore did not end/);
  const fresh = state();
  await again.restore(fresh.trees, fresh.at);
  assert.equal(again.version, HEIGHT);
  await runWorkloadBlock(again, SEED);
  await again.close();
});

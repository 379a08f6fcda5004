// Whatever state there is: what a snapshot brings back has the same root, and the store that took it goes on as the one that made it.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createMemoryCommitStore, openCommitStore } from "../../../app/store/commitStore.ts";
import { SharedStore } from "../../../app/store/sharedStore.ts";
import { createTree } from "../../../app/store/tree.ts";
import type { ExportedNode } from "../../../app/store/treeExport.ts";
import { fc } from "../../harness/fastCheck.ts";
import { readMemory, snapshotOf } from "../../harness/snapshotParts.ts";
import { modelChanges, treeChanges } from "../store/treeArbitrary.ts";

const names = ["a", "b", "long name of a store"];
const noRows = { response: async () => undefined, row: async () => undefined, async *rows() {} };

test("a restored tree has the root of the one that was taken, and the next version has too", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(modelChanges, { minLength: 1, maxLength: 8 }), modelChanges, async (versions, next) => {
      const tree = createTree();
      let version = 0n;
      for (const changes of versions) {
        version += 1n;
        tree.apply(version, treeChanges(changes));
        tree.commit();
      }
      const { trees } = await readMemory(snapshotOf(version, new Map([["a", tree.exportNodes(version)]])), { stores: names });
      const restored = trees.get("a");
      assert.deepEqual(restored?.root, tree.root);
      assert.deepEqual(restored?.apply(version + 1n, treeChanges(next)), tree.apply(version + 1n, treeChanges(next)));
    }),
    { numRuns: 60 },
  );
});

test("a store on disk takes a state over, has it after a restart, and goes on with the same hashes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(modelChanges, modelChanges), { minLength: 2, maxLength: 5 }), async (blocks) => {
      const path = await mkdtemp(join(tmpdir(), "hz-snap-"));
      const source = createMemoryCommitStore({ stores: names });
      const changesOf = ([a, b]: (typeof blocks)[number]) =>
        new Map([
          ["a", treeChanges(a)],
          ["b", treeChanges(b)],
        ]);
      try {
        for (const block of blocks) {
          source.apply(source.version + 1n, changesOf(block));
          await source.commit();
        }
        const shared = new SharedStore(source.openFeed().open(), noRows);
        const end = shared.use();
        const { version, stores } = shared.exportLatest();
        const state = await readMemory(snapshotOf(version, stores as ReadonlyMap<string, Iterable<ExportedNode>>), {
          stores: names,
          appHash: source.appHash,
        });
        end();
        const target = await openCommitStore({ path, stores: names });
        await target.restore(state.trees, state.at);
        assert.deepEqual([target.version, target.appHash], [source.version, source.appHash]);
        assert.equal((await target.auditFlat()).healed, 0);
        await target.close();
        const again = await openCommitStore({ path, stores: names });
        assert.deepEqual([again.version, again.appHash], [source.version, source.appHash]);
        for (const block of blocks) {
          assert.deepEqual(again.apply(again.version + 1n, changesOf(block)), source.apply(source.version + 1n, changesOf(block)));
          await again.commit();
          await source.commit();
        }
        await again.settle();
        assert.equal((await again.auditFlat()).healed, 0);
        await again.close();
        const last = await openCommitStore({ path, stores: names });
        assert.deepEqual([last.version, last.appHash], [source.version, source.appHash]);
        await last.close();
      } finally {
        await rm(path, { recursive: true, force: true });
      }
    }),
    { numRuns: 6 },
  );
});

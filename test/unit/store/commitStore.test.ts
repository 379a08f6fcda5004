import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createMemoryCommitStore, openCommitStore } from "../../../app/store/commitStore.ts";
import { storeConformance } from "../../conformance/store.ts";
import { withHome } from "../../conformance/storeHome.ts";
import { runWorkloadBlock, workloadStores } from "../../conformance/storeWorkload.ts";

storeConformance("memory", async (opts) => createMemoryCommitStore(opts));

storeConformance("RocksDB", async (opts) => {
  const path = await mkdtemp(join(tmpdir(), "hanzo-store-"));
  try {
    const store = await openCommitStore({ ...opts, path });
    const { close } = store;
    store.close = async () => {
      await close.call(store);
      await rm(path, { recursive: true, force: true });
    };
    return store;
  } catch (cause) {
    await rm(path, { recursive: true, force: true });
    throw cause;
  }
});

test("A store whose batch failed refuses to go on, and the next start shows what is durable", async () => {
  for (const [moment, durable] of [
    ["beforeBatch", 3],
    ["afterBatch", 4],
  ] as const) {
    await withHome(async (home) => {
      await home.fill(3);
      const fault = new Error("no space left");
      const store = await home.open({
        failpoint(name) {
          if (name === moment) throw fault;
        },
      });
      await assert.rejects(runWorkloadBlock(store, 7), fault);
      assert.equal(store.version, 3n);
      assert.throws(() => store.apply(4n, new Map()), fault);
      await assert.rejects(store.commit(), fault);
      assert.equal(store.latest().version, 3n);
      await store.close();
      await home.requireTwin(durable);
    });
  }
});

test("A checkpoint that fails is reported, and commits go on", async () => {
  await withHome(async (home) => {
    let faults = 1;
    const store = await home.open({
      checkpointInterval: 2n,
      failpoint(name) {
        if (name !== "beforeSync" || faults === 0) return;
        faults -= 1;
        throw new Error("no space left");
      },
    });
    for (let block = 0; block < 5; block += 1) {
      await runWorkloadBlock(store, 7);
      await store.settle();
    }
    await store.close();
    assert.deepEqual(home.notices, [{ kind: "backgroundFailed", detail: "no space left" }]);
    assert.equal((await home.checkpoints()).length, 1);
    await home.requireTwin(5);
  });
});

test("A store counts its keys, kept versions and the work behind its commits", async () => {
  await withHome(async (home) => {
    await home.fill(5);
    const store = await home.open({ keepVersions: 3n });
    await store.settle();
    const { keys, nodes, dataBytes, reservedBytes, versions, checkpointVersion, flatWatermark } = store.stats();
    const found = workloadStores.reduce((sum, name) => sum + [...store.latest().store(name).iterate()].length, 0);
    assert.ok(found > 0);
    assert.equal(keys, found);
    assert.ok(nodes >= keys && dataBytes > 0 && reservedBytes >= dataBytes);
    assert.deepEqual([versions, checkpointVersion, flatWatermark], [3, 0n, 5n]);
    await store.checkpoint();
    assert.equal(store.stats().checkpointVersion, 5n);
    await store.close();
  });
});

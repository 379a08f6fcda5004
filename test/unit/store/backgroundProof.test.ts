import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { BackgroundProof, type ProofBehind } from "../../../app/store/backgroundProof.ts";
import type { CommitStore, CommitStoreOptions } from "../../../app/store/commitStore.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import { findPages, mendCheckpoint } from "../../conformance/checkpointBytes.ts";
import { type Home, homeSeed, withHome } from "../../conformance/storeHome.ts";
import { runWorkloadBlock } from "../../conformance/storeWorkload.ts";
import { refusal } from "./storeDamage.ts";

/** Opens of a home whose state is proven behind the start, whatever its size. */
class Behind {
  readonly refuted: StoreError[] = [];
  readonly moments: string[] = [];
  readonly proveBehind: ProofBehind = { fromBytes: 0, refuted: (error) => void this.refuted.push(error) };
  readonly options: Partial<CommitStoreOptions>;

  constructor(more: Partial<CommitStoreOptions> = {}) {
    this.options = {
      proveBehind: this.proveBehind,
      failpoint: (name) => void this.moments.push(name),
      ...more,
    };
  }

  count(moment: string): number {
    return this.moments.filter((name) => name === moment).length;
  }
}

async function runEmptyBlock(store: CommitStore): Promise<void> {
  store.apply(store.version + 1n, new Map());
  await store.commit();
}

/** Changes the value or the hash of the first leaf, with every checksum right. */
async function forge(home: Home, height: number, what: "value" | "hash" = "value"): Promise<void> {
  const bytes = await readFile(home.checkpointPath(height));
  const { from } = findPages(bytes)[1] ?? assert.fail("no page of nodes");
  const keyAt = from + 5;
  const valueAt = keyAt + (bytes[keyAt - 1] ?? 0) + 1;
  const at = what === "value" ? valueAt : valueAt + (bytes[valueAt - 1] ?? 0);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(home.checkpointPath(height), mendCheckpoint(bytes));
}

test("A state is proven behind its start, and no checkpoint is written before", async () => {
  await withHome(async (home) => {
    await home.fill(20, [8, 16]);
    const behind = new Behind({ checkpointInterval: 2n });
    const store = await home.open(behind.options);
    for (let block = 0; block < 4; block++) await runWorkloadBlock(store, homeSeed);
    await sleep(20);
    assert.deepEqual([behind.count("beforeProof"), behind.count("beforeCheckpointPage")], [0, 0]);
    assert.equal(store.stats().checkpointVersion, 16n);
    await store.settle();
    assert.deepEqual([behind.count("beforeProof"), behind.count("afterProof")], [1, 1]);
    await runWorkloadBlock(store, homeSeed);
    await store.settle();
    assert.equal(store.stats().checkpointVersion, 25n);
    assert.equal(behind.count("beforeProof"), 1);
    await store.close();
    await home.requireTwin(25, behind.options);
    assert.deepEqual([behind.refuted, home.notices], [[], []]);
  });
});

test("A store that is closed before its proof gives it up, and so does one that is closed within", async () => {
  await withHome(async (home) => {
    await home.fill(20, [16]);
    const behind = new Behind();
    await (await home.open(behind.options)).close();
    const store = await home.open(behind.options);
    const settled = store.settle();
    await store.close();
    await settled;
    assert.equal(behind.count("afterProof"), 0);
    await home.requireTwin(20, behind.options);
    assert.equal(behind.count("afterProof"), 1);
  });
});

test("A checkpoint whose checksums are right and whose nodes are not stops the store; the one before is taken and proven first", async () => {
  for (const what of ["value", "hash"] as const) {
    await withHome(async (home) => {
      await home.fill(20, [8, 16]);
      await forge(home, 16, what);
      const behind = new Behind();
      const store = await home.open(behind.options);
      assert.deepEqual([store.version, home.notices, behind.refuted], [20n, [], []]);
      // Nothing of them rests on the wrong node.
      for (let block = 0; block < 3; block++) await runEmptyBlock(store);
      await store.settle();
      assert.equal(behind.refuted.length, 1);
      refusal(14, /checkpoint-0+16, height 16, store "acc", node \d+ in post-order/)(behind.refuted[0] as StoreError);
      assert.throws(() => store.apply(24n, new Map()), refusal(14, /checkpoint-0+16/));
      await assert.rejects(store.commit(), refusal(14, /checkpoint-0+16/));
      await store.close();
      assert.deepEqual(await home.checkpoints(), ["checkpoint-00000000000000000008", "refuted"]);

      const again = await home.open(behind.options);
      assert.equal(again.version, 23n);
      await runEmptyBlock(again);
      await again.settle();
      assert.equal(behind.count("afterProof"), 0);
      await again.checkpoint();
      await again.close();
      assert.deepEqual(await home.checkpoints(), ["checkpoint-00000000000000000008", "checkpoint-00000000000000000024"]);
      const last = await home.open(behind.options);
      assert.deepEqual(last.appHash, (await home.twin(20)).appHash);
      await last.settle();
      await last.close();
      assert.deepEqual([behind.count("afterProof"), behind.refuted.length], [1, 1]);
    });
  }
});

// A block that was committed on a wrong node has another app hash than the chain: CometBFT kept it, and refused the right one at the next start.
test("No block is committed on a wrong node, however late the proof comes; a read or change that rests on it says so and stops the store", async () => {
  for (const use of ["block", "read", "walk"] as const) {
    await withHome(async (home) => {
      await home.fill(20, [8, 16]);
      await forge(home, 16);
      const behind = new Behind();
      const store = await home.open({ ...behind.options, proveBehind: { ...behind.proveBehind, delayMs: 60_000 } });
      const { value: first } = (await home.twin(20)).latest().store("acc").iterate().next();
      const state = store.latest().store("acc");
      const wrong = refusal(14, /checkpoint-0+16, height 16, store "acc", node of height 0: its content hashes to/);
      if (use === "block") assert.throws(() => store.apply(21n, new Map([["acc", [[first[0], Buffer.from("new")]]]])), wrong);
      if (use === "read") assert.throws(() => state.get(first[0]), wrong);
      if (use === "walk") assert.throws(() => [...state.iterate()], wrong);
      assert.equal(behind.refuted.length, 1);
      assert.throws(() => store.apply(21n, new Map()), wrong);
      await store.close();
      assert.deepEqual([await home.checkpoints(), behind.count("beforeProof")], [["checkpoint-00000000000000000008", "refuted"], 0]);
      await home.requireTwin(20, behind.options);
    });
  }
});

// A block that came while the checkpoint was set aside ended the node as a failure of FinalizeBlock, without a word of the checkpoint.
test("By the time the store refuses a block because of its checkpoint, its owner was told", async () => {
  await withHome(async (home) => {
    await home.fill(20, [8, 16]);
    await forge(home, 16);
    const behind = new Behind();
    const store = await home.open(behind.options);
    await runEmptyBlock(store);
    const settled = store.settle();
    for (let refused = false; !refused; await nextTurn())
      try {
        store.apply(22n, new Map());
      } catch (error) {
        refusal(14, /checkpoint-0+16/)(error as StoreError);
        refused = true;
        assert.equal(behind.refuted.length, 1);
      }
    await settled;
    await store.close();
    assert.deepEqual(await home.checkpoints(), ["checkpoint-00000000000000000008", "refuted"]);
  });
});

test("A checkpoint that is wrong is dropped at once where the state is proven first, and where it is small", async () => {
  for (const proveBehind of [undefined, { refuted: assert.fail }]) {
    await withHome(async (home) => {
      await home.fill(20, [8, 16]);
      await forge(home, 16);
      await home.requireTwin(20, proveBehind && { proveBehind });
      assert.match(home.notices[0]?.detail ?? "", /checkpoint-0+16: .*store "acc"/);
    });
  }
});

test("A disk that fails under the proof refutes nothing", async () => {
  await withHome(async (home) => {
    await home.fill(20, [16]);
    const behind = new Behind({
      failpoint(name) {
        if (name === "beforeProof") throw new StoreError("backendFailed", "EIO");
      },
    });
    const store = await home.open(behind.options);
    await store.settle();
    assert.deepEqual([home.notices.at(-1)?.kind, behind.refuted], ["backgroundFailed", []]);
    await runWorkloadBlock(store, homeSeed);
    await store.close();
    assert.deepEqual(await home.checkpoints(), ["checkpoint-00000000000000000016"]);
  });
});

test("A file that cannot be read for the proof is tried again and said", async () => {
  await withHome(async (home) => {
    await home.fill(20, [16]);
    const behind = new Behind();
    const store = await home.open(behind.options);
    const path = home.checkpointPath(16);
    const bytes = await readFile(path);
    await rm(path);
    await store.settle();
    assert.deepEqual([home.notices.at(-1)?.kind, behind.refuted, behind.count("afterProof")], ["backgroundFailed", [], 0]);
    await runWorkloadBlock(store, homeSeed);
    await store.close();
    await writeFile(path, bytes);
    await home.requireTwin(21, behind.options);
    assert.equal(behind.count("afterProof"), 1);
  });
});

test("Nodes are in doubt until the proof has ended, and no longer", async () => {
  await withHome(async (home) => {
    await home.fill(20, [16]);
    const told: string[] = [];
    const proof = new BackgroundProof({
      entry: { version: 16n, path: home.checkpointPath(16) },
      forest: { doubt: () => void told.push("doubt"), trust: () => void told.push("trust") },
      reach: (name) => void told.push(name),
      refuse: (error) => assert.fail(error),
      refuted: (error) => assert.fail(error),
      fail: (cause) => assert.fail(String(cause)),
    });
    assert.equal(await proof.finish(), true);
    assert.deepEqual(told, ["doubt", "beforeProof", "afterProof", "trust"]);
  });
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Forest } from "../../../app/store/forest.ts";
import type { Change, ChangeSet } from "../../../app/store/kv.ts";
import { SharedStore, type StoredRows } from "../../../app/store/sharedStore.ts";
import { fc } from "../../harness/fastCheck.ts";
import { digestOf, type Seen } from "./sharedStoreThread.ts";

const noRows: StoredRows = { response: async () => undefined, row: async () => undefined, async *rows() {} };
const byBytes = (a: Change, b: Change): number => Buffer.compare(a[0], b[0]);

function change(key: number, value: number | undefined): Change {
  const bytes = value === undefined ? undefined : new Uint8Array(value % 97 === 0 ? 40_000 : 1 + (value % 200)).fill(value);
  return [Uint8Array.of(key >> 8, key & 0xff), bytes];
}

function changeSet(plan: readonly (readonly [key: number, value: number | undefined])[]): ChangeSet {
  const unique = new Map(plan);
  const all = Array.from(unique, ([key, value]) => change(key, value)).sort(byBytes);
  return new Map([
    ["a", all],
    ["b", all.filter((_, i) => i % 2 === 0)],
  ]);
}

function commit(forest: Forest, changes: ChangeSet, keep: bigint): void {
  forest.apply(forest.nextVersion, changes);
  forest.commit();
  forest.prune(forest.latest.version - keep + 1n);
}

const block = fc.array(fc.tuple(fc.nat(300), fc.option(fc.nat(10_000), { nil: undefined })), { minLength: 1, maxLength: 60 });

test("a thread reads each version as it was committed, while blocks are committed and pruned beside it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(block, { minLength: 10, maxLength: 40 }), fc.bigInt({ min: 1n, max: 4n }), async (blocks, keep) => {
      const forest = new Forest(["a", "b"], 1n);
      const feed = forest.openFeed();
      const expected = new Map<bigint, string>();
      const worker = new Worker(new URL("./sharedStoreThread.js", import.meta.url), {
        workerData: { role: "shared store reader", state: feed.open() },
      });
      const seen: Seen[] = [];
      const ended = new Promise<void>((done) => {
        worker.on("message", (message: Seen | "ended") => {
          if (message === "ended") done();
          else seen.push(message);
        });
      });
      for (const plan of blocks) {
        commit(forest, changeSet(plan), keep);
        expected.set(forest.latest.version, digestOf(forest.reader(forest.latest.version)));
        worker.postMessage(feed.take());
        await new Promise((wake) => setImmediate(wake));
      }
      worker.postMessage("end");
      await ended;
      assert.ok(seen.some(({ version }) => version === forest.latest.version));
      for (const { version, first, second } of seen) {
        assert.equal(first, expected.get(version), `version ${version}`);
        assert.equal(second, first);
      }
      await worker.terminate();
      feed.close();
    }),
    { seed: 5, numRuns: 8 },
  );
});

test("a reader whose thread is gone keeps nothing: closing its feed lets pruning go on", async () => {
  const nodesOf = async (holding: boolean): Promise<readonly number[]> => {
    const forest = new Forest(["a"], 1n);
    const all = (value: number): ChangeSet => new Map([["a", Array.from({ length: 200 }, (_, key) => change(key, value))]]);
    commit(forest, all(1), 1n);
    const feed = forest.openFeed();
    const worker = new Worker("require('node:worker_threads').parentPort.postMessage('up'); setInterval(() => {}, 1000)", {
      eval: true,
      workerData: feed.open(),
    });
    await once(worker, "message");
    if (!holding) feed.close();
    for (let i = 0; i < 5; i++) commit(forest, all(i), 1n);
    const before = forest.nodeCount;
    await worker.terminate();
    if (holding) feed.close();
    for (let i = 0; i < 5; i++) commit(forest, all(i), 1n);
    return [before, forest.nodeCount];
  };
  const [whileHeld = 0, after = 0] = await nodesOf(true);
  const [never = 0] = await nodesOf(false);
  assert.ok(whileHeld > never, `${whileHeld} nodes while held, ${never} without a reader`);
  assert.equal(after, never);
});

test("a use keeps what it reads, and nothing longer", () => {
  const forest = new Forest(["a", "b"], 1n);
  const feed = forest.openFeed();
  const store = new SharedStore(feed.open(), noRows);
  assert.equal(store.version, 0n);
  assert.equal(store.latest().store("a").get(Uint8Array.of(1)), undefined);
  commit(forest, changeSet([[1, 5]]), 1n);
  assert.equal(store.update(feed.take()), true);
  const end = store.use();
  const first = store.latest();
  const digest = digestOf(first);
  commit(forest, changeSet([[1, 6]]), 1n);
  store.update(feed.take());
  assert.equal(digestOf(first), digest);
  assert.notEqual(digestOf(store.latest()), digest);
  end();
  assert.throws(() => digestOf(first), { code: 7 });
  assert.throws(() => store.at(1n), { code: 7 });
  assert.deepEqual(store.appHash, forest.latest.appHash);
});

test("proofs of a shared store are those of the store itself", () => {
  const forest = new Forest(["a", "b"], 1n);
  const feed = forest.openFeed();
  const store = new SharedStore(feed.open(), noRows);
  commit(forest, changeSet(Array.from({ length: 50 }, (_, i) => [i * 2, i])), 2n);
  store.update(feed.take());
  const end = store.use();
  for (const key of [Uint8Array.of(0, 4), Uint8Array.of(0, 5)]) assert.deepEqual(store.prove("a", key, 1n), forest.prove("a", key, 1n));
  // "b" never had a key.
  assert.deepEqual(store.prove("b", Uint8Array.of(1), 1n), forest.prove("b", Uint8Array.of(1), 1n));
  assert.throws(() => store.prove("c", Uint8Array.of(1), 1n), { code: 6 });
  assert.throws(() => store.openFeed(), { code: 18 });
  end();
});

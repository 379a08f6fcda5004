import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import type { Change, KVReader } from "../../../app/store/kv.ts";
import { createTree, type Tree } from "../../../app/store/tree.ts";
import { holdShared, type SharedTree } from "../../../app/store/treeHold.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function writes(version: number, from: number, to: number): readonly Change[] {
  return Array.from(
    { length: to - from },
    (_, i): Change => [bytes(`key-${String(from + i).padStart(6, "0")}`), bytes(`value of version ${version}, ${i}`)],
  );
}

function commit(tree: Tree, changes: readonly Change[]): void {
  tree.apply(tree.version + 1n, changes);
  tree.commit();
}

function digestOf(reader: KVReader): string {
  const hash = createHash("sha256");
  for (const [key, value] of reader.iterate()) hash.update(key).update(value);
  return hash.digest("hex");
}

function startReader(shared: SharedTree, stop: SharedArrayBuffer): Worker {
  return new Worker(new URL("./treeReaderThread.js", import.meta.url), { workerData: { shared, stop } });
}

test("a worker reads the version that it holds, unchanged, while blocks are committed and pruned at full speed", async () => {
  const tree = createTree();
  commit(tree, writes(1, 0, 3000));
  const expected = digestOf(tree.reader(1n));
  const stop = new SharedArrayBuffer(4);
  const worker = startReader(tree.share(1n), stop);
  const [held] = await once(worker, "message");
  assert.deepEqual(held, { held: expected });
  for (let version = 2; version <= 120; version++) {
    commit(tree, writes(version, (version * 37) % 2000, ((version * 37) % 2000) + 300));
    tree.prune(tree.version - 1n);
  }
  const nodesWhileHeld = tree.size().nodes;
  Atomics.store(new Int32Array(stop), 0, 1);
  const [result] = (await once(worker, "message")) as [{ rounds: number; changed: number }];
  assert.equal(result.changed, 0, `of ${result.rounds} rounds`);
  assert.ok(result.rounds >= 1);
  tree.prune(tree.version);
  assert.equal(tree.size().nodes, 2 * 3000 - 1, `released after ${nodesWhileHeld} nodes were in use`);
  await worker.terminate();
});

test("a worker that comes too late to hold a version is told so", async () => {
  const tree = createTree();
  commit(tree, writes(1, 0, 10));
  const shared = tree.share(1n);
  commit(tree, writes(2, 0, 10));
  tree.prune(2n);
  const worker = startReader(shared, new SharedArrayBuffer(4));
  const [message] = await once(worker, "message");
  assert.deepEqual(message, { error: 7 });
  await worker.terminate();
});

test("memory attached through a structured clone is the same memory", () => {
  const tree = createTree();
  commit(tree, writes(1, 0, 500));
  const held = holdShared(structuredClone(tree.share(1n)));
  assert.equal(digestOf(held.reader), digestOf(tree.reader(1n)));
  assert.equal(held.version, 1n);
  commit(tree, writes(2, 0, 500));
  tree.prune(2n);
  const nodes = tree.size().nodes;
  assert.equal(nodes, 2 * 999, "the held version and the latest one share nothing");
  held.release();
  assert.throws(() => held.reader.get(bytes("key-000000")), { codespace: "store", code: 7 });
  tree.prune(2n);
  assert.equal(tree.size().nodes, 999);
});

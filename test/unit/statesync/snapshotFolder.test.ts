import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { SnapshotFolder } from "../../../app/statesync/snapshotFolder.ts";
import { createTree } from "../../../app/store/tree.ts";
import { digest } from "../../harness/snapshotParts.ts";

let path: string;
let folder: SnapshotFolder;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "hz-snapf-"));
  folder = new SnapshotFolder(join(path, "snapshots"));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

function stores(count: number) {
  const tree = createTree();
  tree.apply(
    1n,
    Array.from({ length: count }, (_, i) => [Buffer.from(`key${String(i).padStart(6, "0")}`), Buffer.alloc(100, i % 250)] as const),
  );
  tree.commit();
  return new Map([["a", tree.exportNodes(1n)]]);
}

test("snapshots are listed newest first, described and served as they were written", async () => {
  assert.deepEqual(folder.list(), []);
  for (const height of [5n, 30n, 10n]) folder.write(height, stores(20));
  assert.deepEqual(
    folder.list().map(({ height }) => height),
    [30n, 10n, 5n],
  );
  const info = folder.find(10n) ?? assert.fail("no snapshot");
  const chunk = (await folder.chunk(10n, 3, 0)) ?? assert.fail("no chunk");
  assert.deepEqual(info.chunkHashes, [digest(chunk)]);
  assert.equal(folder.write(10n, stores(20)), undefined, "one of a height is enough");
  assert.equal(await folder.chunk(10n, 3, 1), undefined);
  assert.equal(await folder.chunk(11n, 3, 0), undefined);
  assert.equal(await folder.chunk(10n, 2, 0), undefined);
});

test("a state of more than one chunk is cut at ten million bytes", async () => {
  const info = folder.write(7n, stores(90_000)) ?? assert.fail("not written");
  assert.ok(info.chunkHashes.length > 1);
  assert.equal((await folder.chunk(7n, 3, 0))?.length, 10_000_000);
  const parts = await Promise.all(info.chunkHashes.map((_, index) => folder.chunk(7n, 3, index)));
  assert.deepEqual(new Uint8Array(info.hash), digest(...parts.map((part) => part ?? assert.fail("no chunk"))));
});

test("the oldest are pruned, and zero keeps all", () => {
  for (const height of [1n, 2n, 3n, 4n]) folder.write(height, stores(3));
  folder.prune(0);
  assert.equal(folder.list().length, 4);
  folder.prune(2);
  assert.deepEqual(
    folder.list().map(({ height }) => height),
    [4n, 3n],
  );
  assert.equal(folder.remove(4n), true);
  assert.equal(folder.remove(4n), false);
});

test("what is incomplete, damaged or somebody else's is no snapshot", () => {
  folder.write(4n, stores(3));
  folder.draft(9n).put(0, Uint8Array.of(1));
  mkdirSync(join(folder.path, "lost+found"));
  mkdirSync(join(folder.path, "8", "3"), { recursive: true });
  writeFileSync(join(folder.path, "8", "3", "_snapshot"), "not one");
  assert.deepEqual(
    folder.list().map(({ height }) => height),
    [4n],
  );
  truncateSync(join(folder.path, "4", "3", "_snapshot"), 20);
  assert.deepEqual(folder.list(), []);
  folder.clean();
  assert.deepEqual(readdirSync(folder.path).sort(), ["4", "8", "lost+found"]);
});

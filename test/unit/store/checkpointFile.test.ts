import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { type CheckpointEntry, writeCheckpoint } from "../../../app/store/checkpoint.ts";
import { proveCheckpoint } from "../../../app/store/checkpointProof.ts";
import { readCheckpoint } from "../../../app/store/checkpointReader.ts";
import { noFailpoints } from "../../../app/store/failpoint.ts";
import { Forest } from "../../../app/store/forest.ts";
import { findPages, mendCheckpoint } from "../../conformance/checkpointBytes.ts";
import { workloadBlock, workloadStores } from "../../conformance/storeWorkload.ts";
import { refusal } from "./storeDamage.ts";

const SEED = 5;
/** A file of format 1: stores "a" with seven keys, "b" with one and "empty", after four blocks. */
const UNHASHED =
  "9900000005fed18648010000000000000004209a03c81f16bf6865bb819556a0c7985fd69c2f0310dac0b3653970cbb4105b7c03016120b20a66693867403da8a20e2f82382b27" +
  "ae465e8c9fc16b4ca94f46b57d6e55f0016220c258c72bf300cfd4cdcb0911c13b2245cd7aba97515b9261fd5c6ffd1079095d05656d70747920e3b0c44298fc1c149afbf4c899" +
  "6fb92427ae41e4649b934ca495991b7852b8559a00000063977a074e000001046b6579310c76616c75652031206f6620300002046b6579320c76616c75652032206f6620300102" +
  "0003046b6579330c76616c75652033206f6620300004046b6579340c76616c75652034206f662030010402040004046b6579350c76616c75652034206f6620310004046b657936" +
  "0c76616c75652034206f6620320004046b6579370c76616c75652034206f6620330104020403040b00000096b71ea64e010004046f6e6c790134020000001013e9744503";
const UNHASHED_APP_HASH = "9a03c81f16bf6865bb819556a0c7985fd69c2f0310dac0b3653970cbb4105b7c";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-checkpoint-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A forest after some blocks of the workload. */
function grow(height: number, seed = SEED): Forest {
  const forest = new Forest(workloadStores, 1n);
  while (forest.latest.version < BigInt(height)) {
    const version = forest.latest.version + 1n;
    forest.apply(version, workloadBlock(seed, Number(version), 6).changes);
    forest.commit();
  }
  return forest;
}

async function write(forest: Forest): Promise<CheckpointEntry> {
  const held = forest.hold(forest.latest.version);
  const entry = await writeCheckpoint(folder, held, noFailpoints, () => false);
  held.release();
  return entry ?? assert.fail("no checkpoint");
}

/** What a start that proves behind itself does with a file: reads it, and hashes it again. */
function start(entry: CheckpointEntry): ReturnType<typeof readCheckpoint> {
  const read = readCheckpoint(entry, true);
  for (const _ of proveCheckpoint(entry));
  return read;
}

test("A checkpoint comes back with the hashes of its nodes, or hashed again: the same trees, which go on alike", async () => {
  const forest = grow(9);
  const entry = await write(forest);
  const taken = readCheckpoint(entry, true);
  const hashed = readCheckpoint(entry);
  assert.deepEqual([taken.isProven, hashed.isProven], [false, true]);
  assert.ok([...proveCheckpoint(entry)].length >= workloadStores.length);
  const { changes } = workloadBlock(SEED, 10, 6);
  const next = grow(10);
  for (const { trees, at } of [taken, hashed]) {
    assert.deepEqual(at, forest.latest);
    const again = new Forest(workloadStores, 1n, trees, at);
    for (const name of workloadStores) {
      for (const [key] of forest.reader(9n).store(name).iterate())
        assert.deepEqual(again.prove(name, key, 9n), forest.prove(name, key, 9n));
    }
    assert.deepEqual(again.apply(10n, changes), next.latest);
  }
});

test("A flipped bit in any byte of a checkpoint is found before anything is served", async () => {
  const entry = await write(grow(2));
  const whole = await readFile(entry.path);
  assert.ok(whole.length > 1000 && whole.length < 10_000);
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    await writeFile(entry.path, bytes);
    assert.throws(() => readCheckpoint(entry, true), { codespace: "store", code: 13 }, `byte ${at} of ${whole.length}`);
  }
  for (let length = 0; length < whole.length; length += 7) {
    await writeFile(entry.path, whole.subarray(0, length));
    assert.throws(() => readCheckpoint(entry, true), { codespace: "store", code: 13 }, `cut to ${length} of ${whole.length}`);
  }
});

test("A page of another checkpoint does not pass, nor one in another place", async () => {
  const other = await readFile((await write(grow(4))).path);
  const entry = await write(grow(5));
  const whole = await readFile(entry.path);
  const pages = findPages(whole);
  const theirs = findPages(other);
  const page = (file: Buffer, places: typeof pages, index: number): Buffer => {
    const place = places[index] ?? assert.fail("no such page");
    return file.subarray(place.sum - 4, place.to);
  };
  const mine = pages.map((_, index) => page(whole, pages, index));
  assert.ok(mine.length >= 4);
  const exchanged = [
    [...mine.slice(0, 1), page(other, theirs, 1), ...mine.slice(2)],
    [...mine.slice(0, -1), page(other, theirs, theirs.length - 1)],
    [...mine.slice(0, 1), ...mine.slice(2)],
    [mine[0], mine[2], mine[1], ...mine.slice(3)],
  ];
  for (const parts of exchanged) {
    await writeFile(entry.path, Buffer.concat(parts as Buffer[]));
    assert.throws(() => readCheckpoint(entry, true), refusal(13, /checkpoint-0+5 page [12].*sha256|page \d at byte/));
  }
});

test("A wrong node under right checksums is taken, and found when it is hashed again", async () => {
  const entry = await write(grow(6));
  const whole = await readFile(entry.path);
  const { from, to } = findPages(whole)[1] ?? assert.fail("no page of nodes");
  // The first leaf: kind, store, height, stamp, length of the key, key, length of the value, value, hash.
  const keyAt = from + 5;
  const valueAt = keyAt + (whole[keyAt - 1] ?? 0) + 1;
  const hashAt = valueAt + (whole[valueAt - 1] ?? 0);
  for (const at of [valueAt, hashAt, to - 33 - 5]) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(entry.path, mendCheckpoint(bytes));
    assert.equal(readCheckpoint(entry, true).isProven, false);
    assert.throws(() => start(entry), refusal(14, /store "acc", node \d+ in post-order: its content hashes to [0-9a-f]{64}/));
  }
  // The root's own hash is compared with the header at once.
  const bytes = Buffer.from(whole);
  bytes[to - 1] = (bytes[to - 1] ?? 0) ^ 1;
  await writeFile(entry.path, mendCheckpoint(bytes));
  assert.throws(() => readCheckpoint(entry, true), refusal(14, /store "acc": expected/));
});

test("A checkpoint of the format before is read, and every node of it hashed", async () => {
  const entry = { version: 4n, path: join(folder, "checkpoint-old") };
  await writeFile(entry.path, fromHex(UNHASHED));
  assert.deepEqual(mendCheckpoint(fromHex(UNHASHED)), Buffer.from(fromHex(UNHASHED)));
  const { trees, at, isProven } = readCheckpoint(entry, true);
  assert.equal(isProven, true);
  assert.equal([...proveCheckpoint(entry)].length, 0);
  assert.equal(toHex(at.appHash), UNHASHED_APP_HASH);
  const pairs = (name: string): string[] =>
    Array.from(trees.get(name)?.reader(4n).iterate() ?? [], ([key, value]) => `${Buffer.from(key)}: ${Buffer.from(value)}`);
  assert.deepEqual(pairs("a").slice(2, 5), ["key3: value 3 of 0", "key4: value 4 of 0", "key5: value 4 of 1"]);
  assert.deepEqual(pairs("b"), ["only: 4"]);
  assert.deepEqual(pairs("empty"), []);
  const wrong = fromHex(UNHASHED);
  wrong[200] = (wrong[200] ?? 0) ^ 1;
  await writeFile(entry.path, wrong);
  assert.throws(() => readCheckpoint(entry, true), refusal(13, /page 1 at byte 161: expected crc32c/));
  await writeFile(entry.path, mendCheckpoint(wrong));
  assert.throws(() => readCheckpoint(entry, true), refusal(14, /store "a"/));
  assert.throws(() => [...proveCheckpoint(entry)], refusal(14, /store "a"/));
});

test("A format of the future is refused by its number", async () => {
  const entry = await write(grow(2));
  const bytes = await readFile(entry.path);
  bytes[9] = 3;
  await writeFile(entry.path, mendCheckpoint(bytes));
  assert.throws(() => readCheckpoint(entry), refusal(13, /expected a header of format 1 or 2, got kind 72, format 3/));
});

test("A value larger than a page and stamps beyond 32 bits come back", async () => {
  const first = 2n ** 40n + 7n;
  const forest = new Forest(["a"], first);
  const long = Buffer.alloc(3 << 20, "long");
  forest.apply(first, new Map([["a", [[Buffer.from("k"), long]]]]));
  forest.commit();
  const more = ["l", "m", "n"].map((key) => [Buffer.from(key), Buffer.from(`value of ${key}`)] as const);
  forest.apply(first + 1n, new Map([["a", more]]));
  forest.commit();
  const entry = await write(forest);
  const { trees } = start(entry);
  const taken = trees.get("a") ?? assert.fail("no tree");
  const hashed = readCheckpoint(entry).trees.get("a") ?? assert.fail("no tree");
  assert.deepEqual([...taken.exportNodes(first + 1n)], [...hashed.exportNodes(first + 1n)]);
  assert.deepEqual(taken.reader(first + 1n).get(Buffer.from("k")), new Uint8Array(long));
  assert.equal([...taken.exportNodes(first + 1n)].filter(({ version }) => version === first).length, 1);
});

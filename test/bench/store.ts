// The commit store: 1,000 changed keys per block over a large state, where that time goes, the time to
// open it again, to write and to restore a snapshot, bytes per key. Prints JSON.
// usage: node dist/test/bench/store.js [--quick] [--keys 100000,1000000] [--blocks 50]

import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type DurableCommitStore, openCommitStore } from "../../app/store/commitStore.ts";
import type { Change } from "../../app/store/kv.ts";
import { createRandom } from "../e2e/harness/random.ts";
import { medianOf, millisecondsSince, summarize } from "./latencies.ts";
import { calibrate, machine } from "./loadDriver.ts";
import { timeSnapshot } from "./snapshotTimes.ts";
import { ClockedTree, CommitClock, type Split, timeSync } from "./storeProfile.ts";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, keys: { type: "string" }, blocks: { type: "string" } },
});
const STORE = "bank";
const KEY_BYTES = 28;
const VALUE_BYTES = 100;
const CHANGED = values.quick ? 100 : 1000;
const LOAD_STEP = 50_000;
const READS = values.quick ? 1000 : 100_000;
const SEED = 20_261_129;
/** Medians of 1,000 random updates in Go, in milliseconds, on 2 × EPYC at another time; only figures of one run compare exactly. */
const GO_UPDATE_MS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  100000: { "rootmulti goleveldb, fast nodes": 136, "iavl goleveldb": 60, "memiavl, synced WAL": 10.5 },
  1000000: { "rootmulti goleveldb, fast nodes": 523, "iavl goleveldb": 199, "memiavl, synced WAL": 16.6 },
};

const keyOf = (index: number): Uint8Array => Buffer.from(index.toString(36).padStart(KEY_BYTES, "0"));

/** Bytes that do not compress. */
function valueBytes(text: string): Uint8Array {
  const digest = createHash("sha512").update(text).digest();
  return Buffer.concat([digest, createHash("sha512").update(digest).digest()]).subarray(0, VALUE_BYTES);
}

/** The keys of some indices in their order, with values that follow from the block's number. */
function changesAt(indices: readonly number[], block: number): ReadonlyMap<string, readonly Change[]> {
  const sorted = [...new Set(indices)].sort((a, b) => a - b);
  return new Map([[STORE, sorted.map((index): Change => [keyOf(index), valueBytes(`${block}:${index}`)])]]);
}

type Load = (block: number) => readonly number[];

/** The indices that each block changes: many at once to load, then others at random, then new ones. */
function loadsOf(keys: number, blocks: number): Readonly<Record<"load" | "update" | "insert", readonly (readonly number[])[]>> {
  const random = createRandom(SEED);
  const lists = (count: number, of: Load): readonly (readonly number[])[] => Array.from({ length: count }, (_, block) => of(block));
  const run = (length: number, from: number): readonly number[] => Array.from({ length }, (_, index) => from + index);
  return {
    load: lists(Math.ceil(keys / LOAD_STEP), (block) => run(Math.min(LOAD_STEP, keys - block * LOAD_STEP), block * LOAD_STEP)),
    update: lists(blocks, () => Array.from({ length: CHANGED }, () => random.below(keys))),
    insert: lists(blocks, (block) => run(CHANGED, keys + block * CHANGED)),
  };
}

/** Time of each commit; what the process worked for one, on all threads; the steps of one. */
async function timeCommits(store: DurableCommitStore, clock: CommitClock, blocks: readonly (readonly number[])[]): Promise<object> {
  const times: number[] = [];
  const cpu: number[] = [];
  for (const indices of blocks) {
    const height = store.version + 1n;
    const changes = changesAt(indices, Number(height));
    const used = process.cpuUsage();
    const started = process.hrtime.bigint();
    store.apply(height, changes);
    await store.commit();
    times.push(millisecondsSince(started));
    clock.take();
    // The flat values of the height are work of the next commit's time otherwise.
    await store.settle();
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1000);
  }
  return { ...summarize(times), cpuMs: Number(medianOf(cpu).toFixed(2)), steps: clock.medians() };
}

/** The phases of the same blocks in a tree without a disk, and reads of it. */
function timeTree(loads: ReturnType<typeof loadsOf>, keys: number): object {
  const tree = new ClockedTree();
  const run = (blocks: readonly (readonly number[])[]): Split => {
    for (const [block, indices] of blocks.entries()) tree.commit(changesAt(indices, block).get(STORE) ?? []);
    return tree.medians();
  };
  run(loads.load);
  const update = run(loads.update);
  const insert = run(loads.insert);
  const random = createRandom(SEED + 1);
  const present = Array.from({ length: READS }, () => keyOf(random.below(keys)));
  return { update, insert, readMicros: tree.readMicros(present) };
}

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).reduce((sum, name) => {
    const found = statSync(join(folder, name));
    return found.isFile() ? sum + found.size : sum;
  }, 0);

async function measure(keys: number, blocks: number): Promise<object> {
  const path = mkdtempSync(join(tmpdir(), "hanzo-store-"));
  const loads = loadsOf(keys, blocks);
  const clock = new CommitClock();
  const open = (): Promise<DurableCommitStore> =>
    openCommitStore({ path, stores: [STORE], report: () => undefined, failpoint: clock.hook });
  try {
    const before = calibrate();
    const store = await open();
    const idleRss = process.memoryUsage().rss;
    await timeCommits(store, clock, loads.load);
    const loadedRss = process.memoryUsage().rss;
    const update = await timeCommits(store, clock, loads.update);
    const insert = await timeCommits(store, clock, loads.insert);
    const { appHash } = store;
    const reserved = store.stats().reservedBytes;
    await store.close();
    const started = process.hrtime.bigint();
    const again = await open();
    const reopenMs = Number(millisecondsSince(started).toFixed(1));
    if (Buffer.compare(again.appHash, appHash) !== 0) throw new Error("the store opened with another app hash");
    const snapshot = await timeSnapshot(again, [STORE]);
    await again.close();
    return {
      keys,
      changedPerBlock: CHANGED,
      update,
      insert,
      syncMs: timeSync(path, CHANGED * (KEY_BYTES + VALUE_BYTES), blocks),
      tree: timeTree(loads, keys),
      reopenMs,
      snapshot,
      memoryBytesPerKey: Math.round((loadedRss - idleRss) / keys),
      treeBytesPerKey: Math.round(reserved / (keys + blocks * CHANGED)),
      diskBytesPerKey: Math.round(bytesIn(path) / (keys + blocks * CHANGED)),
      goUpdateMs: GO_UPDATE_MS[keys] ?? {},
      calibrationVerifiesPerSecond: [before, calibrate()],
    };
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

const sizes = (values.keys ?? (values.quick ? "5000" : "100000,1000000")).split(",").map(Number);
const blocks = Number(values.blocks ?? (values.quick ? 5 : 50));
const rows: object[] = [];
for (const keys of sizes) rows.push(await measure(keys, blocks));
console.log(JSON.stringify({ ...machine(), quick: values.quick, rows }, null, 2));

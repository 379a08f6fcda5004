// The commit store: 1,000 changed keys per block over a large state, the time to open it again, bytes per key. Prints JSON.
// usage: node dist/test/bench/store.js [--quick] [--keys 100000,1000000] [--blocks 50]

import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type DurableCommitStore, openCommitStore } from "../../app/store/commitStore.ts";
import type { Change } from "../../app/store/kv.ts";
import { createRandom } from "../e2e/harness/random.ts";
import { millisecondsSince, summarize } from "./latencies.ts";
import { calibrate, machine } from "./loadDriver.ts";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, keys: { type: "string" }, blocks: { type: "string" } },
});
const STORE = "bank";
const KEY_BYTES = 28;
const VALUE_BYTES = 100;
const CHANGED = values.quick ? 100 : 1000;
const LOAD_STEP = 50_000;
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

async function timeBlock(store: DurableCommitStore, indices: readonly number[]): Promise<number> {
  const height = store.version + 1n;
  const changes = changesAt(indices, Number(height));
  const started = process.hrtime.bigint();
  store.apply(height, changes);
  await store.commit();
  return millisecondsSince(started);
}

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).reduce((sum, name) => {
    const found = statSync(join(folder, name));
    return found.isFile() ? sum + found.size : sum;
  }, 0);

async function measure(keys: number, blocks: number): Promise<object> {
  const path = mkdtempSync(join(tmpdir(), "hanzo-store-"));
  const random = createRandom(SEED);
  const open = (): Promise<DurableCommitStore> => openCommitStore({ path, stores: [STORE], report: () => undefined });
  try {
    const before = calibrate();
    const store = await open();
    const idleRss = process.memoryUsage().rss;
    for (let from = 0; from < keys; from += LOAD_STEP)
      await timeBlock(
        store,
        Array.from({ length: Math.min(LOAD_STEP, keys - from) }, (_, index) => from + index),
      );
    await store.settle();
    const loadedRss = process.memoryUsage().rss;
    const updates: number[] = [];
    for (let block = 0; block < blocks; block++)
      updates.push(
        await timeBlock(
          store,
          Array.from({ length: CHANGED }, () => random.below(keys)),
        ),
      );
    const inserts: number[] = [];
    for (let block = 0; block < blocks; block++)
      inserts.push(
        await timeBlock(
          store,
          Array.from({ length: CHANGED }, (_, index) => keys + block * CHANGED + index),
        ),
      );
    await store.settle();
    const { appHash } = store;
    await store.close();
    const started = process.hrtime.bigint();
    const again = await open();
    const reopenMs = Number(millisecondsSince(started).toFixed(1));
    if (Buffer.compare(again.appHash, appHash) !== 0) throw new Error("the store opened with another app hash");
    await again.close();
    return {
      keys,
      changedPerBlock: CHANGED,
      updateMs: summarize(updates),
      insertMs: summarize(inserts),
      reopenMs,
      memoryBytesPerKey: Math.round((loadedRss - idleRss) / keys),
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

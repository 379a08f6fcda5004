import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type CommitStore, createMemoryCommitStore, openCommitStore } from "../../../app/store/commitStore.ts";
import { type Failpoint, failpoints } from "../../../app/store/failpoint.ts";
import type { StoreNotice } from "../../../app/store/recovery.ts";
import { openRocks } from "../../../app/store/rocks.ts";
import { recordKey } from "../../../app/store/rocksKeys.ts";
import { runWorkloadBlock, workloadBlock, workloadStores } from "../../conformance/storeWorkload.ts";
import { killSettings } from "./killedProcess.ts";

const seed = 11;
const child = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./killedProcess.ts" : "./killedProcess.js", import.meta.url));

/** Each moment with the number of times it is passed before the kill. */
const moments: readonly (readonly [Failpoint, number])[] = [
  ["beforeApply", 4],
  ["betweenTrees", 7],
  ["beforeRoot", 3],
  ["beforeReplay", 0],
  ["beforeRecord", 5],
  ["beforeRows", 3],
  ["afterApply", 3],
  ["beforeBatch", 5],
  ["afterBatch", 4],
  ["afterCommit", 2],
  ["beforeFlat", 6],
  ["afterFlat", 5],
  ["beforeCheckpointPage", 1],
  ["beforeCheckpointPage", 4],
  ["afterCheckpointPage", 2],
  ["beforeSync", 1],
  ["beforeRename", 1],
  ["afterRename", 1],
  ["afterFolderSync", 1],
  ["beforeRemoval", 1],
  ["beforePrune", 1],
  ["betweenPrunes", 2],
  ["afterPrune", 2],
  ["beforeRename", 0],
  ["beforeProof", 0],
  ["afterProof", 0],
];
/** Moments that these blocks do not pass: they write no overlay, and nothing is truncated unless the log is damaged. */
const elsewhere: readonly Failpoint[] = ["beforeTruncate", "afterTruncate", "beforeSort", "afterSort"];
/** Milliseconds after the first block at which a kill comes from outside. */
const delays = [3, 17, 41];

/** Runs blocks in a process of its own until it is dead. @returns the last acknowledged height, 0 when none was */
async function runUntilKilled(path: string, moment: string, passes: number, delay?: number): Promise<number> {
  const running = spawn(process.execPath, [child, path, String(seed), moment, String(passes)], { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(running, "exit");
  const limit = setTimeout(() => running.kill("SIGTERM"), 180_000);
  let said = "";
  let timer: NodeJS.Timeout | undefined;
  running.stdout.setEncoding("utf8").on("data", (part: string) => {
    said += part;
    if (delay !== undefined && said.includes("open\n")) timer ??= setTimeout(() => running.kill("SIGKILL"), delay);
  });
  const closed = once(running.stdout, "close");
  const [, signal] = await exit;
  await closed;
  clearTimeout(limit);
  clearTimeout(timer);
  assert.equal(signal, "SIGKILL", `${moment} ${passes}: the process ended in another way`);
  const heights = said.split("\n").filter((line) => /^\d+$/.test(line));
  return Number(heights.at(-1) ?? 0);
}

async function requireTwin(path: string, twin: CommitStore, acknowledged: number, label: string): Promise<number> {
  const notices: StoreNotice[] = [];
  const store = await openCommitStore({ ...killSettings, path, report: (notice) => notices.push(notice) });
  try {
    assert.deepEqual(notices, [], `${label}: a kill damages nothing, so nothing is healed`);
    const height = Number(store.version);
    assert.ok(height >= acknowledged, `${label}: height ${acknowledged} was acknowledged, ${height} came back`);
    while (twin.version < store.version) await runWorkloadBlock(twin, seed);
    assert.equal(twin.version, store.version, label);
    assert.deepEqual(store.appHash, twin.appHash, label);
    for (const name of workloadStores)
      assert.deepEqual([...store.latest().store(name).iterate()], [...twin.latest().store(name).iterate()], label);
    if (height > 0) {
      assert.deepEqual(Buffer.from((await store.response(store.version)) ?? []), workloadBlock(seed, height).response, label);
      assert.ok((await store.row(Buffer.from(`tx/${height}`))) !== undefined, label);
      assert.equal(await store.row(Buffer.from(`tx/${height + 1}`)), undefined, label);
    }
    await store.settle();
    assert.equal((await store.auditFlat()).healed, 0, label);
    return height;
  } finally {
    await store.close();
  }
}

test("A home in use by another process is refused until that process is dead", async () => {
  const path = await mkdtemp(join(tmpdir(), "hanzo-lock-"));
  const running = spawn(process.execPath, [child, path, String(seed), "none", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(running, "exit");
  try {
    await once(running.stdout, "data");
    await assert.rejects(openCommitStore({ ...killSettings, path }), { codespace: "store", code: 12 });
    running.kill("SIGKILL");
    await exit;
    await (await openCommitStore({ ...killSettings, path })).close();
  } finally {
    running.kill("SIGKILL");
    await exit;
    await rm(path, { recursive: true, force: true });
  }
});

test("A process killed at every named moment, and at any other, loses no acknowledged height and comes back to the same state", async () => {
  const path = await mkdtemp(join(tmpdir(), "hanzo-kill-"));
  const twin = createMemoryCommitStore({ stores: workloadStores });
  try {
    let height = 0;
    for (const [moment, passes] of moments) {
      const acknowledged = await runUntilKilled(path, moment, passes);
      height = await requireTwin(path, twin, Math.max(height, acknowledged), `${moment} after ${passes}`);
    }
    for (const delay of delays) {
      const acknowledged = await runUntilKilled(path, "none", 0, delay);
      height = await requireTwin(path, twin, Math.max(height, acknowledged), `after ${delay} ms`);
    }
    assert.ok(height > 30, `only ${height} blocks were made`);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
});

test("Every named moment is one at which a process is killed here", () => {
  const covered = new Set<Failpoint>([...moments.map(([name]) => name), ...elsewhere]);
  assert.deepEqual(
    failpoints.filter((name) => !covered.has(name)),
    [],
  );
});

test("A process killed while a damaged last height is taken back goes on from the height before it", async () => {
  for (const moment of ["beforeTruncate", "afterTruncate"] as const) {
    const path = await mkdtemp(join(tmpdir(), "hanzo-kill-"));
    try {
      const height = await runUntilKilled(path, "afterCommit", 5);
      const db = await openRocks(join(path, "log"));
      const bytes = Buffer.from((await db.get(recordKey(BigInt(height + 1)))) ?? assert.fail("no record"));
      await db.write([[recordKey(BigInt(height + 1)), bytes.subarray(0, bytes.length - 3)]], true);
      await db.close();
      assert.equal(await runUntilKilled(path, moment, 0), 0);
      const store = await openCommitStore({ ...killSettings, path });
      const twin = createMemoryCommitStore({ stores: workloadStores });
      while (twin.version < store.version) await runWorkloadBlock(twin, seed);
      assert.equal(store.version, BigInt(height), moment);
      assert.deepEqual(store.appHash, twin.appHash, moment);
      await store.close();
    } finally {
      await rm(path, { recursive: true, force: true });
    }
  }
});

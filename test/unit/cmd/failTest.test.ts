import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "../../../app/store/rocks.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import { readFailTest } from "../../../cmd/hanzod/app/failTest.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";

test("without its variables the store is opened as always", () => {
  assert.deepEqual(readFailTest({ FAIL_TEST_INDEX: "3" }), {});
});

test("a moment with a wait delays every pass from the named one on", () => {
  const { failpoint, ...rest } = readFailTest({ FAIL_TEST_POINT: "beforeBatch:1:30", FAIL_TEST_CHECKPOINTS: "5" });
  assert.deepEqual(rest, { checkpointInterval: 5n, proof: { fromBytes: 0, delayMs: 0 } });
  assert.equal(readFailTest({ FAIL_TEST_CHECKPOINTS: "5:60000" }).proof?.delayMs, 60_000);
  const passed = (name: "beforeBatch" | "afterBatch"): number => {
    const start = performance.now();
    failpoint?.(name);
    return performance.now() - start;
  };
  passed("beforeBatch");
  assert.ok(passed("beforeBatch") >= 29);
  assert.ok(passed("beforeBatch") >= 29);
});

test("a moment at which the disk fails does so once", () => {
  const { failpoint } = readFailTest({ FAIL_TEST_POINT: "beforeSync:1:eio" });
  failpoint?.("beforeSync");
  assert.throws(
    () => failpoint?.("beforeSync"),
    (error) => error instanceof StoreError && /EIO/.test(error.detail),
  );
  failpoint?.("beforeSync");
});

test("a database that fails on purpose: before the write, behind it, on reads, or slowly", async () => {
  const done: string[] = [];
  const db: Database = {
    get: async () => void done.push("get"),
    batch: () => ({ write: async (sync) => void done.push(sync ? "sync" : "write") }),
    write: () => assert.fail("a batch is expected"),
    async *iterate() {},
    firstKey: async () => undefined,
    close: async () => undefined,
  };
  const failing = (text: string): Database => readFailTest({ FAIL_TEST_IO: text }).database?.(db) ?? assert.fail("a database");
  const isEio = (error: unknown): boolean => error instanceof StoreError && error.code === 18 && /EIO/.test(error.detail);
  const lost = failing("sync:eio:1");
  await lost.write([], true);
  await lost.write([], false);
  await assert.rejects(lost.write([], true), isEio);
  await lost.write([], true);
  assert.deepEqual(done.splice(0), ["sync", "write", "sync"]);
  await assert.rejects(failing("write:unsure").write([], false), isEio);
  assert.deepEqual(done.splice(0), ["write"]);
  await assert.rejects(failing("read:eio").get(new Uint8Array(1)), isEio);
  const slow = failing("sync:slow:0:30");
  const start = performance.now();
  await slow.write([], true);
  await slow.write([], true);
  assert.ok(performance.now() - start >= 58);
});

test("texts that name no moment are refused with what is expected", () => {
  const wrong = [
    { FAIL_TEST_POINT: "beforeLunch" },
    { FAIL_TEST_POINT: "beforeBatch:x" },
    { FAIL_TEST_POINT: "" },
    { FAIL_TEST_POINT: "beforeBatch:0:enoent" },
    { FAIL_TEST_IO: "sync" },
    { FAIL_TEST_IO: "lunch:eio" },
    { FAIL_TEST_IO: "sync:eio:x" },
    { FAIL_TEST_CHECKPOINTS: "0" },
    { FAIL_TEST_CHECKPOINTS: "5:soon" },
  ];
  for (const environment of wrong)
    assert.throws(
      () => readFailTest(environment),
      (error) => error instanceof CliError && error.exitCode === 78 && /expected/.test(error.why),
    );
});

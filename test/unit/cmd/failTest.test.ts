import assert from "node:assert/strict";
import { test } from "node:test";
import { readFailTest } from "../../../cmd/hanzod/app/failTest.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";

test("without its variables the store is opened as always", () => {
  assert.deepEqual(readFailTest({ FAIL_TEST_INDEX: "3" }), {});
});

test("a moment with a wait delays every pass from the named one on", () => {
  const { failpoint, checkpointInterval } = readFailTest({ FAIL_TEST_POINT: "beforeBatch:1:30", FAIL_TEST_CHECKPOINTS: "5" });
  assert.equal(checkpointInterval, 5n);
  const passed = (name: "beforeBatch" | "afterBatch"): number => {
    const start = performance.now();
    failpoint?.(name);
    return performance.now() - start;
  };
  passed("beforeBatch");
  assert.ok(passed("beforeBatch") >= 29);
  assert.ok(passed("beforeBatch") >= 29);
});

test("texts that name no moment are refused with what is expected", () => {
  const wrong = [
    { FAIL_TEST_POINT: "beforeLunch" },
    { FAIL_TEST_POINT: "beforeBatch:x" },
    { FAIL_TEST_POINT: "" },
    { FAIL_TEST_CHECKPOINTS: "0" },
  ];
  for (const environment of wrong)
    assert.throws(
      () => readFailTest(environment),
      (error) => error instanceof CliError && error.exitCode === 78 && /expected/.test(error.why),
    );
});

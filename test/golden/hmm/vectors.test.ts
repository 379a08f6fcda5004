import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hmmSelftest } from "../../../cmd/hanzod/selftest/hmm.ts";

const document = JSON.parse(readFileSync(new URL("../../../../test/vectors/hmm.json", import.meta.url), "utf8")) as {
  vectors: { op: string; result: Record<string, unknown> }[];
};

test("every recorded vector of the market is reproduced to the last integer, none waits", () => {
  const { passed, failed, waiting, failures } = hmmSelftest(document);
  assert.deepEqual(failures, []);
  assert.deepEqual([passed, failed, waiting.length], [document.vectors.length, 0, 0]);
});

test("a vector with one wrong integer fails by name", () => {
  const vectors = structuredClone(document.vectors);
  const first = vectors.find(({ op }) => op === "buyOut");
  assert.ok(first !== undefined);
  first.result["gross"] = "1";
  const { failed, failures } = hmmSelftest({ vectors });
  assert.equal(failed, 1);
  assert.match(failures[0] ?? "", /buyOut: expected .*"gross":"1"/);
});

test("an unknown operation fails, and one named like an object's own method does too", () => {
  const vectors = [{ op: "toString", pool: {}, args: {}, result: {} }];
  assert.equal(hmmSelftest({ vectors }).failed, 1);
});

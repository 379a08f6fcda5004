import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { iavlSelftest } from "../../../cmd/hanzod/selftest/iavl.ts";

// Recorded from Go: iavl v1.2.8, cosmossdk.io/store v1.1.2, ics23/go v0.11.0.
const vectors = new URL("../../../../test/vectors/iavl.json", import.meta.url);

function load(): Record<string, unknown> {
  return JSON.parse(readFileSync(vectors, "utf8")) as Record<string, unknown>;
}

test("every tree, node, proof, app hash and export is that of the Go implementation", () => {
  const { passed, failed, waiting, failures } = iavlSelftest(load());
  assert.deepEqual(failures, []);
  assert.deepEqual({ failed, waiting }, { failed: 0, waiting: [] });
  assert.ok(passed > 700, `${passed} checks`);
});

test("a vector file with one changed value in every group is found out", () => {
  const file = load();
  const flip = (hex: unknown): string => `${String(hex).slice(0, -1)}${String(hex).endsWith("0") ? "1" : "0"}`;
  const at = (...path: readonly (string | number)[]): Record<string, unknown> =>
    path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], file) as Record<string, unknown>;
  const places = [
    [at("tree", 5, "versions", 3), "root"],
    [at("node", 2), "preimage"],
    [at("proof", 8), "proof"],
    [at("multistore", "hash", 2), "hash"],
    [at("multistore", "chain", 4), "appHash"],
    [at("export", "stores", 1), "root"],
    [at("export", "snapshot"), "storedHash"],
  ] as const;
  for (const [object, field] of places) object[field] = flip(object[field]);
  assert.equal(iavlSelftest(file).failed, places.length);
});

test("a file of another shape is refused with what was expected", () => {
  assert.throws(() => iavlSelftest([]), /file: expected an object/);
  assert.throws(() => iavlSelftest({ tree: {} }), /tree: expected a list/);
});

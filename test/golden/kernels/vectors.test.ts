import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BACKENDS, openBackend } from "#kernels";
import { openBackends } from "../../../cmd/hanzod/selftest/kernelBackends.ts";
import { kernelsSelftest } from "../../../cmd/hanzod/selftest/kernels.ts";
import { openedBackends } from "../../conformance/openedBackends.ts";

const path = new URL("../../../../test/vectors/kernels.json", import.meta.url);

interface VectorFile {
  readonly vectors: Record<string, unknown>[];
}

function load(): VectorFile {
  return JSON.parse(readFileSync(path, "utf8")) as VectorFile;
}

test("every backend that opens here computes every vector of the specification", async (t) => {
  const { opened, refused } = await openedBackends();
  assert.ok(
    opened.some(({ name }) => name === "reference") && opened.some(({ name }) => name === "wasm"),
    `reference and wasm open everywhere: ${refused.join("; ")}`,
  );
  const file = load();
  for (const kernels of opened) {
    const { passed, failures } = await kernelsSelftest(file, { backends: [kernels], notes: [] });
    assert.deepEqual([passed, failures], [file.vectors.length, []]);
    t.diagnostic(`summary: kernels: ${passed} vectors on ${kernels.name} (${kernels.detail})`);
  }
  for (const reason of refused) t.diagnostic(`summary: kernels: not on ${reason}`);
});

test("a vector with a wrong result or a wrong error is found out, for every operation", async () => {
  const file = load();
  const changed = new Map<string, Record<string, unknown>>();
  for (const vector of file.vectors) {
    const op = `${String(vector["op"])} ${"error" in vector}`;
    if (changed.has(op)) continue;
    const wrong = changeDeepest("error" in vector ? { error: vector["error"] } : { result: vector["result"] });
    if (wrong !== undefined) changed.set(op, { ...vector, ...(wrong as Record<string, unknown>) });
  }
  assert.equal(changed.size, 24, [...changed.keys()].join(", "));
  const { failed } = await kernelsSelftest({ vectors: [...changed.values()] }, await openBackends({ backend: "reference" }));
  assert.equal(failed, changed.size);
});

/** The same value with its last text, number or truth value changed. */
function changeDeepest(value: unknown): unknown {
  if (typeof value === "string")
    return /^[0-9a-f]*[0-8a-e]$/.test(value) ? `${value.slice(0, -1)}f` : `${value.slice(0, -4)}AAAA${value.length}`;
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value).reverse();
  for (const [key, inside] of entries) {
    const changed = changeDeepest(inside);
    if (changed === undefined) continue;
    if (Array.isArray(value)) return value.map((old, i) => (String(i) === key ? changed : old));
    return { ...value, [key]: changed };
  }
  return undefined;
}

test("vectors of errors that the file does not have are judged, too", async () => {
  const shard = Buffer.from([0, 1]).toString("base64");
  const vectors = [
    { op: "aggregate", rows: 1, cols: 8, shards: [shard, shard], w: [2 ** 23, 2 ** 23], params: {}, error: "weights" },
    { op: "aggregate", rows: 1, cols: 8, shards: [shard], w: [1, 1], params: {}, error: "length" },
    { op: "aggregate", rows: 1, cols: 8, shards: [shard], w: [1], params: { rounds: 9 }, error: "params" },
    { op: "aggregate", rows: 1, cols: 8, shards: [shard], w: [1], params: { capNum: 3, capDen: 4 }, error: "params" },
    { op: "aggregate", rows: 1, cols: 8, shards: [Buffer.from([1, 0]).toString("base64")], w: [1], params: {}, error: "zero row" },
    { op: "medianQ1bit", rows: 1, cols: 8, shards: [Buffer.from([0, 154]).toString("base64")], w: [1], error: "scale code" },
    { op: "medianQ", n: 1, d: 1, m: "AAAAAQ==", w: [1], num: 1, den: 2, error: "range" },
    { op: "quantile", v: [1], w: [-1], num: 1, den: 2, error: "weights" },
    { op: "quantile", v: [1], w: [1], num: 2, den: 1, error: "params" },
    { op: "weights", stakes: ["1"], quality: [65536], capBps: 1000, qMin: 0, error: "range" },
    { op: "factors", n: 1, g: "AYABAA==", w: [1], params: {}, error: "range" },
    { op: "topk", query: "00", codes: [], k: -1, error: "params" },
  ];
  const { passed, failures } = await kernelsSelftest({ vectors }, await openBackends({ backend: "wasm" }));
  assert.deepEqual([passed, failures], [vectors.length, []]);
});

test("an unknown operation, a document without vectors and an unknown backend are refused with what was expected", async () => {
  const reference = await openBackends({ backend: "reference" });
  const { failures } = await kernelsSelftest({ vectors: [{ op: "unknown", result: 1 }] }, reference);
  assert.match(String(failures), /unknown: expected one of scaleTable/);
  await assert.rejects(kernelsSelftest({}, reference), /vectors: expected a list/);
  await assert.rejects(openBackends({ backend: "cuda" }), /expected all or one of tensorflow, webgpu, wasm, reference, got cuda/);
});

test("without a choice the backend of a node is taken; all opens every one once", async () => {
  const { backends } = await openBackends({ backend: "all" });
  assert.deepEqual(
    backends.map(({ name }) => name),
    BACKENDS.filter((name) => backends.some((kernels) => kernels.name === name)),
  );
  const first = (await openBackends({})).backends[0];
  assert.equal(first?.name, backends[0]?.name);
  assert.equal((await openBackend("reference")).name, "reference");
});

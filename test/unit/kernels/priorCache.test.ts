import assert from "node:assert/strict";
import { test } from "node:test";
import { cidOf, compressSync, decompressQ8, openBackend, PriorCache, parseShard } from "#kernels";
import { Xorshift } from "../../../gpu-kernels/prng.ts";

const shape = { rows: 2, cols: 16 };
const random = new Xorshift(3);
const shards = Array.from(
  { length: 5 },
  () =>
    compressSync(
      Int16Array.from({ length: 32 }, () => random.amp(900)),
      shape,
    ).bytes,
);
const cids = shards.map(cidOf);
const base = Int32Array.from({ length: 32 }, () => random.amp(1_000_000));
const at = <T>(list: readonly T[], index: number): T => list[index] as T;

async function openCache(room: number, load?: (cid: Uint8Array) => Promise<Uint8Array>): Promise<{ cache: PriorCache; loads: number[] }> {
  const loads: number[] = [];
  const find = async (cid: Uint8Array): Promise<Uint8Array> => {
    const index = cids.findIndex((known) => Buffer.compare(known, cid) === 0);
    loads.push(index);
    return at(shards, index);
  };
  return { cache: new PriorCache(await openBackend("wasm"), { shape, maxBytes: room * 6, load: load ?? find }), loads };
}

function applied(index: number): Int32Array {
  const values = decompressQ8(parseShard(at(shards, index), shape), shape);
  return base.map((value, i) => value + (values[i] as number));
}

test("many tenants' priors are applied over one base at once; two with the same prior get the same, one without gets the base", async () => {
  const { cache, loads } = await openCache(5);
  await cache.swap("ann", at(cids, 0));
  await cache.swap("bob", at(cids, 1));
  await cache.swap("cat", at(cids, 0));
  const results = await cache.apply(base, ["bob", "ann", "dan", "cat"]);
  assert.deepEqual(results, [applied(1), applied(0), base, applied(0)]);
  assert.deepEqual(loads, [0, 1], "a prior that is kept is not loaded again");
  at(results, 2)[0] = 1;
  assert.notEqual(base[0], 1, "the base is not handed out");
});

test("the prior used longest ago goes first, never one in use", async () => {
  const { cache, loads } = await openCache(2);
  await cache.swap("ann", at(cids, 0));
  await cache.swap("bob", at(cids, 1));
  assert.equal(cache.bytes, 12);
  await assert.rejects(cache.swap("cat", at(cids, 2)), { kind: "params", message: /room for one more than 2 priors in use/ });
  await cache.swap("bob", at(cids, 2));
  assert.deepEqual(
    cids.map((cid) => cache.has(cid)),
    [true, false, true, false, false],
  );
  cache.remove("ann");
  await cache.swap("cat", at(cids, 3));
  assert.ok(!cache.has(at(cids, 0)) && cache.has(at(cids, 2)));
  assert.deepEqual(loads, [0, 1, 2, 2, 3]);
});

test("the old prior serves until the new one is there, and the swap asked for last wins", async () => {
  const waiting: (() => void)[] = [];
  const { cache } = await openCache(5, async (cid) => {
    const index = cids.findIndex((known) => Buffer.compare(known, cid) === 0);
    if (index > 0) await new Promise<void>((done) => waiting.push(done));
    return at(shards, index);
  });
  await cache.swap("ann", at(cids, 0));
  const first = cache.swap("ann", at(cids, 1));
  const second = cache.swap("ann", at(cids, 2));
  assert.deepEqual(await cache.apply(base, ["ann"]), [applied(0)]);
  at(waiting, 1)();
  await second;
  at(waiting, 0)();
  await first;
  assert.deepEqual(await cache.apply(base, ["ann"]), [applied(2)]);
});

test("content that is not what its identifier names is refused, and the old prior stays", async () => {
  const { cache } = await openCache(5, async (cid) => (Buffer.compare(cid, at(cids, 0)) === 0 ? at(shards, 0) : at(shards, 3)));
  await cache.swap("ann", at(cids, 0));
  await assert.rejects(cache.swap("ann", at(cids, 1)), { kind: "cid" });
  await assert.rejects(cache.swap("ann", new Uint8Array(36)), { kind: "cid" });
  assert.deepEqual(await cache.apply(base, ["ann"]), [applied(0)]);
  await assert.rejects(cache.apply(new Int32Array(3), ["ann"]), { kind: "length" });
  await assert.rejects(openCache(0), { kind: "params" });
});

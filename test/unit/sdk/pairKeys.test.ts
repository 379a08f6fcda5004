import assert from "node:assert/strict";
import { test } from "node:test";
import { coll, defineModule, key, ValuePlace, value } from "#sdk";
import { createBench } from "../../harness/moduleBench.ts";

const shelf = defineModule({
  name: "shelf",
  version: 1,
  state: {
    pairs: coll.map(1, key.pair(key.string, key.string), value.int),
    others: coll.map(2, key.pair(key.string, key.string), value.int),
    triples: coll.map(3, key.triple(key.string, key.string, key.string), value.int),
    texts: coll.map(4, key.string, value.int),
    raws: coll.map(5, key.bytes, value.int),
  },
  api: ({ state }) => ({ shelf: state }),
});

test("keys of two texts are the same whether they are remembered or not", () => {
  const bench = createBench({ modules: [shelf] });
  const { pairs, others } = bench.facet(shelf, "shelf");
  const seconds = [...Array(40).keys()].map((i) => `d${i}`).concat("a-second-part-that-is-long", "");
  const all = ["a", "b", "ab"].flatMap((first) => seconds.map((second) => [first, second] as const));
  for (const [i, k] of all.entries()) pairs.set(bench.ctx, k, BigInt(i + 1));
  for (const [i, [first, second]] of all.entries()) {
    assert.equal(pairs.find(bench.ctx, [first, second]), BigInt(i + 1), `${first} ${second}`);
    assert.equal(others.has(bench.ctx, [first, second]), false);
  }
  assert.equal([...pairs.entries(bench.ctx)].length, all.length);
  assert.deepEqual(
    [...pairs.under(bench.ctx, "ab")].map(([[first]]) => first).every((first) => first === "ab"),
    true,
  );
});

test("texts of a pair do not run into each other, and three parts are no pair", () => {
  const bench = createBench({ modules: [shelf] });
  const { pairs, triples } = bench.facet(shelf, "shelf");
  pairs.set(bench.ctx, ["a", "bc"], 1n);
  triples.set(bench.ctx, ["a", "bc", "d"], 2n);
  assert.equal(pairs.find(bench.ctx, ["ab", "c"]), undefined);
  assert.equal(pairs.find(bench.ctx, ["bc", "a"]), undefined);
  assert.equal(triples.find(bench.ctx, ["a", "bc", "e"]), undefined);
  assert.equal(triples.find(bench.ctx, ["a", "bc", "d"]), 2n);
});

test("the last key is found again by itself, not by an array whose bytes have changed, and a reader's place keeps its own", () => {
  const bench = createBench({ modules: [shelf] });
  const { raws, texts } = bench.facet(shelf, "shelf");
  const bytes = Uint8Array.of(1, 2);
  raws.set(bench.ctx, bytes, 12n);
  bytes[1] = 3;
  assert.equal(raws.find(bench.ctx, bytes), undefined);
  texts.set(bench.ctx, "a", 1n);
  texts.set(bench.ctx, "b", 2n);
  const place = new ValuePlace<bigint>();
  assert.deepEqual(
    ["a", "b", "a", "a"].map((k) => texts.find(bench.ctx, k, k === "a" ? place : undefined)),
    [1n, 2n, 1n, 1n],
  );
  assert.deepEqual(place.key?.bytes, Uint8Array.of(4, 97));
  texts.delete(bench.ctx, "a");
  assert.deepEqual([texts.find(bench.ctx, "a", place), texts.find(bench.ctx, "b")], [undefined, 2n]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { coll, defineModule, key, value } from "#sdk";
import { createBench } from "../../harness/moduleBench.ts";
import { refused } from "../../harness/refused.ts";

const decoded: bigint[] = [];
/** Numbers that tell when they are decoded. */
const watched: typeof value.int = {
  ...value.int,
  decode(bytes) {
    const number = value.int.decode(bytes);
    decoded.push(number);
    return number;
  },
};
const shelf = defineModule({
  name: "shelf",
  version: 1,
  state: {
    times: coll.map(1, key.uint64, watched),
    pairs: coll.map(2, key.pair(key.string, key.uint64), watched),
  },
  api: ({ state }) => ({ shelf: state }),
});

test("a slot of a queue that is not due is not decoded: a block's cost grew with the delegators who withdraw", () => {
  const bench = createBench({ modules: [shelf] });
  const { times, pairs } = bench.facet(shelf, "shelf");
  for (let at = 1n; at <= 9n; at++) {
    times.set(bench.ctx, at, at);
    for (const first of ["a", "b"]) pairs.set(bench.ctx, [first, at], at);
  }
  const read = (entries: Iterable<readonly [unknown, bigint]>): readonly [found: bigint[], decoded: bigint[]] => {
    decoded.length = 0;
    const found = [...entries].map(([, number]) => number);
    return [found, [...decoded]];
  };
  assert.deepEqual(read(times.entries(bench.ctx, { before: 3n })), [
    [1n, 2n],
    [1n, 2n],
  ]);
  assert.deepEqual(read(times.entries(bench.ctx, { before: 1n })), [[], []]);
  assert.deepEqual(read(times.entries(bench.ctx, { from: 2n, before: 4n }))[0], [2n, 3n]);
  assert.deepEqual(read(times.entries(bench.ctx, { from: 9n, before: 99n }))[0], [9n]);
  assert.deepEqual(read(pairs.under(bench.ctx, "a", { from: ["a", 8n], before: ["a", 9n] })), [[8n], [8n]]);
});

test("a reversed range that ends before a key is refused: the end was passed over in silence", () => {
  const bench = createBench({ modules: [shelf] });
  const { times } = bench.facet(shelf, "shelf");
  times.set(bench.ctx, 1n, 1n);
  refused(() => [...times.entries(bench.ctx, { before: 3n, reverse: true })], "sdk/35", /expected a reversed range without an end/);
  refused(() => [...times.raw(bench.ctx, { before: Uint8Array.of(1), reverse: true })], "sdk/35");
  assert.deepEqual([...times.entries(bench.ctx, { from: 3n, reverse: true })], [[1n, 1n]]);
});

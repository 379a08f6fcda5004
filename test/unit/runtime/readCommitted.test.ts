import assert from "node:assert/strict";
import { test } from "node:test";
import { coll, defineModule, key, value } from "#sdk";
import { readCommitted } from "../../../app/runtime/readCommitted.ts";
import type { CommitStore } from "../../../app/store/commitStore.ts";
import { createBench } from "../../harness/moduleBench.ts";

const shelf = defineModule({
  name: "shelf",
  version: 1,
  state: { numbers: coll.map(1, key.uint64, value.int) },
  api: ({ state }) => ({ shelf: state }),
});

test("a committed state is read as of its block, also after the chain went on", () => {
  const [old, next] = [createBench({ modules: [shelf] }), createBench({ modules: [shelf] })];
  for (const [bench, number] of [
    [old, 5n],
    [next, 6n],
  ] as const)
    bench.facet(shelf, "shelf").numbers.set(bench.ctx, 1n, number);
  let latest = old;
  const store = { latest: () => ({ store: latest.store }) } as unknown as Pick<CommitStore, "latest">;
  const ctx = readCommitted({ height: 7n, timeNs: 9n, chainId: "c-1" }, store);
  latest = next;
  assert.deepEqual([ctx.height, ctx.timeNs, ctx.chainId], [7n, 9n, "c-1"]);
  assert.equal(old.facet(shelf, "shelf").numbers.get(ctx, 1n), 5n);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { attempt, coll, createCtx, createGasMeter, defineModule, key, value } from "#sdk";
import { createBench } from "../../harness/moduleBench.ts";

const shelf = defineModule({
  name: "shelf",
  version: 1,
  state: { books: coll.map(1, key.string, value.string) },
  api: ({ state }) => ({ books: { put: state.books.set, find: state.books.find } }),
});

test("what an attempt wrote stays when it succeeds; its events are handed back", () => {
  const bench = createBench({ modules: [shelf] });
  const { put, find } = bench.facet(shelf, "books");
  const done = attempt(bench.ctx, (ctx) => {
    put(ctx, "a", "first");
    ctx.event("put", [["book", "a"]]);
    return 7;
  });
  assert.deepEqual(done, { ok: true, value: 7, events: [{ type: "put", attributes: [{ key: "book", value: "a" }] }] });
  assert.equal(find(bench.ctx, "a"), "first");
  assert.deepEqual(bench.takeEvents(), []);
});

test("a failed attempt leaves no write and no event, also inside of one that succeeds", () => {
  const bench = createBench({ modules: [shelf] });
  const { put, find } = bench.facet(shelf, "books");
  const error = new Error("no room");
  const outer = attempt(bench.ctx, (ctx) => {
    put(ctx, "a", "first");
    const inner = attempt(ctx, (nested) => {
      put(nested, "a", "second");
      put(nested, "b", "third");
      nested.event("put", []);
      throw error;
    });
    assert.deepEqual(inner, { ok: false, error });
  });
  assert.equal(outer.ok, true);
  assert.deepEqual([find(bench.ctx, "a"), find(bench.ctx, "b")], ["first", undefined]);
});

test("gas of a failed attempt is used", () => {
  const bench = createBench({ modules: [shelf] });
  const { put } = bench.facet(shelf, "books");
  const gas = createGasMeter(1_000_000n);
  const ctx = createCtx({
    height: 1n,
    timeNs: 0n,
    chainId: "test",
    gas,
    stores: (name) => bench.store(name),
    events: [],
    formatEvent: () => assert.fail("no typed event expected"),
    savepoints: { savepoint: () => 0, rollback: () => {}, release: () => {} },
  });
  const failed = attempt(ctx, (nested) => {
    put(nested, "a", "first");
    throw new Error("no room");
  });
  assert.equal(failed.ok, false);
  assert.ok(gas.used > 2000n);
});

test("a context that cannot undo refuses attempts", () => {
  const ctx = createCtx({
    height: 1n,
    timeNs: 0n,
    chainId: "test",
    gas: createGasMeter(),
    stores: () => assert.fail("no store expected"),
    events: [],
    formatEvent: () => assert.fail("no typed event expected"),
  });
  assert.throws(() => attempt(ctx, () => 1), /writes can be undone/);
});

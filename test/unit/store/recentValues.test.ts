import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import type { KVStore, StateReader } from "../../../app/store/kv.ts";

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);
const [A, B, OTHER] = [bytes(1, 1), bytes(1, 2), bytes(2, 1)];

async function begun() {
  const store = createMemoryCommitStore({ stores: ["a"] });
  const block = async (write: (kv: KVStore) => void): Promise<void> => {
    const overlay = store.overlay();
    write(overlay.store("a"));
    store.apply(store.version + 1n, overlay.changes());
    await store.commit();
  };
  await block((kv) => {
    kv.set(A, bytes(10));
    kv.set(OTHER, bytes(20));
  });
  return { store, block };
}

describe("values read lately", () => {
  it("are the same array from block to block until somebody writes over them", async () => {
    const { store, block } = await begun();
    const first = store.overlay().store("a").get(A);
    await block((kv) => kv.set(OTHER, bytes(21)));
    assert.equal(store.overlay().store("a").get(A), first);
    const written = bytes(11);
    await block((kv) => kv.set(A, written));
    assert.equal(store.latest().store("a").get(A), written);
  });
  it("are never those of another version", async () => {
    const { store, block } = await begun();
    const before = store.latest().store("a");
    assert.deepEqual(before.get(A), bytes(10));
    assert.equal(before.get(B), undefined);
    await block((kv) => {
      kv.set(A, bytes(11));
      kv.set(B, bytes(12));
      kv.delete(OTHER);
    });
    const after = store.latest().store("a");
    assert.deepEqual([after.get(A), after.get(B), after.get(OTHER)], [bytes(11), bytes(12), undefined]);
    assert.deepEqual([after.has(B), after.has(OTHER)], [true, false]);
    assert.deepEqual([before.get(A), before.get(B), before.get(OTHER)], [bytes(10), undefined, bytes(20)]);
    assert.deepEqual([before.has(B), before.has(OTHER)], [false, true]);
  });
  it("are not what an overlay wrote and nobody committed", async () => {
    const { store, block } = await begun();
    const dropped = store.overlay();
    dropped.store("a").get(A);
    dropped.store("a").set(A, bytes(99));
    store.apply(store.version + 1n, dropped.changes());
    await block((kv) => assert.deepEqual(kv.get(A), bytes(10)));
    assert.deepEqual(store.latest().store("a").get(A), bytes(10));
  });
  it("leave large ones out", async () => {
    const { store, block } = await begun();
    assert.deepEqual(store.latest().store("a").get(A), bytes(10));
    await block((kv) => kv.set(A, new Uint8Array(70_000).fill(1)));
    assert.equal(store.latest().store("a").get(A)?.length, 70_000);
    await block((kv) => kv.set(A, bytes(13)));
    assert.deepEqual(store.latest().store("a").get(A), bytes(13));
  });
  it("are forgotten when they are overwritten, also where they were read long ago", async () => {
    const { store, block } = await begun();
    const key = (i: number): Uint8Array => bytes(3, i >> 8, i & 255);
    await block((kv) => {
      for (let i = 0; i < 300; i++) kv.set(key(i), new Uint8Array(2000).fill(1));
    });
    for (const written of [new Uint8Array(70_000).fill(7), bytes(14), undefined]) {
      await block((kv) => kv.set(A, bytes(13)));
      const kv = store.latest().store("a");
      assert.deepEqual(kv.get(A), bytes(13));
      // More than one generation holds, so that the value is in the older one.
      for (let i = 0; i < 300; i++) kv.get(key(i));
      await block((overlay) => (written === undefined ? overlay.delete(A) : overlay.set(A, written)));
      assert.deepEqual(store.latest().store("a").get(A), written);
    }
  });
  it("may be more than are remembered", async () => {
    const { store, block } = await begun();
    const key = (i: number): Uint8Array => bytes(3, i >> 8, i & 255);
    await block((kv) => {
      for (let i = 0; i < 5000; i++) kv.set(key(i), new Uint8Array(2000).fill(1 + (i % 255)));
    });
    const kv = store.latest().store("a");
    const before = kv.get(A);
    for (let round = 0; round < 2; round++) for (let i = 0; i < 5000; i++) assert.equal(kv.get(key(i))?.[0], 1 + (i % 255));
    assert.notEqual(kv.get(A), before, "forgotten, and read again");
    const few = [A, OTHER, key(0), key(1)];
    const first = few.map((at) => kv.get(at));
    for (const [i, at] of few.entries()) assert.equal(kv.get(at), first[i], "what fits is remembered");
  });
  it("are not all remembered when they grow to more than fits", async () => {
    const { store, block } = await begun();
    const keys = Array.from({ length: 100 }, (_, i) => bytes(3, i));
    const write = (length: number) =>
      block((kv) => {
        for (const key of keys) kv.set(key, new Uint8Array(length).fill(1));
      });
    await write(1);
    for (const key of keys) store.latest().store("a").get(key);
    await write(60_000);
    const kv = store.latest().store("a");
    assert.equal(kv.get(bytes(4)), undefined);
    const [first, second] = [keys.map((key) => kv.get(key)), keys.map((key) => kv.get(key))];
    assert.ok(first.some((value, i) => value !== second[i]));
  });
});

describe("stamps", () => {
  const stampsOf = (state: StateReader): (number | undefined)[] => [1, 2].map((prefix) => state.store("a").stamp?.(prefix));

  it("of a block's last state are those of the committed one", async () => {
    const { store } = await begun();
    const overlay = store.overlay();
    const [before, other] = stampsOf(store.latest());
    overlay.store("a").set(A, bytes(11));
    const [after] = stampsOf({ version: 0n, store: overlay.store });
    assert.notEqual(after, before);
    store.apply(2n, overlay.changes());
    // Nobody commits this one.
    overlay.store("a").set(A, bytes(12));
    overlay.store("a").set(OTHER, bytes(22));
    await store.commit();
    assert.deepEqual(stampsOf(store.latest()), [after, other]);
  });
  it("are new ones where changes come to another state than they were made on", async () => {
    const { store, block } = await begun();
    const overlay = store.overlay();
    overlay.store("a").set(B, bytes(12));
    const [made] = stampsOf({ version: 0n, store: overlay.store });
    await block((kv) => kv.set(A, bytes(11)));
    store.apply(3n, overlay.changes());
    await store.commit();
    assert.notEqual(stampsOf(store.latest())[0], made);
  });
  it("stay for as long as nothing under the byte changes, and differ from all others afterwards", async () => {
    const { store, block } = await begun();
    const seen = new Set<number>();
    const stampOf = (kv: { stamp?(prefix: number): number }, prefix = 1): number => kv.stamp?.(prefix) ?? assert.fail("a stamp expected");
    const first = stampOf(store.overlay().store("a"));
    const other = stampOf(store.overlay().store("a"), 2);
    assert.equal(stampOf(store.latest().store("a")), first);
    await block((kv) => kv.set(OTHER, bytes(21)));
    assert.equal(stampOf(store.overlay().store("a")), first);
    assert.notEqual(stampOf(store.overlay().store("a"), 2), other);
    seen.add(first);
    const isNew = (stamp: number): void => {
      assert.ok(!seen.has(stamp));
      seen.add(stamp);
    };
    const [one, two] = [store.overlay(), store.overlay()];
    const mark = one.savepoint();
    one.store("a").set(A, bytes(11));
    two.store("a").set(A, bytes(12));
    isNew(stampOf(one.store("a")));
    isNew(stampOf(two.store("a")));
    one.rollback(mark);
    isNew(stampOf(one.store("a")));
    assert.equal(stampOf(store.overlay().store("a")), first);
    await block((kv) => kv.delete(A));
    isNew(stampOf(store.overlay().store("a")));
  });
});

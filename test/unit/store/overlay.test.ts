import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import type { Overlay } from "../../../app/store/kv.ts";
import { createOverlay } from "../../../app/store/overlay.ts";
import { type Model, readModels } from "../../conformance/modelReader.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString("latin1");
const refusal = (code: number) => ({ codespace: "store", code });

function overlayOf(base: Record<string, string> = {}): Overlay {
  const model: Model = new Map(Object.entries(base).map(([key, value]) => [Buffer.from(key).toString("hex"), bytes(value)]));
  return createOverlay(readModels(new Map([["bank", model]])));
}

test("Keys and values that no tree can hold are refused where they are written", () => {
  const store = overlayOf().store("bank");
  assert.throws(() => store.set(new Uint8Array(0), bytes("1")), refusal(2));
  assert.throws(() => store.delete(new Uint8Array(0)), refusal(2));
  assert.throws(() => store.set(bytes("a"), new Uint8Array(0)), refusal(3));
  assert.throws(() => store.set(new Uint8Array(65_536), bytes("1")), refusal(4));
  assert.throws(() => store.delete(new Uint8Array(65_536)), refusal(4));
  store.set(new Uint8Array(65_535), bytes("1"));
  assert.equal(store.has(new Uint8Array(65_535)), true);
  assert.equal(store.get(new Uint8Array(0)), undefined);
});

test("A savepoint that is closed, or was never opened, is refused and nothing is undone", () => {
  const overlay = overlayOf();
  const store = overlay.store("bank");
  const outer = overlay.savepoint();
  store.set(bytes("a"), bytes("1"));
  const inner = overlay.savepoint();
  overlay.release(outer);
  for (const gone of [inner, outer, 0, 99]) {
    assert.throws(() => overlay.rollback(gone), refusal(8));
    assert.throws(() => overlay.release(gone), refusal(8));
  }
  assert.equal(text(store.get(bytes("a"))), "1");
  assert.ok(overlay.savepoint() > inner, "numbers are not used again");
});

test("Rolling back an outer savepoint undoes what an inner one released", () => {
  const overlay = overlayOf({ a: "base" });
  const store = overlay.store("bank");
  const outer = overlay.savepoint();
  store.set(bytes("a"), bytes("1"));
  const inner = overlay.savepoint();
  store.delete(bytes("a"));
  store.set(bytes("b"), bytes("2"));
  overlay.release(inner);
  assert.equal(store.has(bytes("a")), false);
  overlay.rollback(outer);
  assert.equal(text(store.get(bytes("a"))), "base");
  assert.deepEqual(overlay.changes(), new Map());
});

test("A write of the base's own value is kept, a delete of what the base does not have is dropped", () => {
  const overlay = overlayOf({ a: "1", b: "2" });
  const store = overlay.store("bank");
  store.set(bytes("a"), bytes("1"));
  store.delete(bytes("b"));
  store.set(bytes("c"), bytes("3"));
  store.delete(bytes("c"));
  store.delete(bytes("d"));
  assert.deepEqual(
    overlay.changes(),
    new Map([
      [
        "bank",
        [
          [bytes("a"), bytes("1")],
          [bytes("b"), undefined],
        ],
      ],
    ]),
  );
});

test("Change sets are in the order of unsigned bytes, and stores in the order of their names", () => {
  const overlay = overlayOf();
  for (const name of ["staking", "bank", "acc"]) {
    for (const key of ["\xff", "a", "\x80\x00", "\x80", "A", "\x00"]) overlay.store(name).set(bytes(key), bytes("1"));
  }
  const changes = overlay.changes();
  assert.deepEqual([...changes.keys()], ["acc", "bank", "staking"]);
  for (const list of changes.values())
    assert.deepEqual(
      list.map(([key]) => text(key)),
      ["\x00", "A", "a", "\x80", "\x80\x00", "\xff"],
    );
});

test("A rollback under a running iteration is seen by its next step", () => {
  const overlay = overlayOf({ b: "base", e: "base" });
  const store = overlay.store("bank");
  store.set(bytes("a"), bytes("1"));
  const mark = overlay.savepoint();
  for (const key of ["b", "c", "d"]) store.set(bytes(key), bytes("2"));
  const up = store.iterate();
  const down = store.iterate({ reverse: true });
  assert.equal(text(up.next().value?.[0]), "a");
  assert.equal(text(up.next().value?.[1]), "2");
  assert.equal(text(down.next().value?.[0]), "e");
  assert.equal(text(down.next().value?.[0]), "d");
  overlay.rollback(mark);
  assert.deepEqual(
    [...up].map(([key, value]) => `${text(key)}=${text(value)}`),
    ["e=base"],
  );
  assert.deepEqual(
    [...down].map(([key, value]) => `${text(key)}=${text(value)}`),
    ["b=base", "a=1"],
  );
});

test("An overlay reads through to the committed trees", async () => {
  const chain = createMemoryCommitStore({ stores: ["bank"] });
  const first = chain.overlay();
  for (let key = 0; key < 300; key += 1) first.store("bank").set(bytes(`k${String(key).padStart(3, "0")}`), bytes("1"));
  chain.apply(1n, first.changes());
  await chain.commit();
  const overlay = chain.overlay();
  const store = overlay.store("bank");
  store.delete(bytes("k100"));
  store.set(bytes("k1005"), bytes("2"));
  const keys = (range: Parameters<typeof store.iterate>[0]): (string | undefined)[] => [...store.iterate(range)].map(([key]) => text(key));
  assert.deepEqual(keys({ start: bytes("k099"), end: bytes("k102") }), ["k099", "k1005", "k101"]);
  assert.deepEqual(keys({ start: bytes("k099"), end: bytes("k102"), reverse: true }), ["k101", "k1005", "k099"]);
  assert.equal(keys({}).length, 300);
});

test("A value of the base is fetched once, and comes back when what was written over it is undone", () => {
  const model: Model = new Map([[Buffer.from("a").toString("hex"), bytes("1")]]);
  const readers = readModels(new Map([["bank", model]]));
  let fetched = 0;
  const overlay = createOverlay({
    ...readers,
    store(name) {
      const store = readers.store(name);
      return {
        get(key) {
          fetched++;
          return store.get(key);
        },
        has: (key) => store.has(key),
        iterate: (range) => store.iterate(range),
      };
    },
  });
  const store = overlay.store("bank");
  const read = (): string | undefined => text(store.get(bytes("a")));
  assert.deepEqual([read(), read()], ["1", "1"]);
  assert.equal(fetched, 1);
  const before = overlay.savepoint();
  store.set(bytes("a"), bytes("2"));
  assert.equal(read(), "2");
  store.delete(bytes("a"));
  assert.equal(read(), undefined);
  overlay.rollback(before);
  assert.equal(read(), "1");
  assert.equal(fetched, 1);
});

test("A key that was read is written under the writer's bytes, and read below again when the write is undone", () => {
  const overlay = overlayOf({ a: "base" });
  const store = overlay.store("bank");
  const shared = bytes("a");
  assert.equal(text(store.get(shared)), "base");
  shared[0] = 0x7a;
  const mark = overlay.savepoint();
  store.set(bytes("a"), bytes("1"));
  assert.deepEqual(overlay.changes(), new Map([["bank", [[bytes("a"), bytes("1")]]]]));
  overlay.rollback(mark);
  assert.equal(text(store.get(bytes("a"))), "base");
  assert.deepEqual([...store.iterate()], [[bytes("a"), bytes("base")]]);
  assert.deepEqual(overlay.changes(), new Map());
});

test("An overlay reads a key below once, up to so many keys", () => {
  const asked = new Map<string, number>();
  const below = {
    get: (key: Uint8Array) => {
      asked.set(key.join(), (asked.get(key.join()) ?? 0) + 1);
      return key;
    },
    has: () => true,
    stamps: [],
    *iterate() {},
  };
  const store = createOverlay({ version: 1n, store: () => below }).store("bank");
  const key = (i: number): Uint8Array => Uint8Array.of(i >> 16, i >> 8, i);
  for (let round = 0; round < 2; round++) for (let i = 0; i < 65_537; i++) assert.deepEqual(store.get(key(i)), key(i));
  assert.deepEqual([asked.get("0,0,0"), asked.get("0,255,255"), asked.get("1,0,0")], [1, 1, 2]);
});

test("Nobody is told of what nobody follows, and who begins late is told everything", () => {
  const overlay = overlayOf({ a: "1" });
  const store = overlay.store("bank");
  store.delete(bytes("a"));
  store.set(bytes("b"), bytes("2"));
  const expected = new Map([
    [
      "bank",
      [
        [bytes("a"), undefined],
        [bytes("b"), bytes("2")],
      ],
    ],
  ]);
  assert.deepEqual(overlay.takeWrites(), expected);
  assert.deepEqual(overlay.takeWrites(), new Map());
  overlay.store("bank").set(bytes("c"), bytes("3"));
  assert.deepEqual(overlay.takeWrites(), new Map([["bank", [[bytes("c"), bytes("3")]]]]));
});

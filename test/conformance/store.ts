// What every commit store must do, whatever it keeps its heights in.

import assert from "node:assert/strict";
import { test } from "node:test";
import { calculateRoot, iavlSpec, tendermintSpec, verifyMembership, verifyNonMembership } from "../../app/proof/ics23Verify.ts";
import type { CommitStore, MemoryStoreOptions } from "../../app/store/commitStore.ts";
import type { Change, ChangeSet } from "../../app/store/kv.ts";
import { multistoreRoot } from "../../app/store/multistore.ts";
import { createTree } from "../../app/store/tree.ts";

/** Opens a new, empty store. */
export type OpenStore = (opts: MemoryStoreOptions) => Promise<CommitStore>;

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const change = (key: string, value?: string): Change => [bytes(key), value === undefined ? undefined : bytes(value)];
const setOf = (changes: Record<string, readonly Change[]>): ChangeSet => new Map(Object.entries(changes));
const text = (value: Uint8Array | undefined): string | undefined => (value === undefined ? undefined : Buffer.from(value).toString("utf8"));
const refusal = (code: number) => ({ codespace: "store", code });

/** The suite; `name` is the backend's. */
export function storeConformance(name: string, open: OpenStore): void {
  versions(name, open);
  heights(name, open);
  proofs(name, open);
  rows(name, open);
  misuse(name, open);
  endings(name, open);
}

async function withStore(open: OpenStore, opts: Partial<MemoryStoreOptions>, use: (store: CommitStore) => Promise<void>): Promise<void> {
  const store = await open({ stores: ["bank", "acc"], ...opts });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

async function put(
  store: CommitStore,
  changes: Record<string, readonly Change[]>,
  ...rest: Parameters<CommitStore["commit"]>
): Promise<Uint8Array> {
  const hash = store.apply(store.version === 0n ? 1n : store.version + 1n, setOf(changes));
  await store.commit(...rest);
  return hash;
}

function versions(name: string, open: OpenStore): void {
  test(`${name}: before the first commit the store is at version 0 with the hash of nothing, and every store is empty`, async () => {
    await withStore(open, {}, async (store) => {
      assert.equal(store.version, 0n);
      assert.deepEqual(store.appHash, multistoreRoot(new Map()));
      assert.equal(store.latest().version, 0n);
      assert.deepEqual([...store.latest().store("bank").iterate()], []);
      assert.throws(() => store.latest().store("gov"), refusal(6));
      assert.throws(() => store.at(1n), refusal(7));
    });
  });

  test(`${name}: apply persists nothing, commit makes it the latest, and the app hash is that of the trees`, async () => {
    await withStore(open, {}, async (store) => {
      const overlay = store.overlay();
      overlay.store("bank").set(bytes("b"), bytes("2"));
      overlay.store("bank").set(bytes("a"), bytes("1"));
      const hash = store.apply(1n, overlay.changes());
      assert.equal(store.version, 0n);
      assert.equal(store.latest().store("bank").get(bytes("a")), undefined);
      await store.commit();
      const bank = createTree();
      const acc = createTree();
      const roots = new Map([
        ["acc", acc.apply(1n, [])],
        ["bank", bank.apply(1n, [change("a", "1"), change("b", "2")])],
      ]);
      assert.deepEqual(hash, multistoreRoot(roots));
      assert.deepEqual(store.appHash, hash);
      assert.equal(store.version, 1n);
      assert.equal(text(store.latest().store("bank").get(bytes("a"))), "1");
    });
  });

  test(`${name}: applying again before the commit replaces the version that was applied first`, async () => {
    await withStore(open, {}, async (store) => {
      const first = store.apply(1n, setOf({ bank: [change("a", "1")] }));
      const second = store.apply(1n, setOf({ bank: [change("a", "2")] }));
      assert.notDeepEqual(first, second);
      assert.deepEqual(store.apply(1n, setOf({ bank: [change("a", "1")] })), first);
      await store.commit();
      assert.equal(text(store.latest().store("bank").get(bytes("a"))), "1");
    });
  });
}

function heights(name: string, open: OpenStore): void {
  test(`${name}: a block without changes has a height and a hash of its own`, async () => {
    await withStore(open, {}, async (store) => {
      const hash = await put(store, { bank: [change("a", "1")] });
      assert.deepEqual(await put(store, {}), hash);
      assert.equal(store.version, 2n);
    });
  });

  test(`${name}: kept versions stay as they were, older ones are refused`, async () => {
    await withStore(open, { keepVersions: 3n }, async (store) => {
      for (let height = 1; height <= 6; height += 1) await put(store, { bank: [change("a", `${height}`), change(`k${height}`, "x")] });
      for (const height of [4n, 5n, 6n]) {
        const state = store.at(height);
        assert.equal(state.version, height);
        assert.equal(text(state.store("bank").get(bytes("a"))), `${height}`);
        assert.equal([...state.store("bank").iterate()].length, Number(height) + 1);
      }
      for (const height of [0n, 1n, 3n, 7n]) assert.throws(() => store.at(height), refusal(7));
    });
  });

  test(`${name}: the first commit may have a later height`, async () => {
    await withStore(open, { initialVersion: 100n }, async (store) => {
      assert.throws(() => store.apply(1n, new Map()), refusal(9));
      const hash = store.apply(100n, setOf({ bank: [change("a", "1")] }));
      await store.commit();
      assert.equal(store.version, 100n);
      const tree = createTree({ initialVersion: 100n });
      const acc = createTree({ initialVersion: 100n });
      assert.deepEqual(
        hash,
        multistoreRoot(
          new Map([
            ["bank", tree.apply(100n, [change("a", "1")])],
            ["acc", acc.apply(100n, [])],
          ]),
        ),
      );
      assert.throws(() => store.apply(102n, new Map()), refusal(9));
    });
  });
}

function proofs(name: string, open: OpenStore): void {
  test(`${name}: a proof leads from a value, or its absence, to the app hash of its height`, async () => {
    await withStore(open, {}, async (store) => {
      const first = await put(store, { bank: [change("a", "1"), change("c", "3")], acc: [change("z", "9")] });
      await put(store, { bank: [change("b", "2")] });
      const present = store.prove("bank", bytes("a"), 1n);
      assert.equal(text(present.value), "1");
      assert.deepEqual(
        present.ops.map(({ type, key }) => [type, text(key)]),
        [
          ["ics23:iavl", "a"],
          ["ics23:simple", "bank"],
        ],
      );
      const [leaf, top] = present.ops;
      assert.ok(leaf !== undefined && top !== undefined);
      const root = calculateRoot(leaf.data);
      assert.ok(root !== undefined);
      assert.ok(verifyMembership(iavlSpec, root, leaf.data, bytes("a"), bytes("1")));
      assert.ok(verifyMembership(tendermintSpec, first, top.data, bytes("bank"), root));
      assert.ok(!verifyMembership(iavlSpec, root, leaf.data, bytes("a"), bytes("2")));
      assert.ok(!verifyMembership(tendermintSpec, store.appHash, top.data, bytes("bank"), root));
      const absent = store.prove("bank", bytes("b"), 1n);
      assert.equal(absent.value, undefined);
      assert.ok(absent.ops[0] !== undefined && verifyNonMembership(iavlSpec, root, absent.ops[0].data, bytes("b")));
      assert.equal(text(store.prove("bank", bytes("b"), 2n).value), "2");
      assert.throws(() => store.prove("gov", bytes("b"), 2n), refusal(6));
      assert.throws(() => store.prove("bank", bytes("b"), 3n), refusal(7));
    });
  });
}

function rows(name: string, open: OpenStore): void {
  test(`${name}: index rows are written with the commit, deleted with a later one, and read in order within bounds`, async () => {
    await withStore(open, {}, async (store) => {
      await put(store, {}, [change("tx/2", "b"), change("tx/1", "a"), change("tx/3", "c"), [bytes("flag"), new Uint8Array(0)]]);
      await put(store, {}, [change("tx/2"), change("tx/3", "d"), change("tx/none")]);
      assert.equal(text(await store.row(bytes("tx/1"))), "a");
      assert.equal(text(await store.row(bytes("flag"))), "");
      assert.equal(await store.row(bytes("tx/2")), undefined);
      const read = async (range: Parameters<CommitStore["rows"]>[0]): Promise<string[]> => {
        const found: string[] = [];
        for await (const [key, value] of store.rows(range)) found.push(`${text(key)}=${text(value)}`);
        return found;
      };
      assert.deepEqual(await read({}), ["flag=", "tx/1=a", "tx/3=d"]);
      assert.deepEqual(await read({ reverse: true }), ["tx/3=d", "tx/1=a", "flag="]);
      assert.deepEqual(await read({ start: bytes("tx/1"), end: bytes("tx/3") }), ["tx/1=a"]);
      assert.deepEqual(await read({ start: bytes("g"), reverse: true }), ["tx/3=d", "tx/1=a"]);
      assert.deepEqual(await read({ end: bytes("tx/") }), ["flag="]);
      assert.deepEqual(await read({ end: new Uint8Array(0) }), []);
      assert.deepEqual(await read({ start: bytes("x"), end: bytes("b") }), []);
    });
  });

  test(`${name}: a block response is read back byte for byte`, async () => {
    await withStore(open, {}, async (store) => {
      await put(store, {}, [], bytes("one"));
      await put(store, {});
      await put(store, {}, [], new Uint8Array(0));
      assert.equal(text(await store.response(1n)), "one");
      assert.equal(await store.response(2n), undefined);
      assert.equal(text(await store.response(3n)), "");
      assert.equal(await store.response(4n), undefined);
    });
  });
}

function misuse(name: string, open: OpenStore): void {
  test(`${name}: what cannot be applied or committed is refused by code and changes nothing`, async () => {
    await withStore(open, {}, async (store) => {
      const hash = await put(store, { bank: [change("a", "1")] });
      await assert.rejects(store.commit(), refusal(10));
      assert.throws(() => store.apply(1n, new Map()), refusal(9));
      assert.throws(() => store.apply(3n, new Map()), refusal(9));
      assert.throws(() => store.apply(2n, setOf({ gov: [change("a", "1")] })), refusal(6));
      assert.throws(() => store.apply(2n, setOf({ bank: [change("b", "1"), change("a", "1")] })), refusal(11));
      await assert.rejects(store.commit(), refusal(10));
      const overlay = store.overlay();
      assert.throws(() => overlay.store("gov"), refusal(6));
      assert.deepEqual(store.appHash, hash);
      await put(store, { bank: [change("a", "2")] });
      assert.equal(store.version, 2n);
    });
  });
}

function endings(name: string, open: OpenStore): void {
  test(`${name}: while a commit is under way no other version is applied and readers see the version before`, async () => {
    await withStore(open, {}, async (store) => {
      store.apply(1n, setOf({ bank: [change("a", "1")] }));
      const committing = store.commit();
      assert.throws(() => store.apply(1n, new Map()), refusal(9));
      assert.equal(store.version, 0n);
      await assert.rejects(store.commit(), refusal(10));
      await committing;
      assert.equal(store.version, 1n);
    });
  });

  test(`${name}: what is prepared writes nothing before it is committed, and is void once another version is applied`, async () => {
    await withStore(open, {}, async (store) => {
      assert.throws(() => store.prepare(), refusal(10));
      store.apply(1n, setOf({ bank: [change("a", "1")] }));
      const dropped = store.prepare([[bytes("row"), bytes("dropped")]], bytes("dropped"));
      store.apply(1n, setOf({ bank: [change("a", "2")] }));
      await assert.rejects(dropped.commit(), refusal(10));
      const prepared = store.prepare([[bytes("row"), bytes("kept")]], bytes("answer"));
      assert.equal(await store.row(bytes("row")), undefined);
      assert.equal(store.version, 0n);
      await prepared.commit();
      assert.equal(store.version, 1n);
      assert.equal(text(store.latest().store("bank").get(bytes("a"))), "2");
      assert.equal(text(await store.row(bytes("row"))), "kept");
      assert.equal(text(await store.response(1n)), "answer");
      await assert.rejects(prepared.commit(), refusal(10));
    });
  });

  test(`${name}: closing waits for the commit under way`, async () => {
    const store = await open({ stores: ["bank"] });
    store.apply(1n, setOf({ bank: [change("a", "1")] }));
    const committing = store.commit();
    await store.close();
    await committing;
    assert.equal(store.version, 1n);
  });

  test(`${name}: a closed store refuses to go on`, async () => {
    const store = await open({ stores: ["bank"] });
    await put(store, { bank: [change("a", "1")] });
    await store.close();
    assert.throws(() => store.apply(2n, new Map()), refusal(17));
    await assert.rejects(store.commit(), refusal(17));
    await assert.rejects(store.row(bytes("a")), refusal(17));
    await store.close();
  });

  test(`${name}: store names must be unique, not empty and without a slash`, async () => {
    for (const stores of [["bank", "bank"], [""], ["a/b"]]) await assert.rejects(open({ stores }), refusal(6));
  });
}

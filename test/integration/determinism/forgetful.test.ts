// What is remembered from block to block decides nothing: where nobody can tell that a collection stayed the same, every hook does all of its work in
// every block, and the blocks come to the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hanzoStores } from "../../../app/hanzo.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import type { KVReader, KVStore, Overlay, StateReader } from "../../../app/store/kv.ts";
import { recordBlocks } from "../../campaign/determinism/recordBlocks.ts";

const [SEED, BLOCKS] = [11, 60];

/** How often a stamp was asked for, and not given. */
let asked = 0;

/** A store that cannot tell what stayed the same, and whose values are another array with every read. */
function forgetful<S extends KVReader | KVStore>(store: S): S {
  const forgotten: Partial<KVStore> = {
    get: (key) => store.get(key)?.slice(),
    has: (key) => store.has(key),
    iterate: (range) => store.iterate(range),
    ...("set" in store ? { set: (key, value) => store.set(key, value), delete: (key) => store.delete(key) } : {}),
  };
  Object.defineProperty(forgotten, "stamp", { get: () => void asked++ });
  return forgotten as S;
}

function forgetfulState<S extends StateReader | Overlay>(state: S): S {
  return new Proxy(state, {
    get: (target, name) => {
      if (name === "store") return (store: string) => forgetful(target.store(store));
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function forgetfulStore(store: CommitStore): CommitStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "overlay") return () => forgetfulState(target.overlay());
      if (name === "latest") return () => forgetfulState(target.latest());
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test(`${BLOCKS} seeded blocks of every message of every module come to the same where nothing is remembered`, async () => {
  const right = await recordBlocks(SEED, BLOCKS);
  const { digests, succeeded } = await recordBlocks(SEED, BLOCKS, forgetfulStore(createMemoryCommitStore({ stores: hanzoStores })));
  assert.deepEqual(digests, right.digests);
  assert.ok(succeeded > BLOCKS && asked > 10 * BLOCKS);
});

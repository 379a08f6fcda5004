import assert from "node:assert/strict";
import { test } from "node:test";
import { RUNTIME_STORE, readModuleVersions, writeModuleVersion } from "../../../app/runtime/runtimeState.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import type { KVReader } from "../../../app/store/kv.ts";

const versionsIn = (store: KVReader): Record<string, bigint> => Object.fromEntries(readModuleVersions(store));

test("versions of modules are those of the state that is read, whichever state was read before", async () => {
  const stores = [1n, 2n].map(() => createMemoryCommitStore({ stores: [RUNTIME_STORE] }));
  for (const [i, store] of stores.entries()) {
    const overlay = store.overlay();
    writeModuleVersion(overlay.store(RUNTIME_STORE), "bank", BigInt(i + 1));
    assert.deepEqual(versionsIn(overlay.store(RUNTIME_STORE)), { bank: BigInt(i + 1) });
    store.apply(1n, overlay.changes());
    await store.commit();
  }
  for (const i of [0, 1, 0, 0, 1, 1] as const) {
    const store = stores[i] ?? assert.fail("a store");
    const committed = { bank: BigInt(i + 1) };
    assert.deepEqual(versionsIn(store.latest().store(RUNTIME_STORE)), committed);
    const overlay = store.overlay();
    const mark = overlay.savepoint();
    writeModuleVersion(overlay.store(RUNTIME_STORE), "bank", 9n);
    assert.deepEqual(versionsIn(overlay.store(RUNTIME_STORE)), { bank: 9n });
    assert.deepEqual(versionsIn(store.at(1n).store(RUNTIME_STORE)), committed);
    overlay.rollback(mark);
    assert.deepEqual(versionsIn(overlay.store(RUNTIME_STORE)), committed);
  }
});

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openCommitStore } from "../../../app/store/commitStore.ts";

test("only a new store asks for its initial version; an old one has its own", async () => {
  const path = await mkdtemp(join(tmpdir(), "hanzo-initial-"));
  let asked = 0;
  const initialVersion = async (): Promise<bigint> => {
    asked += 1;
    return 7n;
  };
  try {
    for (const _ of [1, 2]) {
      const store = await openCommitStore({ path, stores: ["bank"], initialVersion });
      assert.throws(() => store.apply(1n, new Map()), { code: 9 });
      store.apply(7n, new Map());
      await store.close();
    }
    assert.equal(asked, 1);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
});

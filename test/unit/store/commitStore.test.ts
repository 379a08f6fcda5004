import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryCommitStore, openCommitStore } from "../../../app/store/commitStore.ts";
import { storeConformance } from "../../conformance/store.ts";

storeConformance("memory", async (opts) => createMemoryCommitStore(opts));

storeConformance("RocksDB", async (opts) => {
  const path = await mkdtemp(join(tmpdir(), "hanzo-store-"));
  try {
    const store = await openCommitStore({ ...opts, path });
    const { close } = store;
    store.close = async () => {
      await close.call(store);
      await rm(path, { recursive: true, force: true });
    };
    return store;
  } catch (cause) {
    await rm(path, { recursive: true, force: true });
    throw cause;
  }
});

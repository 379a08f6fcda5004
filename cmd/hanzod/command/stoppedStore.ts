import { type DurableCommitStore, openCommitStore } from "../../../app/store/commitStore.ts";
import { storeRefusal } from "../app/openApp.ts";
import { readAppConfig } from "../config/appConfig.ts";
import { chainOf } from "../config/chainOf.ts";
import { findInitialHeight } from "../genesis/requireValidGenesis.ts";
import { type Home, requireHome } from "../node/home.ts";
import { acquireLock } from "../node/lock.ts";

/**
 * Does something with the store of a node that does not run, and keeps it from running meanwhile.
 * @param work is given the store and the names of the chain's stores
 * @throws NodeError HZN-LOCK while the node runs, what the store refuses, and what the work throws
 */
export async function withStoppedStore<T>(
  home: Home,
  work: (store: DurableCommitStore, stores: readonly string[]) => T | Promise<T>,
): Promise<T> {
  await requireHome(home);
  const { stores } = chainOf(readAppConfig(home));
  const initialVersion = (): Promise<bigint> => findInitialHeight(home.config.genesis);
  const lock = await acquireLock(home.run.lock);
  try {
    const store = await openCommitStore({ path: home.data.app, stores, initialVersion }).catch((error: unknown) => {
      throw storeRefusal(home.data.app, error);
    });
    try {
      return await work(store, stores);
    } finally {
      await store.close();
    }
  } finally {
    await lock.release();
  }
}

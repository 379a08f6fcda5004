import { createCtx, FREE_GAS, type ReadCtx } from "#sdk";
import type { CommitStore } from "../store/commitStore.ts";
import type { App } from "./app.ts";

/**
 * The committed state of a chain, to read outside of blocks and queries. Costs no gas.
 * @param app gives height, time and name of the chain
 * @param store where the chain commits; the state is its latest one, and stays that when the chain goes on
 */
export function readCommitted(
  { height, timeNs, chainId }: Pick<App, "height" | "timeNs" | "chainId">,
  store: Pick<CommitStore, "latest">,
): ReadCtx {
  const latest = store.latest();
  return createCtx({
    height,
    timeNs,
    chainId,
    gas: FREE_GAS,
    stores: (name) => latest.store(name),
    events: [],
    formatEvent: () => {
      throw new Error("nothing is emitted where only reading is expected");
    },
  });
}

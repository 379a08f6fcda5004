import { Plan } from "#proto/cosmos/upgrade/v1beta1/upgrade";
import { type BoundState, coll, key, value } from "#sdk";

/** State of x/upgrade; prefixes, keys and values are those of the Cosmos SDK. Its versions of modules are kept by the runtime. */
export const state = {
  /** The upgrade that is scheduled: one entry, without a key, or none. */
  plan: coll.map(0, key.string, Plan),
  /** Upgrades that were done, by height and name. */
  done: coll.map(1, key.pair(key.height, key.string), value.bool),
};

export type UpgradeState = BoundState<typeof state>;

/** The key of {@link state}'s plan: nothing behind the prefix. */
export const PLAN = "";

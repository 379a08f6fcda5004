import { type BoundState, coll, key, latest, value } from "#sdk";
import { accountRow } from "./accountRow.ts";

/** State of x/auth, in the store `acc`; prefixes 0 and 1 and their values are those of the Cosmos SDK. */
export const state = {
  /** Accounts by address. A transaction reads its signer's four times. */
  accounts: coll.map(1, key.address, latest(accountRow)),
  /** The number that the next new account gets. */
  nextNumber: coll.item(2, value.uint64, 0n),
  /** Who has which account number. */
  byNumber: coll.map(3, key.pair(key.uint64, key.address), value.bool),
  /** Names of module accounts by address: whether an address belongs to a module is asked at every transfer. */
  modules: coll.map(4, key.address, value.string),
};

export type AuthState = BoundState<typeof state>;

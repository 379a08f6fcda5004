import { Metadata } from "#proto/cosmos/bank/v1beta1/bank";
import { type BoundState, coll, key, value } from "#sdk";

/** Prefix of the parameters; 0 belongs to the supply. */
export const PARAMS_PREFIX = 5;

/** State of x/bank; prefixes, keys and values are those of the Cosmos SDK. */
export const state = {
  /** Atomic units in existence, by denomination; never zero. */
  supply: coll.map(0, key.denom, value.int),
  /** How wallets show a denomination. */
  metadata: coll.map(1, key.denom, Metadata),
  /** Atomic units of an account; never zero. */
  balances: coll.map(2, key.pair(key.address, key.denom), value.int),
  /** Who holds a denomination: one entry per balance. */
  owners: coll.map(3, key.pair(key.denom, key.delimited(key.address)), value.bool),
  /** Whether users may transfer a denomination, where it differs from the parameter. */
  sendEnabled: coll.map(4, key.denom, value.bool),
};

export type BankState = BoundState<typeof state>;

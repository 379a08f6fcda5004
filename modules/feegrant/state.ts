import { Grant } from "#proto/cosmos/feegrant/v1beta1/feegrant";
import { type BoundState, coll, key, value } from "#sdk";

/** State of x/feegrant; prefixes, keys and grants are those of the Cosmos SDK. */
export const state = {
  /** Grants by grantee and granter. */
  grants: coll.map(0, key.pair(key.address, key.delimited(key.address)), Grant),
  /** Which grants expire when: present by expiration, grantee and granter. */
  expiries: coll.map(1, key.triple(key.time, key.address, key.delimited(key.address)), value.bool),
};

export type FeegrantState = BoundState<typeof state>;

import { Grant, GrantQueueItem } from "#proto/cosmos/authz/v1beta1/authz";
import { type BoundState, coll, key } from "#sdk";

/** State of x/authz; prefixes, keys and values are those of the Cosmos SDK. */
export const state = {
  /** Grants by granter, grantee and type URL. */
  grants: coll.map(1, key.triple(key.address, key.address, key.string), Grant),
  /** Which grants expire when: type URLs by expiration, granter and grantee. */
  expiries: coll.map(2, key.triple(key.time, key.address, key.delimited(key.address)), GrantQueueItem),
};

export type AuthzState = BoundState<typeof state>;

import type { GrantAuthorization } from "#proto/cosmos/authz/v1beta1/authz";
import type { GenesisState } from "#proto/cosmos/authz/v1beta1/genesis";
import { AddressError, type GenesisHandlers, ModuleError, sdkError, timestampNs } from "#sdk";
import { readAuthorization } from "./authorization.ts";
import type { Authz } from "./authz.ts";
import { isExpired, saveGrant } from "./grants.ts";

/** Genesis of x/authz in the format of the Cosmos SDK. Grants that have expired are neither read nor written. */
export function createGenesis(authz: Authz): GenesisHandlers<GenesisState> {
  const { state, address } = authz;
  return {
    default: () => ({ authorization: [] }),
    validate({ authorization }) {
      for (const [i, entry] of authorization.entries()) at(`authz.authorization[${i}]`, () => checkEntry(authz, entry));
    },
    init(ctx, { authorization }) {
      for (const { granter, grantee, ...grant } of authorization) {
        const ended = isExpired(ctx, grant) || (grant.expiration !== undefined && timestampNs(grant.expiration) === ctx.timeNs);
        if (!ended) saveGrant(authz, ctx, address.canonical(granter), address.canonical(grantee), grant);
      }
    },
    export(ctx) {
      const authorization: GrantAuthorization[] = [];
      for (const [[granter, grantee], grant] of state.grants.entries(ctx))
        if (!isExpired(ctx, grant)) authorization.push({ ...grant, granter, grantee });
      return { authorization };
    },
  };
}

function checkEntry({ address, err }: Authz, { granter, grantee, authorization }: GrantAuthorization): void {
  if (grantee === "") throw sdkError.invalidRequest("missing grantee");
  if (granter === "") throw sdkError.invalidRequest("missing granter");
  address.parse(grantee);
  address.parse(granter);
  const read = readAuthorization(authorization);
  read.check(err);
  read.messageType(err);
}

/** Names the entry in what is thrown. @throws sdk/18 */
function at(path: string, check: () => void): void {
  try {
    check();
  } catch (cause) {
    if (cause instanceof AddressError || cause instanceof ModuleError) throw sdkError.invalidRequest(`${path}: ${cause.message}`);
    throw cause;
  }
}

import type { Grant } from "#proto/cosmos/authz/v1beta1/authz";
import type { QueryDefinition } from "#proto/cosmos/authz/v1beta1/query";
import { notFound, paginateMatching, type QueryHandlers } from "#sdk";
import type { Authz } from "./authz.ts";
import { findGrant, type GrantKey, isExpired } from "./grants.ts";

/** Handlers of `cosmos.authz.v1beta1.Query`. Grants that have expired are not shown. */
export function createQueries(authz: Authz): QueryHandlers<typeof QueryDefinition> {
  const { state, address } = authz;
  return {
    grants(ctx, { granter, grantee, msgTypeUrl, pagination: page }) {
      const pair = [address.canonical(granter), address.canonical(grantee)] as const;
      if (msgTypeUrl !== "") {
        const grant = findGrant(authz, ctx, [...pair, msgTypeUrl]);
        if (grant === undefined) throw notFound(`authorization not found for ${msgTypeUrl} type: authorization not found`);
        return { grants: [grant] };
      }
      const filter = (_: GrantKey, grant: Grant): boolean => !isExpired(ctx, grant);
      const { items, pagination } = paginateMatching(ctx, state.grants, page, { first: pair, filter });
      return { grants: items.map(([, grant]) => grant), pagination };
    },
    granterGrants(ctx, { granter, pagination: page }) {
      const filter = (_: GrantKey, grant: Grant): boolean => !isExpired(ctx, grant);
      const { items, pagination } = paginateMatching(ctx, state.grants, page, { first: address.canonical(granter), filter });
      return { grants: items.map(([[, grantee], grant]) => ({ ...grant, granter, grantee })), pagination };
    },
    granteeGrants(ctx, { grantee, pagination: page }) {
      const wanted = address.canonical(grantee);
      const filter = ([, to]: GrantKey, grant: Grant): boolean => to === wanted && !isExpired(ctx, grant);
      const { items, pagination } = paginateMatching(ctx, state.grants, page, { filter });
      return { grants: items.map(([[granter], grant]) => ({ ...grant, granter, grantee })), pagination };
    },
  };
}

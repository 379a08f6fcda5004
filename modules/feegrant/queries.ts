import type { QueryDefinition } from "#proto/cosmos/feegrant/v1beta1/query";
import { notFound, paginate, paginateMatching, type QueryHandlers } from "#sdk";
import type { Feegrant } from "./feegrant.ts";

/** Handlers of `cosmos.feegrant.v1beta1.Query`. */
export function createQueries({ state, address }: Feegrant): QueryHandlers<typeof QueryDefinition> {
  return {
    allowance(ctx, { granter, grantee }) {
      const [payer, payee] = [address.canonical(granter), address.canonical(grantee)];
      const grant = state.grants.find(ctx, [payee, payer]);
      if (grant === undefined) throw notFound("fee-grant not found: not found");
      return { allowance: { granter, grantee, allowance: grant.allowance } };
    },
    allowances(ctx, { grantee, pagination: page }) {
      const { items, pagination } = paginate(ctx, state.grants, page, { first: address.canonical(grantee), countsBehindEnd: true });
      return { allowances: items.map(([, grant]) => grant), pagination };
    },
    allowancesByGranter(ctx, { granter, pagination: page }) {
      const wanted = address.canonical(granter);
      const { items, pagination } = paginateMatching(ctx, state.grants, page, { filter: ([, from]) => from === wanted });
      return { allowances: items.map(([, grant]) => grant), pagination };
    },
  };
}

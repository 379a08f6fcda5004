import type { MsgGrantAllowance, MsgPruneAllowances, MsgRevokeAllowance } from "#proto/cosmos/feegrant/v1beta1/tx";
import type { Ctx } from "#sdk";
import type { Feegrant } from "./feegrant.ts";
import { addGrant, removeGrant } from "./grants.ts";
import { MAX_PRUNED, pruneGrants } from "./prune.ts";

/** MsgGrantAllowance: the granter pays fees of the grantee from now on. */
export function grantAllowance(feegrant: Feegrant, ctx: Ctx, { granter, grantee, allowance }: MsgGrantAllowance): object {
  const { address } = feegrant;
  addGrant(feegrant, ctx, address.canonical(granter), address.canonical(grantee), allowance);
  return {};
}

/** MsgRevokeAllowance: and no longer. */
export function revokeAllowance(feegrant: Feegrant, ctx: Ctx, { granter, grantee }: MsgRevokeAllowance): object {
  const { address } = feegrant;
  removeGrant(feegrant, ctx, address.canonical(granter), address.canonical(grantee));
  return {};
}

/** MsgPruneAllowances: anybody may clean up. */
export function pruneAllowances(feegrant: Feegrant, ctx: Ctx, { pruner }: MsgPruneAllowances): object {
  pruneGrants(feegrant, ctx, MAX_PRUNED.message);
  ctx.event("prune_feegrant", [["pruner", pruner]]);
  return {};
}

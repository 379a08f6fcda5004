import type { Grant } from "#proto/cosmos/feegrant/v1beta1/feegrant";
import type { Any } from "#proto/google/protobuf/any";
import { type Ctx, type ReadCtx, sdkError } from "#sdk";
import { readAllowance } from "./allowance.ts";
import type { Feegrant } from "./feegrant.ts";

/** The allowance of one account for another; addresses are canonical. @throws sdk/38 */
export function getGrant({ state }: Feegrant, ctx: ReadCtx, granter: string, grantee: string): Grant {
  const grant = state.grants.find(ctx, [grantee, granter]);
  if (grant === undefined) throw sdkError.notFound("fee-grant not found");
  return grant;
}

/**
 * Writes a new allowance. Who gets one has an account afterwards.
 * @throws sdk/18 when there is one already, or it has expired; what is wrong with it; sdk/4 for accounts that may not receive
 */
export function addGrant(feegrant: Feegrant, ctx: Ctx, granter: string, grantee: string, allowance: Any | undefined): void {
  const { state, needs, err } = feegrant;
  if (state.grants.has(ctx, [grantee, granter])) throw sdkError.invalidRequest("fee allowance already exists");
  const read = readAllowance(allowance, err);
  read.check(err);
  if (needs.auth.findAccount(ctx, grantee) === undefined) {
    if (needs.bank.isBlocked(ctx, grantee)) throw sdkError.unauthorized(`${grantee} is not allowed to receive funds`);
    needs.auth.ensureAccount(ctx, grantee);
  }
  const expiresNs = read.expiresNs(err);
  if (expiresNs !== undefined) {
    if (expiresNs < ctx.timeNs) throw sdkError.invalidRequest("expiration is before current block time");
    state.expiries.set(ctx, [expiresNs, grantee, granter], true);
  }
  state.grants.set(ctx, [grantee, granter], { granter, grantee, allowance: read.packed() });
  ctx.event("set_feegrant", [
    ["granter", granter],
    ["grantee", grantee],
  ]);
}

/** Sets what is left of an allowance that is there. */
export function updateGrant({ state }: Feegrant, ctx: Ctx, granter: string, grantee: string, allowance: Any): void {
  state.grants.set(ctx, [grantee, granter], { granter, grantee, allowance });
  ctx.event("update_feegrant", [
    ["granter", granter],
    ["grantee", grantee],
  ]);
}

/** Removes an allowance and its place in the queue, which the SDK leaves behind. @throws sdk/38 */
export function removeGrant(feegrant: Feegrant, ctx: Ctx, granter: string, grantee: string): void {
  const { state, err } = feegrant;
  const expiresNs = readAllowance(getGrant(feegrant, ctx, granter, grantee).allowance, err).expiresNs(err);
  state.grants.delete(ctx, [grantee, granter]);
  if (expiresNs !== undefined) state.expiries.delete(ctx, [expiresNs, grantee, granter]);
  ctx.event("revoke_feegrant", [
    ["granter", granter],
    ["grantee", grantee],
  ]);
}

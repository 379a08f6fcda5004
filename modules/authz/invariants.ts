import { type ReadCtx, timestampNs } from "#sdk";
import { readAuthorization } from "./authorization.ts";
import type { Authz } from "./authz.ts";

/** The queue has exactly the grants that expire, each at its time. */
export function queueMatchesGrants({ state }: Authz, ctx: ReadCtx): string | undefined {
  let queued = 0;
  for (const [[expiresNs, granter, grantee], { msgTypeUrls }] of state.expiries.entries(ctx)) {
    for (const messageType of msgTypeUrls) {
      queued++;
      const expiration = state.grants.find(ctx, [granter, grantee, messageType])?.expiration;
      if (expiration === undefined || timestampNs(expiration) !== expiresNs)
        return `grant of ${granter} to ${grantee} for ${messageType} until ${expiresNs} ns expected, it is not there`;
    }
  }
  let expiring = 0;
  for (const [, { expiration }] of state.grants.entries(ctx)) if (expiration !== undefined) expiring++;
  return queued === expiring ? undefined : `${expiring} grants in the queue expected, got ${queued}`;
}

/** Every grant can be read and stands under the type that it allows. */
export function grantsStandUnderTheirType({ state, err }: Authz, ctx: ReadCtx): string | undefined {
  for (const [[granter, grantee, messageType], grant] of state.grants.entries(ctx)) {
    const allowed = readAuthorization(grant.authorization).messageType(err);
    if (allowed !== messageType) return `grant of ${granter} to ${grantee} for ${allowed} expected, it stands under ${messageType}`;
  }
  return undefined;
}

import type { Grant } from "#proto/cosmos/authz/v1beta1/authz";
import { EventGrant, EventRevoke } from "#proto/cosmos/authz/v1beta1/event";
import type { Any } from "#proto/google/protobuf/any";
import { type Ctx, formatRfc3339Seconds, type ReadCtx, timestampNs } from "#sdk";
import { readAuthorization } from "./authorization.ts";
import type { Authz } from "./authz.ts";

/** Where a grant stands; addresses are canonical. */
export type GrantKey = readonly [granter: string, grantee: string, messageType: string];

/** Gas of a look at one entry of the queue (cosmos-sdk x/authz gasCostPerIteration). */
const QUEUE_ENTRY_GAS = 20n;

/** Whether a grant can no longer be used: its last moment lies before this block. It counts as absent from then on, removed or not. */
export function isExpired(ctx: ReadCtx, { expiration }: Pick<Grant, "expiration">): boolean {
  return expiration !== undefined && timestampNs(expiration) < ctx.timeNs;
}

/** The grant under a key, undefined when there is none or it has expired. */
export function findGrant({ state }: Authz, ctx: ReadCtx, key: GrantKey): Grant | undefined {
  const grant = state.grants.find(ctx, key);
  return grant === undefined || isExpired(ctx, grant) ? undefined : grant;
}

/** Writes a grant in the place of an earlier one. @throws authz/3 when it expires now or before, authz/4 */
export function saveGrant(authz: Authz, ctx: Ctx, granter: string, grantee: string, grant: Grant): void {
  const { state, err } = authz;
  const authorization = readAuthorization(grant.authorization);
  const messageType = authorization.messageType(err);
  const key: GrantKey = [granter, grantee, messageType];
  const expiresNs = grant.expiration === undefined ? undefined : timestampNs(grant.expiration);
  if (expiresNs !== undefined && expiresNs <= ctx.timeNs) {
    const [now, got] = [formatRfc3339Seconds(ctx.timeNs), formatRfc3339Seconds(expiresNs)];
    throw err.invalidExpiration(`expiration must be after the current block time (${now}), got ${got}`);
  }
  const before = state.grants.find(ctx, key)?.expiration;
  const expiredNs = before === undefined ? undefined : timestampNs(before);
  if (expiredNs !== expiresNs) {
    if (expiredNs !== undefined) leaveQueue(authz, ctx, expiredNs, key);
    if (expiresNs !== undefined) joinQueue(authz, ctx, expiresNs, key);
  }
  state.grants.set(ctx, key, { ...grant, authorization: authorization.packed() });
  ctx.emit(EventGrant, { msgTypeUrl: messageType, granter, grantee });
}

/** Sets what is left of a grant that is there. */
export function updateGrant({ state }: Authz, ctx: Ctx, key: GrantKey, grant: Grant, authorization: Any): void {
  state.grants.set(ctx, key, { ...grant, authorization });
}

/** Removes a grant. @throws authz/2 */
export function deleteGrant(authz: Authz, ctx: Ctx, key: GrantKey): void {
  const [granter, grantee, msgTypeUrl] = key;
  const grant = findGrant(authz, ctx, key);
  if (grant === undefined) throw authz.err.noAuthorization(`failed to delete grant with key ${granter} ${grantee} ${msgTypeUrl}`);
  if (grant.expiration !== undefined) leaveQueue(authz, ctx, timestampNs(grant.expiration), key);
  authz.state.grants.delete(ctx, key);
  ctx.emit(EventRevoke, { msgTypeUrl, granter, grantee });
}

function joinQueue({ state }: Authz, ctx: Ctx, expiresNs: bigint, [granter, grantee, messageType]: GrantKey): void {
  const key = [expiresNs, granter, grantee] as const;
  const { msgTypeUrls } = state.expiries.find(ctx, key) ?? { msgTypeUrls: [] };
  state.expiries.set(ctx, key, { msgTypeUrls: [...msgTypeUrls, messageType] });
}

function leaveQueue({ state }: Authz, ctx: Ctx, expiresNs: bigint, [granter, grantee, messageType]: GrantKey): void {
  const key = [expiresNs, granter, grantee] as const;
  const { msgTypeUrls } = state.expiries.get(ctx, key);
  ctx.gas(QUEUE_ENTRY_GAS * BigInt(msgTypeUrls.indexOf(messageType) + 1), "grant queue");
  const left = msgTypeUrls.filter((queued) => queued !== messageType);
  if (left.length === 0) state.expiries.delete(ctx, key);
  else state.expiries.set(ctx, key, { msgTypeUrls: left });
}

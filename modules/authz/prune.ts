import type { Ctx } from "#sdk";
import type { Authz } from "./authz.ts";

/** Grants that one block removes, about: those of one pair and one moment go together. The rest waits, and counts as absent meanwhile. */
const MAX_PRUNED_GRANTS = 200;

/** Removes grants whose last moment lies before this block, the oldest first. */
export function pruneGrants({ state }: Authz, ctx: Ctx): void {
  const next = state.expiries.first(ctx);
  if (next === undefined || next[0] >= ctx.timeNs) return;
  const due: (readonly [bigint, string, string, readonly string[]])[] = [];
  let count = 0;
  for (const [[expiresNs, granter, grantee], { msgTypeUrls }] of state.expiries.entries(ctx)) {
    if (expiresNs >= ctx.timeNs || count >= MAX_PRUNED_GRANTS) break;
    due.push([expiresNs, granter, grantee, msgTypeUrls]);
    count += msgTypeUrls.length;
  }
  for (const [expiresNs, granter, grantee, msgTypeUrls] of due) {
    state.expiries.delete(ctx, [expiresNs, granter, grantee]);
    for (const messageType of msgTypeUrls) state.grants.delete(ctx, [granter, grantee, messageType]);
  }
}

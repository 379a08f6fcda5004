import type { Ctx } from "#sdk";
import type { Feegrant } from "./feegrant.ts";

/** Allowances that the end of a block removes at most, and a MsgPruneAllowances (numbers of the SDK). */
export const MAX_PRUNED = { block: 200, message: 75 } as const;

/** End of a block: {@link pruneGrants} where an allowance is over. */
export function pruneAtEnd(feegrant: Feegrant, ctx: Ctx): void {
  const next = feegrant.state.expiries.first(ctx);
  if (next !== undefined && next[0] < ctx.timeNs) pruneGrants(feegrant, ctx, MAX_PRUNED.block);
}

/** Removes allowances whose last moment lies before this block, the oldest first. */
export function pruneGrants({ state }: Feegrant, ctx: Ctx, limit: number): void {
  const due: (readonly [bigint, string, string])[] = [];
  for (const [key] of state.expiries.entries(ctx)) {
    if (key[0] >= ctx.timeNs || due.length >= limit) break;
    due.push(key);
  }
  for (const key of due) {
    const [, grantee, granter] = key;
    state.expiries.delete(ctx, key);
    state.grants.delete(ctx, [grantee, granter]);
  }
}

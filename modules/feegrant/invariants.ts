import type { ReadCtx } from "#sdk";
import { readAllowance } from "./allowance.ts";
import type { Feegrant } from "./feegrant.ts";

/** The queue has exactly the grants that expire, each at its time. */
export function queueMatchesGrants({ state, err }: Feegrant, ctx: ReadCtx): string | undefined {
  let expiring = 0;
  for (const [[grantee, granter], { allowance }] of state.grants.entries(ctx)) {
    const expiresNs = readAllowance(allowance, err).expiresNs(err);
    if (expiresNs === undefined) continue;
    expiring++;
    if (!state.expiries.has(ctx, [expiresNs, grantee, granter]))
      return `allowance of ${granter} for ${grantee} in the queue at ${expiresNs} ns expected, it is not there`;
  }
  const queued = [...state.expiries.entries(ctx)].length;
  return queued === expiring ? undefined : `${expiring} allowances in the queue expected, got ${queued}`;
}

/** Every allowance would be granted again as it is. */
export function allowancesAreValid({ state, err }: Feegrant, ctx: ReadCtx): string | undefined {
  for (const [[grantee, granter], { allowance }] of state.grants.entries(ctx)) {
    try {
      readAllowance(allowance, err).check(err);
    } catch (cause) {
      return `allowance of ${granter} for ${grantee}: ${cause instanceof Error ? cause.message : String(cause)}`;
    }
  }
  return undefined;
}

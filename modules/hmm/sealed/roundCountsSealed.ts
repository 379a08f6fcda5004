import type { ReadCtx } from "#sdk";
import type { Market } from "../market.ts";

/** The round counts its sealed orders, and there are no others. */
export function roundCountsSealed({ state }: Market, ctx: ReadCtx): string | undefined {
  const round = state.round.find(ctx);
  let count = 0;
  for (const [, order] of state.sealed.entries(ctx)) {
    if (order.round !== round?.id) return `sealed order of ${order.sender}: expected round ${round?.id ?? "none"}, got ${order.round}`;
    count++;
  }
  const expected = round?.sealed ?? 0;
  return count === expected ? undefined : `round ${round?.id}: expected ${expected} sealed orders, got ${count}`;
}

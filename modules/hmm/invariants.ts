import type { QueryInvariantsResponse } from "#proto/hanzo/hmm/v1/query";
import type { ReadCtx } from "#sdk";
import { capacityIdentity } from "./capacity/invariants.ts";
import { feesEarned } from "./curve/fees.ts";
import { ledgerCoins } from "./ledger.ts";
import type { Market } from "./market.ts";
import { freshIsExact, movingIsExact } from "./pool/invariants.ts";
import { roundCountsSealed } from "./sealed/roundCountsSealed.ts";

/** supply(credit) = locked, always. */
export function vaultIdentity({ state, needs }: Market, ctx: ReadCtx): string | undefined {
  const { creditDenom, locked } = state.vault.get(ctx);
  const supply = needs.bank.supply(ctx, creditDenom);
  return supply === locked ? undefined : `expected a supply of ${locked}${creditDenom} as locked in the vault, got ${supply}${creditDenom}`;
}

/** The account holds at least what the ledger says (gifts may lie on top). */
function accountCoversLedger(market: Market, ctx: ReadCtx): string | undefined {
  for (const [denom, expected] of ledgerCoins(market, ctx)) {
    const got = market.needs.bank.balance(ctx, market.account, denom);
    if (got < expected) return `expected at least ${expected}${denom} on the market's account, got ${got}${denom}`;
  }
  return undefined;
}

/** Per pool, the positions' shares add up to the pool's, and its held fees cover what the positions can collect. */
function positionsMatchPools({ state }: Market, ctx: ReadCtx): string | undefined {
  const sums = new Map<string, { shares: bigint; owed: bigint }>();
  for (const [[owner, poolId], position] of state.positions.entries(ctx)) {
    const pool = state.pools.find(ctx, poolId);
    if (pool === undefined) return `position of ${owner}: expected a pool "${poolId}", got none`;
    const sum = sums.get(poolId) ?? { shares: 0n, owed: 0n };
    sum.shares += position.shares;
    sum.owed += position.feesOwed + feesEarned(position.shares, position.feeGrowthQ128, pool.feeGrowthQ128);
    sum.shares += position.freshShares;
    sums.set(poolId, sum);
  }
  for (const [id, pool] of state.pools.entries(ctx)) {
    const { shares, owed } = sums.get(id) ?? { shares: 0n, owed: 0n };
    if (shares !== pool.shares) return `pool "${id}": expected positions of ${pool.shares} shares together, got ${shares}`;
    if (owed > pool.feesHeld) return `pool "${id}": expected at most ${pool.feesHeld} credit base units of collectable fees, got ${owed}`;
  }
  return undefined;
}

/** Every waiting order is counted once for its pool, and escrows what its limit can cost. */
function ordersAreCounted({ state }: Market, ctx: ReadCtx): string | undefined {
  const counts = new Map<string, bigint>();
  const last = state.lastOrderId.get(ctx);
  for (const [id, order] of state.orders.entries(ctx)) {
    if (id !== order.id || id > last) return `order ${id}: expected an identifier of at most ${last}, got ${order.id}`;
    if (!state.pools.has(ctx, order.poolId)) return `order ${id}: expected a pool "${order.poolId}", got none`;
    if (order.resource + order.moreResource === 0n) return `order ${id}: expected resource that waits, got 0`;
    counts.set(order.poolId, (counts.get(order.poolId) ?? 0n) + 1n);
  }
  for (const [poolId, count] of state.waiting.entries(ctx)) {
    if (counts.get(poolId) !== count) return `pool "${poolId}": expected ${count} waiting orders, got ${counts.get(poolId) ?? 0n}`;
    counts.delete(poolId);
  }
  for (const [poolId, count] of counts) return `pool "${poolId}": expected a count of ${count} waiting orders, got none`;
  return undefined;
}

/** The market's invariants by name (README.md, Invariants). */
export const MARKET_INVARIANTS = {
  accountCoversLedger,
  capacityIdentity,
  freshIsExact,
  movingIsExact,
  ordersAreCounted,
  positionsMatchPools,
  roundCountsSealed,
  vaultIdentity,
} as const;

/** Evaluates all invariants, in the order of their names. */
export function queryInvariants(market: Market, ctx: ReadCtx): QueryInvariantsResponse {
  const invariants = Object.entries(MARKET_INVARIANTS).map(([name, evaluate]) => {
    const detail = evaluate(market, ctx);
    return { name, holds: detail === undefined, detail: detail ?? "" };
  });
  return { invariants, allHold: invariants.every(({ holds }) => holds) };
}

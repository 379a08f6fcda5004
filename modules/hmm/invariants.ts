import type { ReadCtx } from "#sdk";
import { feesEarned } from "./fees.ts";
import type { Market } from "./market.ts";

/** Coins that the market's ledger says its account holds, by denomination, in base units. */
export function ledgerCoins({ state, chain }: Market, ctx: ReadCtx): ReadonlyMap<string, bigint> {
  const { creditDenom, locked } = state.vault.get(ctx);
  let credit = 0n;
  const coins = new Map<string, bigint>([[chain.baseDenom, locked]]);
  for (const [, pool] of state.pools.entries(ctx)) {
    coins.set(pool.denom, pool.psi);
    credit += pool.theta + pool.feesHeld;
  }
  return coins.set(creditDenom, credit);
}

/** supply(credit) = locked, always. */
export function vaultIdentity({ state, needs }: Market, ctx: ReadCtx): string | undefined {
  const { creditDenom, locked } = state.vault.get(ctx);
  const supply = needs.bank.supply(ctx, creditDenom);
  return supply === locked ? undefined : `expected a supply of ${locked}${creditDenom} as locked in the vault, got ${supply}${creditDenom}`;
}

/** The account holds at least what the ledger says (gifts may lie on top). */
export function accountCoversLedger(market: Market, ctx: ReadCtx): string | undefined {
  for (const [denom, expected] of ledgerCoins(market, ctx)) {
    const got = market.needs.bank.balance(ctx, market.account, denom);
    if (got < expected) return `expected at least ${expected}${denom} on the market's account, got ${got}${denom}`;
  }
  return undefined;
}

/** Per pool, the positions' shares add up to the pool's, and its held fees cover what the positions can collect. */
export function positionsMatchPools({ state }: Market, ctx: ReadCtx): string | undefined {
  const sums = new Map<string, { shares: bigint; owed: bigint }>();
  for (const [[owner, poolId], position] of state.positions.entries(ctx)) {
    const pool = state.pools.find(ctx, poolId);
    if (pool === undefined) return `position of ${owner}: expected a pool "${poolId}", got none`;
    const sum = sums.get(poolId) ?? { shares: 0n, owed: 0n };
    sum.shares += position.shares;
    sum.owed += position.feesOwed + feesEarned(position.shares, position.feeGrowthQ128, pool.feeGrowthQ128);
    sums.set(poolId, sum);
  }
  for (const [id, pool] of state.pools.entries(ctx)) {
    const { shares, owed } = sums.get(id) ?? { shares: 0n, owed: 0n };
    if (shares !== pool.shares) return `pool "${id}": expected positions of ${pool.shares} shares together, got ${shares}`;
    if (owed > pool.feesHeld) return `pool "${id}": expected at most ${pool.feesHeld} credit base units of collectable fees, got ${owed}`;
  }
  return undefined;
}

/** `displaced` holds exactly the pools whose reference differs from their reserve. */
export function displacedIsExact({ state }: Market, ctx: ReadCtx): string | undefined {
  for (const [id, pool] of state.pools.entries(ctx)) {
    if (state.displaced.has(ctx, id) !== (pool.psi !== pool.psiRef))
      return `pool "${id}": psi ${pool.psi}, psi_ref ${pool.psiRef} and its displaced mark disagree`;
  }
  for (const [id] of state.displaced.entries(ctx))
    if (!state.pools.has(ctx, id)) return `displaced mark of "${id}": expected a pool, got none`;
  return undefined;
}

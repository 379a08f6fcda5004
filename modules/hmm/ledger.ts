// The market's own account against its ledger: what every part of the market says that the account holds.
import { OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import type { ReadCtx } from "#sdk";
import { capacityCoins } from "./capacity/invariants.ts";
import type { Market } from "./market.ts";
import { sealedCoins } from "./sealed/genesis.ts";

/** Amounts by denomination, base units. */
export type Amounts = ReadonlyMap<string, bigint>;

function addTo(sums: Map<string, bigint>, denom: string, amount: bigint): void {
  if (amount !== 0n) sums.set(denom, (sums.get(denom) ?? 0n) + amount);
}

/** Escrows of waiting orders. Offers of capacity escrow nothing: their units are counted as unsold. */
function orderCoins({ state }: Market, ctx: ReadCtx, creditDenom: string, denoms: ReadonlyMap<string, string>): Amounts {
  const sums = new Map<string, bigint>();
  for (const [, order] of state.orders.entries(ctx)) {
    if (order.side === Side.SIDE_BUY) addTo(sums, creditDenom, order.escrow);
    else if (order.kind !== OrderKind.ORDER_KIND_CAPACITY) addTo(sums, denoms.get(order.poolId) ?? "", order.resource);
  }
  return sums;
}

/** Coins that the market's ledger says its account holds: vault, reserves, fees, escrows, deposits, unsold capacity, receivables, bonds. */
export function ledgerCoins(market: Market, ctx: ReadCtx): Amounts {
  const { state, chain } = market;
  const { creditDenom, locked } = state.vault.get(ctx);
  const sums = new Map<string, bigint>([[chain.baseDenom, locked]]);
  const denoms = new Map<string, string>();
  for (const [, pool] of state.pools.entries(ctx)) {
    denoms.set(pool.id, pool.denom);
    addTo(sums, pool.denom, pool.psi);
    addTo(sums, creditDenom, pool.theta + pool.feesHeld + pool.block.burn + pool.block.treasury);
  }
  for (const part of [orderCoins(market, ctx, creditDenom, denoms), sealedCoins(market, ctx), capacityCoins(market, ctx)]) {
    for (const [denom, amount] of part) addTo(sums, denom, amount);
  }
  return sums;
}

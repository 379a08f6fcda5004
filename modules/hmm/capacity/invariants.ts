import { CommitmentStatus, OrderKind } from "#proto/hanzo/hmm/v1/types";
import type { ReadCtx } from "#sdk";
import type { Market } from "../market.ts";

function addTo<K>(sums: Map<K, bigint>, at: K, amount: bigint): void {
  if (amount !== 0n) sums.set(at, (sums.get(at) ?? 0n) + amount);
}

/** Coins of commitments on the market's account, by denomination, base units: unsold units, bonds, and receivables that no order holds. */
export function capacityCoins({ state, chain }: Market, ctx: ReadCtx): Map<string, bigint> {
  const { creditDenom } = state.vault.get(ctx);
  const unsold = new Map<string, bigint>();
  const sums = new Map<string, bigint>();
  for (const [, commitment] of state.commitments.entries(ctx)) {
    addTo(unsold, commitment.poolId, commitment.unsold);
    addTo(sums, chain.baseDenom, commitment.bond);
    addTo(sums, creditDenom, commitment.receivable);
  }
  for (const [poolId, amount] of unsold) addTo(sums, state.pools.get(ctx, poolId).denom, amount);
  return sums;
}

/** For every pool the supply of its denomination is what commitments have outstanding, and offers and expiries match the commitments. */
export function capacityIdentity(market: Market, ctx: ReadCtx): string | undefined {
  return supplyIsOutstanding(market, ctx) ?? offersMatch(market, ctx) ?? buybacksMatch(market, ctx) ?? expiriesMatch(market, ctx);
}

function supplyIsOutstanding({ state, needs }: Market, ctx: ReadCtx): string | undefined {
  const outstanding = new Map<string, bigint>();
  for (const [, commitment] of state.commitments.entries(ctx)) addTo(outstanding, commitment.poolId, commitment.outstanding);
  for (const [id, { denom }] of state.pools.entries(ctx)) {
    const [supply, promised] = [needs.bank.supply(ctx, denom), outstanding.get(id) ?? 0n];
    if (supply !== promised) return `pool "${id}": expected a supply of ${promised}${denom} as committed, got ${supply}${denom}`;
  }
  return undefined;
}

/** outstanding ≥ unsold ≥ on_offer, which is what waits in offers; only sold units have earned anything. */
function offersMatch({ state }: Market, ctx: ReadCtx): string | undefined {
  const offered = new Map<bigint, bigint>();
  for (const [, order] of state.orders.entries(ctx))
    if (order.kind === OrderKind.ORDER_KIND_CAPACITY) addTo(offered, order.commitmentId, order.resource);
  for (const [id, { outstanding, unsold, onOffer, receivable }] of state.commitments.entries(ctx)) {
    const waiting = offered.get(id) ?? 0n;
    offered.delete(id);
    if (onOffer !== waiting) return `commitment ${id}: expected ${waiting} units on offer as in its orders, got ${onOffer}`;
    if (outstanding === 0n || unsold > outstanding || onOffer > unsold)
      return `commitment ${id}: expected outstanding ≥ unsold ≥ on_offer and outstanding > 0, got ${outstanding}, ${unsold}, ${onOffer}`;
    if (outstanding === unsold && receivable > 0n) return `commitment ${id}: expected no receivable without sales, got ${receivable}`;
  }
  for (const [id, waiting] of offered) return `commitment ${id}: expected one with ${waiting} units on offer, got none`;
  return undefined;
}

/** An expired commitment waits for exactly one order over all that it owes; a defaulted one has nothing. */
function buybacksMatch({ state }: Market, ctx: ReadCtx): string | undefined {
  const wanted = new Map<bigint, bigint>();
  for (const [orderId, order] of state.orders.entries(ctx)) {
    if (order.kind !== OrderKind.ORDER_KIND_BUYBACK) continue;
    if (wanted.has(order.commitmentId)) return `order ${orderId}: expected one buy-back of commitment ${order.commitmentId}, got two`;
    wanted.set(order.commitmentId, order.resource);
  }
  for (const [id, { status, outstanding, unsold, bond }] of state.commitments.entries(ctx)) {
    const owed = status === CommitmentStatus.COMMITMENT_STATUS_EXPIRED ? outstanding : undefined;
    const got = wanted.get(id);
    wanted.delete(id);
    if (owed !== got) return `commitment ${id}: expected a buy-back of ${owed ?? "nothing"}, got ${got ?? "none"}`;
    if (status !== CommitmentStatus.COMMITMENT_STATUS_ACTIVE && (unsold > 0n || bond > 0n))
      return `commitment ${id}: expected neither unsold units nor a bond after its expiry, got ${unsold} and ${bond}`;
  }
  for (const [id] of wanted) return `commitment ${id}: expected one that is bought back, got none`;
  return undefined;
}

/** Exactly the active commitments that expire are waited for. */
function expiriesMatch({ state }: Market, ctx: ReadCtx): string | undefined {
  let count = 0;
  for (const [[height, id]] of state.expiries.entries(ctx)) {
    const commitment = state.commitments.find(ctx, id);
    const isRight = commitment?.status === CommitmentStatus.COMMITMENT_STATUS_ACTIVE && commitment.expiresHeight === height;
    if (!isRight) return `expiry of commitment ${id} at ${height}: expected an active commitment of that height, got another or none`;
    count += 1;
  }
  for (const [, { status, expiresHeight }] of state.commitments.entries(ctx))
    if (status === CommitmentStatus.COMMITMENT_STATUS_ACTIVE && expiresHeight !== 0n) count -= 1;
  return count === 0 ? undefined : `expected an expiry for every active commitment that expires, ${-count} are missing`;
}

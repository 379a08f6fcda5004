import { PoolStatus, Side } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, minOf } from "#sdk";
import { getPool, type Market } from "../market.ts";
import { lastHeight, recordOrder } from "../orders/place.ts";
import { largestCost } from "./deposit.ts";
import { forfeitDeposits } from "./forfeit.ts";
import type { SealedState } from "./record.ts";
import { keyOf } from "./revealOrder.ts";
import { roundEnd } from "./round.ts";

/**
 * Ends the round in its last block: revealed orders join that block's batches, the deposits of the others are forfeited. Called at the end of
 * every block before batches clear. Takes time linear in the round's orders, which its parameters bound.
 */
export function endRound(market: Market, ctx: Ctx): void {
  const { state } = market;
  const round = state.round.find(ctx);
  if (round === undefined || round.sealed === 0 || ctx.height < roundEnd(round)) return;
  const orders = Array.from(state.sealed.entries(ctx), ([, order]) => order);
  for (const order of orders) state.sealed.delete(ctx, keyOf(order));
  state.round.set(ctx, { ...round, sealed: 0 });
  for (const order of orders) if (order.revealed) openOrder(market, ctx, order);
  forfeitDeposits(
    market,
    ctx,
    orders.filter(({ revealed }) => !revealed),
  );
}

/** Lets a revealed order wait for the batch of this block and returns what its deposit exceeds its escrow by. */
function openOrder(market: Market, ctx: Ctx, { poolId, sender, deposit, side, resource, limitE18 }: SealedState): void {
  const { state, needs, account } = market;
  const params = market.params.get(ctx);
  // INVARIANT: one batch is covered since the reveal. More are only if the deposit leaves room for their rounding.
  const lasting = largestCost(params, { resource, limitE18 }, params.orderBlocks);
  const escrow = side === Side.SIDE_BUY && resource > 0n ? minOf(deposit, lasting) : 0n;
  needs.bank.send(ctx, account, sender, state.vault.get(ctx).creditDenom, deposit - escrow);
  // Nothing is left of an order after the reserve, whose part it was cut to, was empty.
  if (resource === 0n) return;
  const paused = getPool(market, ctx, poolId).status !== PoolStatus.POOL_STATUS_ACTIVE;
  const waits = paused && (side === Side.SIDE_SELL || escrow === lasting);
  const expiresHeight = waits ? lastHeight(params, ctx, params.orderBlocks) : ctx.height;
  recordOrder(market, ctx, { owner: sender, poolId, side, resource, limitE18, escrow, expiresHeight });
}

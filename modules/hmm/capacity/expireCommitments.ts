import { EventCapacityExpired } from "#proto/hanzo/hmm/v1/events";
import { CommitmentStatus, OrderKind } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { getPool, type Market } from "../market.ts";
import { closeOrder } from "../orders/close.ts";
import type { OrderState } from "../orders/record.ts";
import { lockBond } from "./bond.ts";
import { getCommitment, soldOf } from "./commitment.ts";
import { placeBuyback } from "./placeBuyback.ts";
import type { CommitmentState } from "./record.ts";
import { settleExpired } from "./settleExpired.ts";

/** Most expiries, and orders closed for them, of one block. What is beyond waits for the next; nothing can be done with it meanwhile. */
const MAX_EXPIRIES = 256;

/** Ends the commitments whose time is over, in the order of their heights. Called at the beginning of every block. */
export function expireCommitments(market: Market, ctx: Ctx): void {
  let budget = MAX_EXPIRIES;
  for (const [height, id] of dueExpiries(market, ctx)) {
    if (budget === 0) return;
    budget -= 1;
    const offers = offersOf(market, ctx, getCommitment(market, ctx, id), budget);
    budget -= offers.length;
    for (const order of offers) closeOrder(market, ctx, order, "expired");
    const commitment = getCommitment(market, ctx, id);
    if (commitment.onOffer > 0n) return;
    market.state.expiries.delete(ctx, [height, id]);
    expire(market, ctx, commitment);
  }
}

/** Keys of the first expiries that are due. */
function dueExpiries({ state }: Market, ctx: Ctx): readonly (readonly [height: bigint, id: bigint])[] {
  const due: (readonly [bigint, bigint])[] = [];
  const next = state.expiries.first(ctx);
  if (next === undefined || next[0] > ctx.height) return due;
  for (const [at] of state.expiries.entries(ctx)) {
    if (at[0] > ctx.height || due.length === MAX_EXPIRIES) break;
    due.push(at);
  }
  return due;
}

/**
 * Waiting offers of a commitment. They end with the block before its expiry, unless the batches were too full to get to them.
 * @param most how many to look for
 */
function offersOf({ state }: Market, ctx: Ctx, { id, worker, onOffer }: CommitmentState, most: number): readonly OrderState[] {
  const offers: OrderState[] = [];
  let left = onOffer;
  if (left === 0n) return offers;
  for (const [, order] of state.orders.by.owner(ctx, worker)) {
    if (left === 0n || offers.length === most) break;
    if (order.kind !== OrderKind.ORDER_KIND_CAPACITY || order.commitmentId !== id) continue;
    offers.push(order);
    left -= order.resource;
  }
  return offers;
}

/** Burns what was not sold and lets the worker buy back what was sold and not delivered: paid from its sales, then from its bond. */
function expire(market: Market, ctx: Ctx, commitment: CommitmentState): void {
  const { needs, account, state } = market;
  const { id, worker, poolId, unsold, receivable, bond } = commitment;
  const owed = soldOf(commitment);
  if (unsold > 0n) needs.bank.burn(ctx, account, getPool(market, ctx, poolId).denom, unsold);
  lockBond(market, ctx, bond);
  const expired: CommitmentState = {
    ...commitment,
    status: CommitmentStatus.COMMITMENT_STATUS_EXPIRED,
    outstanding: owed,
    unsold: 0n,
    receivable: 0n,
    bond: 0n,
  };
  state.commitments.set(ctx, id, expired);
  ctx.emit(EventCapacityExpired, { commitmentId: id, poolId, worker, burned: unsold.toString(), buyback: owed.toString() });
  const money = { funds: receivable + bond, boughtBack: 0n, cost: 0n };
  if (owed === 0n || !placeBuyback(market, ctx, expired, money)) settleExpired(market, ctx, expired, money);
}

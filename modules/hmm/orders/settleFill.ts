import { EventOrderFilled } from "#proto/hanzo/hmm/v1/events";
import { OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, minOf, subUint } from "#sdk";
import { buybackFilled, offerFilled } from "../capacity/filled.ts";
import type { BatchFill } from "../curve/batch.ts";
import type { Reserves } from "../curve/fees.ts";
import type { Market } from "../market.ts";
import { closeOrder } from "./close.ts";
import { SIDE_NAMES } from "./place.ts";
import type { OrderState } from "./record.ts";

/** Denominations of a batch. */
export interface BatchDenoms {
  readonly resource: string;
  readonly credit: string;
}

/** What an order got in its first and in its second step. */
export interface StepFills {
  readonly first: BatchFill | undefined;
  readonly more: BatchFill | undefined;
}

/** What is left of an order after a batch. */
export interface Settled {
  /** The order that still waits; undefined when it is filled. */
  readonly order: OrderState | undefined;
  /** Credit base units that go to liquidity providers instead of the owner. */
  readonly creditToLp: bigint;
  /** Resource base units that changed hands. */
  readonly psi: bigint;
}

/** Settles what a batch gave to one order. */
export function settleFill(market: Market, ctx: Ctx, denoms: BatchDenoms, order: OrderState, { first, more }: StepFills): Settled {
  const psi = (first?.psi ?? 0n) + (more?.psi ?? 0n);
  if (psi === 0n) return { order, creditToLp: 0n, psi };
  const theta = (first?.theta ?? 0n) + (more?.theta ?? 0n);
  const creditToLp = payFill(market, ctx, denoms, order, { psi, theta });
  const after: OrderState = {
    ...order,
    resource: order.resource - (first?.psi ?? 0n),
    moreResource: order.moreResource - (more?.psi ?? 0n),
    escrow: order.side === Side.SIDE_BUY ? subUint(order.escrow, theta, "escrow") : 0n,
    creditCap: order.kind === OrderKind.ORDER_KIND_RETURN ? order.creditCap - (theta - creditToLp) : 0n,
    filled: order.filled + psi,
    credit: order.credit + theta - creditToLp,
  };
  const remaining = after.resource + after.moreResource;
  ctx.emit(EventOrderFilled, {
    orderId: order.id,
    poolId: order.poolId,
    owner: order.owner,
    side: SIDE_NAMES[order.side],
    resource: psi.toString(),
    credit: (theta - creditToLp).toString(),
    remaining: remaining.toString(),
  });
  if (remaining === 0n) {
    closeOrder(market, ctx, after, "filled");
    return { order: undefined, creditToLp, psi };
  }
  market.state.orders.set(ctx, order.id, after);
  return { order: after, creditToLp, psi };
}

/** Hands a fill over. @returns credit that the owner does not get, credit base units */
function payFill(market: Market, ctx: Ctx, denoms: BatchDenoms, order: OrderState, fill: Reserves): bigint {
  const { needs, account } = market;
  switch (order.kind) {
    case OrderKind.ORDER_KIND_CAPACITY:
      offerFilled(market, ctx, order, fill);
      return 0n;
    case OrderKind.ORDER_KIND_BUYBACK:
      buybackFilled(market, ctx, order, fill);
      return 0n;
    default:
  }
  if (order.side === Side.SIDE_BUY) {
    needs.bank.send(ctx, account, order.owner, denoms.resource, fill.psi);
    return 0n;
  }
  const paid = order.kind === OrderKind.ORDER_KIND_RETURN ? minOf(fill.theta, order.creditCap) : fill.theta;
  if (paid > 0n) needs.bank.send(ctx, account, order.owner, denoms.credit, paid);
  return fill.theta - paid;
}

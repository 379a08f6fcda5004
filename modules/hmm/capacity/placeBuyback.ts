import { OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, E18, minOf } from "#sdk";
import { AMOUNT_BITS } from "../curve/math.ts";
import type { Market } from "../market.ts";
import { lastHeight, recordOrder, roundingSlack } from "../orders/place.ts";
import type { CommitmentState } from "./record.ts";

/** Most credit that an order can hold. */
const MAX_ESCROW = (1n << BigInt(AMOUNT_BITS)) - 1n;

/** Money of an expired commitment, and what it bought so far. */
export interface BuybackFunds {
  /** Credit base units on the market's account. */
  readonly funds: bigint;
  /** Resource base units bought back so far. */
  readonly boughtBack: bigint;
  /** Credit base units paid for them. */
  readonly cost: bigint;
}

/**
 * Lets the purchase of all that an expired commitment owes wait, at the highest price that its money pays for.
 * @param commitment expired, with units outstanding
 * @returns whether the money suffices for an order; else nothing happened
 */
export function placeBuyback(market: Market, ctx: Ctx, commitment: CommitmentState, { funds, boughtBack, cost }: BuybackFunds): boolean {
  const { params, state } = market;
  const { id, worker, poolId, outstanding } = commitment;
  const escrow = minOf(funds, MAX_ESCROW);
  const limitE18 = ((escrow - roundingSlack(params.get(ctx))) * E18) / outstanding;
  if (limitE18 <= 0n) return false;
  state.commitments.set(ctx, id, { ...commitment, receivable: funds - escrow });
  const order = recordOrder(market, ctx, {
    owner: worker,
    poolId,
    side: Side.SIDE_BUY,
    kind: OrderKind.ORDER_KIND_BUYBACK,
    resource: outstanding,
    limitE18,
    escrow,
    commitmentId: id,
    expiresHeight: lastHeight(params.get(ctx), ctx, 0n),
  });
  // A buy-back that goes on keeps its account.
  if (boughtBack > 0n) state.orders.set(ctx, order.id, { ...order, filled: boughtBack, credit: cost });
  return true;
}

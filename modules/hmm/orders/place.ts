import { EventOrderPlaced } from "#proto/hanzo/hmm/v1/events";
import { OrderKind, type Params, Side } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, divUp, E18, requireUint } from "#sdk";
import { AMOUNT_BITS } from "../curve/math.ts";
import { hmmError } from "../errors.ts";
import { getPool, type Market } from "../market.ts";
import { LIMIT_BITS, type OrderState } from "./record.ts";

/** What an order is made of; what is left out is zero, and the kind is TRADER. */
export type OrderDraft = Pick<OrderState, "owner" | "poolId" | "side" | "resource" | "limitE18" | "expiresHeight"> & Partial<OrderState>;

/** Credit base units by which the rounding of one fill may exceed the limit: once for the value, once for the market fee. */
const ROUNDING_PER_FILL = 2n;

/** Names of sides and kinds in events. */
export const SIDE_NAMES: Readonly<Record<Side, string>> = {
  [Side.SIDE_UNSPECIFIED]: "",
  [Side.SIDE_BUY]: "buy",
  [Side.SIDE_SELL]: "sell",
  [Side.UNRECOGNIZED]: "",
};
const KIND_NAMES: Readonly<Record<OrderKind, string>> = {
  [OrderKind.ORDER_KIND_UNSPECIFIED]: "",
  [OrderKind.ORDER_KIND_TRADER]: "trader",
  [OrderKind.ORDER_KIND_CAPACITY]: "capacity",
  [OrderKind.ORDER_KIND_BUYBACK]: "buyback",
  [OrderKind.ORDER_KIND_RETURN]: "return",
  [OrderKind.UNRECOGNIZED]: "",
};

/**
 * Most that the fills of one order can exceed its limit by rounding: one fill in each block that it may wait.
 * @returns credit base units
 */
export function roundingSlack(params: Params): bigint {
  return ROUNDING_PER_FILL * (params.orderBlocks + 1n);
}

/**
 * Credit that a buy must hold.
 * @returns ⌈resource·limit/10¹⁸⌉ and the slack of rounding, credit base units
 * @throws hmm/2 when it does not fit 128 bits
 */
export function buyEscrow(params: Params, resource: bigint, limitE18: bigint): bigint {
  const escrow = divUp(resource * limitE18, E18) + roundingSlack(params);
  if (escrow >> BigInt(AMOUNT_BITS) !== 0n)
    throw hmmError.invalidAmount(`resource · limit_e18: expected less than 2^${AMOUNT_BITS} credit base units, got ${escrow}`);
  return escrow;
}

/**
 * Price limit of a buy that may cost a total.
 * @returns credit per resource times 10¹⁸, rounded down, so that all fills together cost at most `total`
 * @throws hmm/5 when the total is too small to wait in a batch
 */
export function buyLimit(params: Params, total: bigint, resource: bigint): bigint {
  const limit = ((total - roundingSlack(params)) * E18) / resource;
  if (limit <= 0n) throw hmmError.zeroOutput(`${total} credit base units for ${resource} resource base units are too little for a batch`);
  return requireUint(limit, LIMIT_BITS, "limit");
}

/**
 * Price limit of a sale that must bring a total.
 * @returns credit per resource times 10¹⁸, at least 1, rounded up, so that all fills together bring at least `total`
 */
export function sellLimit(params: Params, total: bigint, resource: bigint): bigint {
  return total === 0n ? 1n : divUp((total + roundingSlack(params)) * E18, resource);
}

/** Last height of an order that is placed now. @param blocks wanted, 0 for as long as the parameters allow */
export function lastHeight(params: Params, ctx: Ctx, blocks: bigint): bigint {
  const wait = blocks === 0n ? params.orderBlocks : blocks;
  if (wait > params.orderBlocks) throw hmmError.invalidAmount(`blocks: expected at most ${params.orderBlocks}, got ${wait}`);
  return ctx.height + wait - 1n;
}

/**
 * Takes the escrow of an account's own order and lets it wait: the credit of a buy, the resource of a sale.
 * @throws sdk/5 when the owner lacks the coins
 */
export function placeOrder(market: Market, ctx: Ctx, draft: OrderDraft): OrderState {
  const { needs, account, state } = market;
  if (draft.side === Side.SIDE_BUY) needs.bank.send(ctx, draft.owner, account, state.vault.get(ctx).creditDenom, draft.escrow ?? 0n);
  else needs.bank.send(ctx, draft.owner, account, getPool(market, ctx, draft.poolId).denom, draft.resource);
  return recordOrder(market, ctx, draft);
}

/** Lets an order wait whose escrow lies on the market's account already. */
export function recordOrder({ state }: Market, ctx: Ctx, draft: OrderDraft): OrderState {
  const id = state.lastOrderId.get(ctx) + 1n;
  const order: OrderState = {
    kind: OrderKind.ORDER_KIND_TRADER,
    moreResource: 0n,
    moreLimitE18: 0n,
    escrow: 0n,
    commitmentId: 0n,
    creditCap: 0n,
    ...draft,
    filled: 0n,
    credit: 0n,
    id,
  };
  state.lastOrderId.set(ctx, id);
  state.orders.set(ctx, id, order);
  state.waiting.set(ctx, order.poolId, (state.waiting.find(ctx, order.poolId) ?? 0n) + 1n);
  ctx.emit(EventOrderPlaced, {
    orderId: id,
    poolId: order.poolId,
    owner: order.owner,
    side: SIDE_NAMES[order.side],
    kind: KIND_NAMES[order.kind],
    resource: (order.resource + order.moreResource).toString(),
    limitE18: order.limitE18.toString(),
    expiresHeight: order.expiresHeight,
  });
  return order;
}

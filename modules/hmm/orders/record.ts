// Waiting orders as they are stored, with integers instead of decimal text.

import { Order, type OrderKind, type Side } from "#proto/hanzo/hmm/v1/types";
import { encodeMessage, parseUint, type ValueCodec } from "#sdk";
import { AMOUNT_BITS } from "../curve/math.ts";

/** Width of limit prices: a batch's arithmetic is bounded with it. */
export const LIMIT_BITS = 192;

/** Stored order. Units as in the message hanzo.hmm.v1.Order. */
export interface OrderState {
  readonly id: bigint;
  readonly owner: string;
  readonly poolId: string;
  readonly side: Side;
  readonly kind: OrderKind;
  /** Resource base units still wanted or offered. */
  readonly resource: bigint;
  readonly limitE18: bigint;
  /** Second step of a queued exact-in buy, resource base units; 0 when there is none. */
  readonly moreResource: bigint;
  readonly moreLimitE18: bigint;
  /** Credit base units held for a buy. */
  readonly escrow: bigint;
  readonly filled: bigint;
  /** Credit base units paid or received so far. */
  readonly credit: bigint;
  readonly expiresHeight: bigint;
  /** 0 when no commitment is behind the order. */
  readonly commitmentId: bigint;
  /** Most credit that a RETURN may still bring its owner; 0 for other kinds. */
  readonly creditCap: bigint;
}

const text = (amount: bigint): string => (amount === 0n ? "" : amount.toString());
const read = (amount: string, bits: number, field: string): bigint => (amount === "" ? 0n : parseUint(amount, bits, field));

/** Message of a stored order. */
export function orderToProto(order: OrderState): Order {
  return {
    id: order.id,
    owner: order.owner,
    poolId: order.poolId,
    side: order.side,
    kind: order.kind,
    resource: order.resource.toString(),
    limitE18: order.limitE18.toString(),
    moreResource: text(order.moreResource),
    moreLimitE18: text(order.moreLimitE18),
    escrow: text(order.escrow),
    filled: text(order.filled),
    credit: text(order.credit),
    expiresHeight: order.expiresHeight,
    commitmentId: order.commitmentId,
    creditCap: text(order.creditCap),
  };
}

/**
 * Reads the message of an order: from state or from a genesis file.
 * @throws math/4 when a number is not canonical, math/2 when it is too wide; the text names order and field
 */
export function orderFromProto(order: Order): OrderState {
  const at = `orders.${order.id}`;
  return {
    id: order.id,
    owner: order.owner,
    poolId: order.poolId,
    side: order.side,
    kind: order.kind,
    resource: parseUint(order.resource, AMOUNT_BITS, `${at}.resource`),
    limitE18: parseUint(order.limitE18, LIMIT_BITS, `${at}.limit_e18`),
    moreResource: read(order.moreResource, AMOUNT_BITS, `${at}.more_resource`),
    moreLimitE18: read(order.moreLimitE18, LIMIT_BITS, `${at}.more_limit_e18`),
    escrow: read(order.escrow, AMOUNT_BITS, `${at}.escrow`),
    filled: read(order.filled, AMOUNT_BITS, `${at}.filled`),
    credit: read(order.credit, AMOUNT_BITS, `${at}.credit`),
    expiresHeight: order.expiresHeight,
    commitmentId: order.commitmentId,
    creditCap: read(order.creditCap, AMOUNT_BITS, `${at}.credit_cap`),
  };
}

/** State codec of orders. */
export const orderRecord: ValueCodec<OrderState> = {
  encode: (order) => encodeMessage(Order, orderToProto(order)),
  decode: (bytes) => orderFromProto(Order.decode(bytes)),
  json: { proto: Order.$type },
};

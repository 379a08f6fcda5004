// Sealed orders as they are stored, with integers instead of decimal text.

import { SealedOrder, type Side } from "#proto/hanzo/hmm/v1/types";
import { encodeMessage, parseUint, type ValueCodec } from "#sdk";
import { AMOUNT_BITS } from "../curve/math.ts";
import { LIMIT_BITS } from "../orders/record.ts";

/** Stored sealed order. Units as in the message hanzo.hmm.v1.SealedOrder; the order's own figures are 0 until it is revealed. */
export interface SealedState {
  readonly round: bigint;
  readonly sender: string;
  readonly hash: Uint8Array;
  readonly poolId: string;
  /** Credit base units. */
  readonly deposit: bigint;
  readonly revealed: boolean;
  readonly side: Side;
  /** Resource base units. */
  readonly resource: bigint;
  readonly limitE18: bigint;
}

/** Message of a stored sealed order. */
export function sealedToProto({ round, sender, hash, poolId, deposit, revealed, side, resource, limitE18 }: SealedState): SealedOrder {
  const shown = { round, sender, hash, poolId, deposit: deposit.toString(), revealed, side };
  return { ...shown, resource: resource.toString(), limitE18: limitE18.toString() };
}

/**
 * Reads the message of a sealed order: from state or from a genesis file.
 * @throws math/4 when a number is not canonical, math/2 when it is too wide; the text names sender and field
 */
export function sealedFromProto(order: SealedOrder): SealedState {
  const { round, sender, hash, poolId, revealed, side } = order;
  const at = `sealed_orders.${sender}`;
  return {
    round,
    sender,
    hash,
    poolId,
    deposit: parseUint(order.deposit, AMOUNT_BITS, `${at}.deposit`),
    revealed,
    side,
    resource: parseUint(order.resource, AMOUNT_BITS, `${at}.resource`),
    limitE18: parseUint(order.limitE18, LIMIT_BITS, `${at}.limit_e18`),
  };
}

/** State codec of sealed orders. */
export const sealedRecord: ValueCodec<SealedState> = {
  encode: (order) => encodeMessage(SealedOrder, sealedToProto(order)),
  decode: (bytes) => sealedFromProto(SealedOrder.decode(bytes)),
  json: { proto: SealedOrder.$type },
};

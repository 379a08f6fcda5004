// Capacity commitments as they are stored, with integers instead of decimal text.

import { Commitment, type CommitmentStatus } from "#proto/hanzo/hmm/v1/types";
import { encodeMessage, parseUint, type ValueCodec } from "#sdk";
import { AMOUNT_BITS } from "../curve/math.ts";
import { SUPPLY_BITS } from "../records.ts";

/** Stored commitment. Units as in the message hanzo.hmm.v1.Commitment. */
export interface CommitmentState {
  readonly id: bigint;
  readonly worker: string;
  readonly poolId: string;
  readonly status: CommitmentStatus;
  /** Resource base units minted and not burned yet. */
  readonly outstanding: bigint;
  /** Part of it on the market's account, not sold. */
  readonly unsold: bigint;
  /** Part of unsold that waits in orders. */
  readonly onOffer: bigint;
  /** Credit base units. */
  readonly receivable: bigint;
  /** Native base units. */
  readonly bond: bigint;
  /** 0: never. */
  readonly expiresHeight: bigint;
  readonly weightPpm: number;
}

/** Message of a stored commitment. */
export function commitmentToProto(commitment: CommitmentState): Commitment {
  const { id, worker, poolId, status, expiresHeight, weightPpm } = commitment;
  return {
    id,
    worker,
    poolId,
    status,
    outstanding: commitment.outstanding.toString(),
    unsold: commitment.unsold.toString(),
    onOffer: commitment.onOffer.toString(),
    receivable: commitment.receivable.toString(),
    bond: commitment.bond.toString(),
    expiresHeight,
    weightPpm,
  };
}

/**
 * Reads the message of a commitment: from state or from a genesis file.
 * @throws math/4 when a number is not canonical, math/2 when it is too wide; the text names commitment and field
 */
export function commitmentFromProto(commitment: Commitment): CommitmentState {
  const { id, worker, poolId, status, expiresHeight, weightPpm } = commitment;
  const at = `commitments.${id}`;
  return {
    id,
    worker,
    poolId,
    status,
    outstanding: parseUint(commitment.outstanding, AMOUNT_BITS, `${at}.outstanding`),
    unsold: parseUint(commitment.unsold, AMOUNT_BITS, `${at}.unsold`),
    onOffer: parseUint(commitment.onOffer, AMOUNT_BITS, `${at}.on_offer`),
    receivable: parseUint(commitment.receivable, SUPPLY_BITS, `${at}.receivable`),
    bond: parseUint(commitment.bond, SUPPLY_BITS, `${at}.bond`),
    expiresHeight,
    weightPpm,
  };
}

/** State codec of commitments. */
export const commitmentRecord: ValueCodec<CommitmentState> = {
  encode: (commitment) => encodeMessage(Commitment, commitmentToProto(commitment)),
  decode: (bytes) => commitmentFromProto(Commitment.decode(bytes)),
  json: { proto: Commitment.$type },
};

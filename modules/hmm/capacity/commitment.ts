import { CommitmentStatus } from "#proto/hanzo/hmm/v1/types";
import type { Ctx, ReadCtx } from "#sdk";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import type { CommitmentState } from "./record.ts";

/** Names of states in messages. */
const STATUS_NAMES: Readonly<Record<CommitmentStatus, string>> = {
  [CommitmentStatus.COMMITMENT_STATUS_UNSPECIFIED]: "unspecified",
  [CommitmentStatus.COMMITMENT_STATUS_ACTIVE]: "active",
  [CommitmentStatus.COMMITMENT_STATUS_EXPIRED]: "expired",
  [CommitmentStatus.COMMITMENT_STATUS_DEFAULTED]: "defaulted",
  [CommitmentStatus.UNRECOGNIZED]: "unrecognized",
};

/** @throws hmm/31 when there is no such commitment */
export function getCommitment({ state }: Market, ctx: ReadCtx, id: bigint): CommitmentState {
  const commitment = state.commitments.find(ctx, id);
  if (commitment === undefined) throw hmmError.unknownCommitment(`expected the identifier of a capacity commitment, got ${id}`);
  return commitment;
}

/**
 * Units that were sold and not delivered yet: what the worker owes.
 * @returns resource base units
 */
export function soldOf({ outstanding, unsold }: Pick<CommitmentState, "outstanding" | "unsold">): bigint {
  return outstanding - unsold;
}

/**
 * A part of a total in proportion; the whole total for the last part, so that nothing is lost over many parts.
 * @param part 0 to `whole`
 * @param whole > 0
 * @returns ⌊total·part/whole⌋
 */
export function proportionOf(total: bigint, part: bigint, whole: bigint): bigint {
  return (total * part) / whole;
}

/**
 * Whether a commitment still promises something: an expiry that waits for its turn counts as past.
 * @param height of the block being executed
 */
function isLive({ status, expiresHeight }: CommitmentState, height: bigint): boolean {
  return status === CommitmentStatus.COMMITMENT_STATUS_ACTIVE && (expiresHeight === 0n || height < expiresHeight);
}

/** @throws hmm/32 when the commitment has expired */
export function requireLive(ctx: ReadCtx, commitment: CommitmentState): void {
  if (isLive(commitment, ctx.height)) return;
  const { id, status, expiresHeight } = commitment;
  throw hmmError.invalidCommitment(
    `expected commitment ${id} to be active and to expire after height ${ctx.height}, got ${STATUS_NAMES[status]}, expiring at ${expiresHeight}`,
  );
}

/** A live commitment of a worker. @throws hmm/31 unknown, hmm/20 another worker's, hmm/32 expired */
export function getOwnCommitment(market: Market, ctx: ReadCtx, worker: string, id: bigint): CommitmentState {
  const commitment = getCommitment(market, ctx, id);
  if (commitment.worker !== worker)
    throw hmmError.notOwner(`expected commitment ${id} to belong to ${worker}, got one of ${commitment.worker}`);
  requireLive(ctx, commitment);
  return commitment;
}

/** Units of a commitment that are neither sold nor on offer. @returns resource base units */
function freeOf({ unsold, onOffer }: Pick<CommitmentState, "unsold" | "onOffer">): bigint {
  return unsold - onOffer;
}

/** @throws hmm/34 when fewer units are neither sold nor on offer */
export function requireFree(commitment: CommitmentState, units: bigint): void {
  const free = freeOf(commitment);
  if (units > free)
    throw hmmError.insufficientCapacity(
      `expected at most ${free} resource base units of commitment ${commitment.id} that are neither sold nor on offer, got ${units}`,
    );
}

/** Stores a changed commitment; removes it, and its expiry, when nothing is outstanding. */
export function setCommitment(market: Market, ctx: Ctx, commitment: CommitmentState): void {
  if (commitment.outstanding === 0n) removeCommitment(market, ctx, commitment);
  else market.state.commitments.set(ctx, commitment.id, commitment);
}

/** Forgets a commitment and its expiry. */
export function removeCommitment({ state }: Market, ctx: Ctx, { id, expiresHeight }: CommitmentState): void {
  state.commitments.delete(ctx, id);
  if (expiresHeight !== 0n) state.expiries.delete(ctx, [expiresHeight, id]);
}

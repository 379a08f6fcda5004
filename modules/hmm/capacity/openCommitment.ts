import { EventCapacityCommitted } from "#proto/hanzo/hmm/v1/events";
import { CommitmentStatus } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { hmmError } from "../errors.ts";
import { getActivePool, type Market } from "../market.ts";
import type { OrderState } from "../orders/record.ts";
import { getCommitment } from "./commitment.ts";
import { placeOffer } from "./placeOffer.ts";
import type { CommitmentState } from "./record.ts";

/** What a worker commits. */
export interface CommitmentTerms {
  readonly worker: string;
  readonly poolId: string;
  /** Resource base units to mint, from 1 to 2^128 − 1. */
  readonly units: bigint;
  /** Quality weight with which the units were counted, ppm, 1 to 10⁶. */
  readonly weightPpm: number;
  /** Native base units to lock; whether they suffice is the caller's to check. */
  readonly bond: bigint;
  /** Life in blocks, from 1 to max_commitment_blocks. */
  readonly blocks: bigint;
  /** Least price of an offer of all units, times 10¹⁸; 0 for no offer. */
  readonly askE18: bigint;
}

/** A new commitment and the order of its offer. */
export interface OpenedCommitment {
  readonly commitment: CommitmentState;
  readonly order: OrderState | undefined;
}

/** @throws hmm/32 when a life is outside of its range */
function requireLife(blocks: bigint, most: bigint): void {
  if (blocks < 1n || blocks > most) throw hmmError.invalidCommitment(`blocks: expected 1 to ${most}, got ${blocks}`);
}

/**
 * Mints committed units to the market's account, where they stay until they are sold, and takes the bond.
 * @throws hmm/3 unknown pool, hmm/4 paused pool, hmm/32 life, sdk/5 when the worker lacks the bond
 */
export function openCommitment(market: Market, ctx: Ctx, terms: CommitmentTerms): OpenedCommitment {
  const { state, needs, account, chain, params } = market;
  const { worker, poolId, units, weightPpm, bond, blocks, askE18 } = terms;
  const pool = getActivePool(market, ctx, poolId);
  requireLife(blocks, params.get(ctx).maxCommitmentBlocks);
  if (bond > 0n) needs.bank.send(ctx, worker, account, chain.baseDenom, bond);
  needs.bank.mint(ctx, account, pool.denom, units);
  const id = state.lastCommitmentId.get(ctx) + 1n;
  const expiresHeight = ctx.height + blocks;
  const commitment: CommitmentState = {
    id,
    worker,
    poolId,
    status: CommitmentStatus.COMMITMENT_STATUS_ACTIVE,
    outstanding: units,
    unsold: units,
    onOffer: 0n,
    receivable: 0n,
    bond,
    expiresHeight,
    weightPpm,
  };
  state.lastCommitmentId.set(ctx, id);
  state.commitments.set(ctx, id, commitment);
  state.expiries.set(ctx, [expiresHeight, id], true);
  ctx.emit(EventCapacityCommitted, {
    commitmentId: id,
    poolId,
    worker,
    resource: units.toString(),
    bond: bond.toString(),
    expiresHeight,
  });
  const order = askE18 === 0n ? undefined : placeOffer(market, ctx, commitment, units, askE18);
  return { commitment: getCommitment(market, ctx, id), order };
}

import { EventCapacityDelivered } from "#proto/hanzo/hmm/v1/events";
import { CommitmentStatus } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { hmmError } from "../errors.ts";
import { getPool, type Market } from "../market.ts";
import { releaseTo } from "./bond.ts";
import { getCommitment, proportionOf, requireLive, setCommitment, soldOf } from "./commitment.ts";

/** A confirmed delivery. */
export interface Delivery {
  /** Account whose units are burned, because they were used. */
  readonly holder: string;
  readonly commitmentId: bigint;
  /** Resource base units, > 0. */
  readonly units: bigint;
  /** Account that is paid for them; the worker by default. */
  readonly payee?: string;
}

/** What a delivery paid, in native base units. */
export interface DeliveryPayment {
  /** To the payee. */
  readonly paid: bigint;
  /** To the worker. */
  readonly bondReturned: bigint;
}

/**
 * Burns delivered units of their holder and pays for them: the units' part of what the commitment earned, and of its bond. Units are alike,
 * so the holder says whose they were. Units of a defaulted commitment have nothing behind them: burning them pays nothing and only clears
 * its record.
 * @throws hmm/31 unknown commitment, hmm/32 expired, hmm/34 fewer units are sold, sdk/5 when the holder lacks the units
 */
export function deliverUnits(market: Market, ctx: Ctx, delivery: Delivery): DeliveryPayment {
  const { needs, account, chain } = market;
  const { holder, commitmentId, units } = delivery;
  const commitment = getCommitment(market, ctx, commitmentId);
  if (commitment.status !== CommitmentStatus.COMMITMENT_STATUS_DEFAULTED) requireLive(ctx, commitment);
  const sold = soldOf(commitment);
  if (units > sold)
    throw hmmError.insufficientCapacity(
      `expected at most ${sold} resource base units that commitment ${commitmentId} sold and did not deliver, got ${units}`,
    );
  const { worker, poolId, outstanding, receivable, bond } = commitment;
  needs.bank.burn(ctx, holder, getPool(market, ctx, poolId).denom, units);
  const paid = proportionOf(receivable, units, sold);
  const bondReturned = proportionOf(bond, units, outstanding);
  setCommitment(market, ctx, {
    ...commitment,
    outstanding: outstanding - units,
    receivable: receivable - paid,
    bond: bond - bondReturned,
  });
  releaseTo(market, ctx, delivery.payee ?? worker, paid);
  if (bondReturned > 0n) needs.bank.send(ctx, account, worker, chain.baseDenom, bondReturned);
  ctx.emit(EventCapacityDelivered, {
    commitmentId,
    poolId,
    worker,
    holder,
    resource: units.toString(),
    paid: paid.toString(),
    bondReturned: bondReturned.toString(),
  });
  return { paid, bondReturned };
}

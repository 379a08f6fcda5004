import { EventCapacityReleased } from "#proto/hanzo/hmm/v1/events";
import type { Ctx } from "#sdk";
import { getPool, type Market } from "../market.ts";
import { getOwnCommitment, proportionOf, requireFree, setCommitment } from "./commitment.ts";

/** Units that a worker takes back. */
export interface Release {
  readonly worker: string;
  readonly commitmentId: bigint;
  /** Resource base units, > 0. */
  readonly units: bigint;
}

/**
 * Burns units that are neither sold nor on offer and returns their part of the bond.
 * @returns native base units of the bond returned
 * @throws hmm/20, hmm/31, hmm/32, hmm/34 as in README.md
 */
export function releaseUnits(market: Market, ctx: Ctx, { worker, commitmentId, units }: Release): bigint {
  const { needs, account, chain } = market;
  const commitment = getOwnCommitment(market, ctx, worker, commitmentId);
  requireFree(commitment, units);
  const { poolId, outstanding, unsold, bond } = commitment;
  needs.bank.burn(ctx, account, getPool(market, ctx, poolId).denom, units);
  const bondReturned = proportionOf(bond, units, outstanding);
  setCommitment(market, ctx, { ...commitment, outstanding: outstanding - units, unsold: unsold - units, bond: bond - bondReturned });
  if (bondReturned > 0n) needs.bank.send(ctx, account, worker, chain.baseDenom, bondReturned);
  ctx.emit(EventCapacityReleased, {
    commitmentId,
    poolId,
    worker,
    resource: units.toString(),
    bondReturned: bondReturned.toString(),
  });
  return bondReturned;
}

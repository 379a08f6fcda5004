// The ring of a pool's price observations: observation n lies in slot n mod 4096, the last one also in the pool.

import type { PoolObservation } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, minOf, parseUint, type ReadCtx } from "#sdk";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import { type PoolState, type PoolTwapState, SUPPLY_BITS } from "../records.ts";

/** Observations that a pool keeps. */
export const KEPT_OBSERVATIONS = 4096n;

/** A checkpoint of the accumulator. */
export type Observation = Pick<PoolTwapState, "cumulativeE18" | "priceE18" | "height">;

/**
 * Reads an observation as it is stored or exported.
 * @throws math/2, math/4 naming the field
 */
function parseObservation({ height, cumulativeE18, priceE18 }: PoolObservation, at: string): Observation {
  return {
    height,
    cumulativeE18: parseUint(cumulativeE18, SUPPLY_BITS, `${at}.cumulative_e18`),
    priceE18: parseUint(priceE18, SUPPLY_BITS, `${at}.price_e18`),
  };
}

/** @param index number of an observation that is still kept, counted from the pool's first */
export function readObservation({ state }: Market, ctx: ReadCtx, poolId: string, index: bigint): Observation {
  return parseObservation(state.observations.get(ctx, [poolId, index % KEPT_OBSERVATIONS]), "observation");
}

/** Writes an observation over the oldest one. @param index number of the observation, counted from the pool's first */
export function writeObservation({ state }: Market, ctx: Ctx, poolId: string, index: bigint, observation: Observation): void {
  const { height, cumulativeE18, priceE18 } = observation;
  const shown = { height, cumulativeE18: cumulativeE18.toString(), priceE18: priceE18.toString() };
  state.observations.set(ctx, [poolId, index % KEPT_OBSERVATIONS], shown);
}

/** Kept observations of a pool, oldest first, as a genesis holds them. */
export function exportObservations({ state }: Market, ctx: ReadCtx, { id, twap }: PoolState): PoolObservation[] {
  const kept: PoolObservation[] = [];
  for (let index = twap.count - minOf(twap.count, KEPT_OBSERVATIONS); index < twap.count; index++) {
    kept.push(state.observations.get(ctx, [id, index % KEPT_OBSERVATIONS]));
  }
  return kept;
}

/**
 * Checks the observations of a pool in a genesis: as many as are kept, rising, each continuing the one before, the last one the pool's.
 * @throws hmm/16; math/2, math/4 naming the field
 */
export function requireObservations({ id, twap }: PoolState, observations: readonly PoolObservation[]): void {
  const refuse = (index: number, detail: string): never => {
    throw hmmError.invalidGenesis(`observations.${id}[${index}]: ${detail}`);
  };
  const expected = minOf(twap.count, KEPT_OBSERVATIONS);
  if (BigInt(observations.length) !== expected) {
    throw hmmError.invalidGenesis(`observations.${id}: expected ${expected}, got ${observations.length}`);
  }
  let before: Observation | undefined;
  for (const [index, shown] of observations.entries()) {
    const next = parseObservation(shown, `observations.${id}[${index}]`);
    if (before !== undefined) {
      if (next.height <= before.height) refuse(index, `expected a height above ${before.height}, got ${next.height}`);
      const sum = before.cumulativeE18 + before.priceE18 * (next.height - before.height);
      if (next.cumulativeE18 !== sum) refuse(index, `expected a cumulative_e18 of ${sum}, got ${next.cumulativeE18}`);
    }
    before = next;
  }
  const same = before?.height === twap.height && before.cumulativeE18 === twap.cumulativeE18 && before.priceE18 === twap.priceE18;
  if (before !== undefined && !same) refuse(observations.length - 1, "expected the pool's own accumulator");
}

/** Stores the observations of a genesis. @param observations checked, oldest first */
export function importObservations({ state }: Market, ctx: Ctx, { id, twap }: PoolState, observations: readonly PoolObservation[]): void {
  let index = twap.count - BigInt(observations.length);
  for (const observation of observations) state.observations.set(ctx, [id, index++ % KEPT_OBSERVATIONS], observation);
}

// Pools and their price observations in genesis files.

import type { GenesisState, PoolObservations } from "#proto/hanzo/hmm/v1/genesis";
import { type Ctx, firstHeight, type ReadCtx } from "#sdk";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import { type PoolState, poolToProto } from "../records.ts";
import { exportObservations, importObservations, requireObservations } from "./observations.ts";
import { markScheduled, storePool } from "./storePool.ts";

/** The part of a genesis that this folder answers for. */
export type PoolsGenesis = Pick<GenesisState, "pools" | "observations">;

function refuse(detail: string): never {
  throw hmmError.invalidGenesis(detail);
}

/**
 * Checks that every pool comes with the observations that it counts.
 * @throws hmm/16 naming the pool, what was expected and what came
 */
export function checkObservations(pools: readonly PoolState[], all: readonly PoolObservations[]): void {
  const given = new Map(all.map(({ poolId, observations }) => [poolId, observations]));
  if (given.size !== all.length) refuse("observations: expected each pool once");
  for (const pool of pools) {
    requireObservations(pool, given.get(pool.id) ?? []);
    given.delete(pool.id);
  }
  for (const [id] of given) refuse(`observations: expected a pool "${id}", got none`);
}

/**
 * Writes pools and observations. A pool without observations is looked at at the end of the first block, which makes the first one.
 * @throws hmm/16 when an observation is not older than the chain
 */
export function initPools(market: Market, ctx: Ctx, pools: readonly PoolState[], all: readonly PoolObservations[]): void {
  const first = firstHeight(ctx);
  for (const pool of pools) {
    if (pool.twap.count > 0n && pool.twap.height >= first)
      refuse(`pools.${pool.id}.twap.height: expected less than the chain's first height of ${first}, got ${pool.twap.height}`);
    storePool(market, ctx, pool);
    markScheduled(market, ctx, pool);
    importObservations(market, ctx, pool, all.find(({ poolId }) => poolId === pool.id)?.observations ?? []);
  }
}

/** Reads pools and observations, oldest observation first. */
export function exportPools(market: Market, ctx: ReadCtx): PoolsGenesis {
  const pools = Array.from(market.state.pools.entries(ctx), ([, pool]) => pool);
  return {
    pools: pools.map(poolToProto),
    observations: pools
      .filter(({ twap }) => twap.count > 0n)
      .map((pool) => ({ poolId: pool.id, observations: exportObservations(market, ctx, pool) })),
  };
}

import type { RouteAmount } from "./checkRoute.ts";
import type { KnownPool } from "./knownPool.ts";
import type { RouteProblem } from "./problem.ts";

/** A leg with what it costs. */
export interface PricedAmount extends RouteAmount {
  readonly resourceClass: string;
  /** Credit base units with all fees. */
  readonly credit: bigint;
}

/**
 * Prices the legs of a route, exactly as they would execute one by one: no two of them are in one pool.
 * @param legs from a checked route; legs of pools that the problem does not have are left out
 */
export function priceLegs({ components }: RouteProblem, legs: readonly RouteAmount[]): PricedAmount[] {
  const pools = new Map<string, KnownPool>();
  const wanted = new Set(legs.map(({ poolId }) => poolId));
  for (const { options } of components) {
    for (const option of options) for (const pool of option.pools) if (wanted.has(pool.id)) pools.set(pool.id, pool);
  }
  return legs.flatMap(({ poolId, psi }) => {
    const pool = pools.get(poolId);
    return pool === undefined ? [] : [{ poolId, psi, resourceClass: pool.resourceClass, credit: pool.quote(psi).credit }];
  });
}

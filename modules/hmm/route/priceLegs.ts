import type { PlacedRoute, RouteAmount } from "./checkRoute.ts";

/** A leg with what it costs. */
export interface PricedAmount extends RouteAmount {
  readonly resourceClass: string;
  /** Credit base units with all fees. */
  readonly credit: bigint;
}

/**
 * Prices the legs of a route, exactly as they would execute one by one: no two of them are in one pool.
 * @param placed from checkRoute
 * @returns in the order of pool identifiers
 */
export function priceLegs(placed: PlacedRoute): PricedAmount[] {
  const legs: PricedAmount[] = [];
  for (const options of placed) {
    for (const { option, amounts } of options) {
      for (let i = 0; i < amounts.length; i++) {
        const [pool, psi] = [option.pools[i], amounts[i]];
        if (pool === undefined || psi === undefined || psi === 0n) continue;
        legs.push({ poolId: pool.id, psi, resourceClass: pool.resourceClass, credit: pool.cost(psi) });
      }
    }
  }
  return legs.sort((a, b) => (a.poolId < b.poolId ? -1 : 1));
}

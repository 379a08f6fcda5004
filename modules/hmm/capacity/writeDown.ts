import { divUp, E18, minOf } from "#sdk";
import { maxReserveRatio } from "../curve/limits.ts";
import type { PoolState } from "../records.ts";

/** A reserve that lost resource. */
export interface WriteDown {
  /** Resource base units to burn, at most what was asked for. */
  readonly lost: bigint;
  /** The pool without them. */
  readonly pool: PoolState;
}

/**
 * Takes resource out of a reserve because nobody will deliver it. The reserve stays above its minimum and inside the price band. Reference
 * inventory and the block's first reserve shrink in proportion: the loss is no trade, so it costs no risk fee and trips no breaker.
 * @param pool with the block open
 * @param units resource base units
 */
export function writeDownReserve(pool: PoolState, units: bigint, minReserve: bigint): WriteDown {
  const lost = minOf(units, largestLoss(pool, minReserve));
  if (lost === 0n) return { lost, pool };
  const psi = pool.psi - lost;
  // Rounded up, so that nothing becomes zero; what was equal to the reserve stays equal.
  const shrunk = (amount: bigint): bigint => divUp(amount * psi, pool.psi);
  return { lost, pool: { ...pool, psi, psiRef: shrunk(pool.psiRef), block: { ...pool.block, psi: shrunk(pool.block.psi) } } };
}

/** What a reserve can lose: down to the minimum, and to Θ/(cΨ) at its largest. @returns resource base units */
function largestLoss(pool: PoolState, minReserve: bigint): bigint {
  const { num, den } = maxReserveRatio(pool);
  const least = divUp(pool.theta * E18 * den, num * pool.centreE18);
  const floor = least > minReserve ? least : minReserve;
  return pool.psi > floor ? pool.psi - floor : 0n;
}

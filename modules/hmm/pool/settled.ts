import { priceE18 } from "../curve/math.ts";
import type { PoolState } from "../records.ts";
import { riskOf } from "./volatility.ts";

/** Whether nothing is left to do for a pool at the end of a block, as long as nobody touches it. */
export function isSettled(pool: PoolState): boolean {
  const { block, twap, shares } = pool;
  if (shares === 0n) return true;
  return (
    pool.psi === pool.psiRef &&
    block.fees + block.burn + block.treasury === 0n &&
    block.freshShares === 0n &&
    pool.volatilityE18 === 0n &&
    (!pool.dynamicRisk || pool.riskE18 === riskOf(0n)) &&
    twap.count > 0n &&
    twap.priceE18 === priceE18(pool)
  );
}

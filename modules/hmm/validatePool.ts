import { PoolStatus } from "#proto/hanzo/hmm/v1/types";
import { E18, isDenom } from "#sdk";
import { isPoolId } from "./check.ts";
import { hmmError } from "./errors.ts";
import { requireReserves } from "./limits.ts";
import type { PoolState } from "./records.ts";
import { MIN_FIRST_SHARES } from "./shares.ts";

/** Largest curve weight. */
const MAX_WEIGHT_E18 = 100n * E18;
/** Largest market fee: 5 %. */
const MAX_MARKET_FEE_E18 = E18 / 20n;

/**
 * Checks shape, fees and reserves of a pool. λ < w makes the level sets of H convex toward the origin, without which a buyer of more pays
 * less per unit; λ ≤ w/2 keeps the price band at least (c/2, 2c) wide. ρ < 1/3 keeps the proceeds of a sale growing with its size.
 * @throws hmm/17 naming the field, what was expected and what came; hmm/9 for reserves
 */
export function validatePool(pool: PoolState, minReserve: bigint): void {
  const refuse = (field: string, expected: string, got: string | bigint): never => {
    throw hmmError.invalidPool(`pools.${pool.id}.${field}: expected ${expected}, got ${got}`);
  };
  if (!isPoolId(pool.id)) refuse("id", 'a letter followed by up to 31 of a-z, 0-9 and "-"', JSON.stringify(pool.id));
  if (!isDenom(pool.denom)) refuse("denom", "a denomination", JSON.stringify(pool.denom));
  if (pool.status !== PoolStatus.POOL_STATUS_ACTIVE && pool.status !== PoolStatus.POOL_STATUS_PAUSED)
    refuse("status", "1 (active) or 2 (paused)", String(pool.status));
  if (pool.centreE18 === 0n) refuse("centre_e18", "at least 1", pool.centreE18);
  if (pool.wE18 === 0n || pool.wE18 > MAX_WEIGHT_E18) refuse("w_e18", `1 to ${MAX_WEIGHT_E18}`, pool.wE18);
  if (2n * pool.lambdaE18 > pool.wE18) refuse("lambda_e18", `at most half of w_e18 (${pool.wE18 / 2n})`, pool.lambdaE18);
  if (pool.marketFeeE18 > MAX_MARKET_FEE_E18) refuse("market_fee_e18", `at most ${MAX_MARKET_FEE_E18}`, pool.marketFeeE18);
  if (3n * pool.riskE18 >= E18) refuse("risk_e18", "less than a third of 10^18", pool.riskE18);
  if (pool.psiRef === 0n) refuse("psi_ref", "at least 1", pool.psiRef);
  if (pool.shares < MIN_FIRST_SHARES) refuse("shares", `at least ${MIN_FIRST_SHARES}`, pool.shares);
  if (pool.feeCarryQ128 >= pool.shares) refuse("fee_carry_q128", `less than shares (${pool.shares})`, pool.feeCarryQ128);
  requireReserves(pool, pool, minReserve);
}

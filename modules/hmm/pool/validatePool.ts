import { type PoolService, PoolStatus } from "#proto/hanzo/hmm/v1/types";
import { E18, isDenom } from "#sdk";
import type { FeeTerms } from "../curve/fees.ts";
import { requireReserves } from "../curve/limits.ts";
import { AMOUNT_BITS, type Curve, RESERVE_BITS } from "../curve/math.ts";
import { hmmError } from "../errors.ts";
import { LOCKED_SHARES } from "../liquidity/shares.ts";
import { isPoolId } from "../poolId.ts";
import type { PoolState } from "../records.ts";

/** Largest curve weight. */
const MAX_WEIGHT_E18 = 100n * E18;
/** Largest market fee: 5 %. */
const MAX_MARKET_FEE_E18 = E18 / 20n;
/** Longest name of a worker group or region. */
const MAX_SERVICE_NAME = 32;

function refuse(at: string, field: string, expected: string, got: string | bigint): never {
  throw hmmError.invalidPool(`${at}.${field}: expected ${expected}, got ${got}`);
}

/**
 * Checks a curve's shape. λ < w makes the level sets of H convex toward the origin, without which a buyer of more pays less per unit;
 * λ ≤ w/2 keeps the price band at least (c/2, 2c) wide.
 * @param at prefix of the field, for the message
 * @throws hmm/17 naming the field, what was expected and what came
 */
export function validateShape({ centreE18, wE18, lambdaE18 }: Pick<Curve, "centreE18" | "wE18" | "lambdaE18">, at: string): void {
  if (centreE18 === 0n || centreE18 >> BigInt(RESERVE_BITS) !== 0n) refuse(at, "centre_e18", `1 to 2^${RESERVE_BITS} - 1`, centreE18);
  if (wE18 === 0n || wE18 > MAX_WEIGHT_E18) refuse(at, "w_e18", `1 to ${MAX_WEIGHT_E18}`, wE18);
  if (2n * lambdaE18 > wE18) refuse(at, "lambda_e18", `at most half of w_e18 (${wE18 / 2n})`, lambdaE18);
}

/**
 * Checks fee rates. ρ < 1/3 keeps the proceeds of a sale growing with its size.
 * @throws hmm/17 as {@link validateShape}
 */
export function validateFees({ marketFeeE18, riskE18 }: Pick<FeeTerms, "marketFeeE18" | "riskE18">, at: string): void {
  if (marketFeeE18 > MAX_MARKET_FEE_E18) refuse(at, "market_fee_e18", `at most ${MAX_MARKET_FEE_E18}`, marketFeeE18);
  if (3n * riskE18 >= E18) refuse(at, "risk_e18", "less than a third of 10^18", riskE18);
}

/** Checks what is known of a pool's workers. @throws hmm/17 as {@link validateShape} */
export function validateService(service: PoolService, at: string): void {
  for (const name of ["group", "region"] as const) {
    const { length } = service[name];
    if (length > MAX_SERVICE_NAME) refuse(`${at}.service`, name, `at most ${MAX_SERVICE_NAME} characters`, `${length}`);
  }
}

/** Checks a pool's names and terms: everything but its reserves. @throws hmm/17 as {@link validateShape} */
export function validateTerms(pool: PoolState, at: string): void {
  if (!isPoolId(pool.id)) refuse(at, "id", 'a letter followed by up to 31 of a-z, 0-9 and "-"', JSON.stringify(pool.id));
  if (!isDenom(pool.denom)) refuse(at, "denom", "a denomination", JSON.stringify(pool.denom));
  if (!isPoolId(pool.resourceClass))
    refuse(at, "resource_class", 'a letter followed by up to 31 of a-z, 0-9 and "-"', JSON.stringify(pool.resourceClass));
  validateStatus(pool, at);
  validateService(pool.service, at);
  validateShape(pool, at);
  validateFees(pool, at);
  if (pool.ramp !== undefined) validateShape(pool.ramp, `${at}.ramp`);
}

/** Only a paused pool resumes. */
function validateStatus({ status, resumeHeight }: PoolState, at: string): void {
  if (status !== PoolStatus.POOL_STATUS_ACTIVE && status !== PoolStatus.POOL_STATUS_PAUSED)
    refuse(at, "status", "1 (active) or 2 (paused)", String(status));
  if (status === PoolStatus.POOL_STATUS_ACTIVE && resumeHeight !== 0n) refuse(at, "resume_height", "0 for an active pool", resumeHeight);
}

/**
 * Checks a pool of a genesis, which is one between two blocks.
 * @throws hmm/17 naming the field, what was expected and what came; hmm/9 for reserves
 */
export function validatePool(pool: PoolState, minReserve: bigint): void {
  const at = `pools.${pool.id}`;
  validateTerms(pool, at);
  for (const name of ["fees", "freshShares"] as const) {
    if (pool.block[name] !== 0n) refuse(at, `block.${name}`, "0 between two blocks", pool.block[name]);
  }
  if (pool.feeCarryQ128 >> BigInt(AMOUNT_BITS) !== 0n) refuse(at, "fee_carry_q128", "less than 2^128", pool.feeCarryQ128);
  if (pool.shares === 0n) requireEmpty(pool, at);
  else requireStocked(pool, at, minReserve);
}

function requireStocked(pool: PoolState, at: string, minReserve: bigint): void {
  if (pool.psiRef === 0n) refuse(at, "psi_ref", "at least 1", pool.psiRef);
  if (pool.shares < LOCKED_SHARES) refuse(at, "shares", `0, or at least ${LOCKED_SHARES}`, pool.shares);
  requireReserves(pool, pool, minReserve);
}

/** A pool before its first deposit. */
function requireEmpty(pool: PoolState, at: string): void {
  for (const name of ["psi", "theta", "psiRef", "feeGrowthQ128", "feesHeld"] as const) {
    if (pool[name] !== 0n) refuse(at, name, "0 for a pool without shares", pool[name]);
  }
}

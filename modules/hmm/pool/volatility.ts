// Volatility of a pool's price, and the risk fee that follows it: constant within a block, or the order of orders would matter.

import { E18, minOf } from "#sdk";
import { priceE18, thetaAt } from "../curve/math.ts";
import { nextAverage } from "../liquidity/shares.ts";
import type { PoolState } from "../records.ts";

/** ρ of a still price, times 10¹⁸: 5 bps per 1 % of inventory. */
const CALM_RISK_E18 = E18 / 20n;
/** Largest ρ, times 10¹⁸: 20 bps per 1 % of inventory. */
const WILD_RISK_E18 = E18 / 5n;
/** A volatility of 50 bps per block adds 15 bps per 1 %: 0.15 for every 0.005. */
const RISK_PER_VOLATILITY = 30n;

/**
 * Risk fee coefficient for a volatility: 5 bps per 1 % of inventory plus 15 for every 50 bps of it, at most 20.
 * @param volatilityE18 mean relative price change per block, times 10¹⁸
 * @returns ρ times 10¹⁸, 5·10¹⁶ to 2·10¹⁷
 */
export function riskOf(volatilityE18: bigint): bigint {
  return minOf(CALM_RISK_E18 + RISK_PER_VOLATILITY * volatilityE18, WILD_RISK_E18);
}

/**
 * How far the block's trades moved the price: the present price against the one that the present curve has at the block's first inventory.
 * Deposits and withdrawals scale that inventory, and ramps move the whole curve, so neither counts.
 * @param pool at the end of the block
 * @param spot its marginal price, times 10¹⁸
 * @returns |p − p₀|/p₀ times 10¹⁸, rounded down
 */
export function blockMoveE18(pool: PoolState, spot: bigint): bigint {
  const { psi } = pool.block;
  if (psi === pool.psi || psi === 0n) return 0n;
  const first = priceE18({ ...pool, psi, theta: thetaAt(pool, psi) });
  if (first === 0n) return 0n;
  return ((spot > first ? spot - first : first - spot) * E18) / first;
}

/**
 * Volatility and risk fee for the next block.
 * @param moveE18 relative price change in the block, times 10¹⁸
 * @param blocks time constant, ≥ 1
 */
export function nextRisk(pool: PoolState, moveE18: bigint, blocks: bigint): Pick<PoolState, "volatilityE18" | "riskE18"> {
  const volatilityE18 = nextAverage(pool.volatilityE18, moveE18, blocks);
  return { volatilityE18, riskE18: pool.dynamicRisk ? riskOf(volatilityE18) : pool.riskE18 };
}

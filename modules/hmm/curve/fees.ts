// Fees (whitepaper §4.2: f = f_m + f_r). All fees are in credit. Reserves change only by curve amounts, so every swap keeps H "net of
// fees", which is Eq. (4).

import { BPS, divUp, E18, minOf, mulDivUp, Q128 } from "#sdk";
import { type Curve, type Level, thetaAt } from "./math.ts";

/** What fees depend on besides the curve. */
export interface FeeTerms {
  /** f_m: market fee rate on gross credit, times 10¹⁸, below 10¹⁸. */
  readonly marketFeeE18: bigint;
  /** ρ: risk fee coefficient, times 10¹⁸; 10¹⁷ is 10 bps per 1 % of inventory. */
  readonly riskE18: bigint;
  /** Ψ_ref: inventory at which risk is zero, resource base units, > 0. */
  readonly psiRef: bigint;
}

/** A pool as quotes see it. */
export type QuotePool = Curve & FeeTerms;

/** Reserves of a pool: resource and credit base units. */
export interface Reserves {
  readonly psi: bigint;
  readonly theta: bigint;
}

/** How a pool's fees are shared out. */
export interface FeeSplit {
  /** Credit base units burned, with as much native token. */
  readonly burn: bigint;
  /** Credit base units for the treasury. */
  readonly treasury: bigint;
  /** Credit base units for liquidity providers: rest of the market fee and the whole risk fee. */
  readonly lp: bigint;
}

/**
 * Risk potential F of a state: zero at the reference inventory, growing with the distance and the value moved.
 * @param thetaRef credit reserve of the same curve at Ψ_ref
 * @returns credit base units, rounded up
 */
export function riskPotential(pool: FeeTerms, at: Reserves, thetaRef: bigint): bigint {
  const { riskE18, psiRef } = pool;
  const scarce = at.psi < psiRef;
  const value = scarce ? at.theta - thetaRef : thetaRef - at.theta;
  if (value <= 0n) return 0n;
  const distance = scarce ? psiRef - at.psi : at.psi - psiRef;
  // Above twice the reference the fee stays at ρ of the value: it must never exceed what an order is worth.
  const capped = minOf(distance, psiRef);
  return divUp(riskE18 * capped * value, E18 * psiRef);
}

/**
 * Risk fee f_r of moving a pool between two states of one curve: the rise of the potential. Because it is a difference, splitting an order
 * changes nothing, and moving toward the reference is free.
 * @param thetaRef credit reserve at Ψ_ref on the curve of `from`
 * @returns credit base units, ≥ 0
 */
export function riskFee(pool: FeeTerms, from: Reserves, to: Reserves, thetaRef: bigint): bigint {
  const after = riskPotential(pool, to, thetaRef);
  const sameSide = from.psi < pool.psiRef === to.psi < pool.psiRef;
  const fee = sameSide ? after - riskPotential(pool, from, thetaRef) : after;
  return fee > 0n ? fee : 0n;
}

/**
 * {@link riskFee} of a trade with a pool. A trade that only approaches the reference pays nothing, which needs no reference to know.
 * @param to reserves after the trade, on the pool's curve
 * @param thetaRef gives the credit reserve at Ψ_ref where it is needed
 * @returns credit base units, ≥ 0
 */
export function tradeRiskFee(pool: QuotePool, to: Reserves, thetaRef: () => bigint): bigint {
  const { psi, psiRef } = pool;
  const approaches = psi < psiRef ? psi <= to.psi && to.psi <= psiRef : psiRef <= to.psi && to.psi <= psi;
  return approaches ? 0n : riskFee(pool, pool, to, thetaRef());
}

/**
 * Credit reserve at the reference inventory, for {@link riskFee}.
 * @param level of the pool, where it is known already
 * @returns credit base units
 */
export function thetaReference(pool: QuotePool, level?: Level): bigint {
  // At the reserve itself no search is needed: H grows strictly with θ, so the smallest θ of the curve is Θ.
  return pool.psi === pool.psiRef ? pool.theta : thetaAt(pool, pool.psiRef, level);
}

/**
 * Gross price of a net cost: the least gross whose market fee leaves the net.
 * @param net curve amount plus risk fee, credit base units
 * @returns ⌈net/(1 − f_m)⌉, credit base units
 */
export function grossOf(pool: FeeTerms, net: bigint): bigint {
  return mulDivUp(net, E18, E18 - pool.marketFeeE18);
}

/**
 * Most net cost that a gross amount covers: the inverse of {@link grossOf}.
 * @returns ⌊gross·(1 − f_m)⌋, credit base units; grossOf(n) ≤ gross exactly when n ≤ this
 */
export function netOf(pool: FeeTerms, gross: bigint): bigint {
  return (gross * (E18 - pool.marketFeeE18)) / E18;
}

/**
 * Market fee of a sale.
 * @param curve credit base units leaving the reserve
 * @returns ⌈curve·f_m⌉, credit base units
 */
export function saleMarketFee(pool: FeeTerms, curve: bigint): bigint {
  return mulDivUp(curve, pool.marketFeeE18, E18);
}

/**
 * Shares out the fees of one order. Nothing is lost: burn + treasury + lp = marketFee + risk.
 * @param marketFee credit base units
 * @param risk risk fee, credit base units: all of it to liquidity providers, whose inventory risk it pays for
 * @param burnBps part of the market fee to burn, rounded down
 * @param treasuryBps part of the rest for the treasury, rounded down
 */
export function splitFees(marketFee: bigint, risk: bigint, burnBps: bigint, treasuryBps: bigint): FeeSplit {
  const burn = (marketFee * burnBps) / BPS;
  const treasury = ((marketFee - burn) * treasuryBps) / BPS;
  return { burn, treasury, lp: marketFee - burn - treasury + risk };
}

/** Fee accumulator of a pool: growth per share and what did not divide, both times 2^128. */
export interface FeeGrowth {
  readonly feeGrowthQ128: bigint;
  readonly feeCarryQ128: bigint;
}

/**
 * Books liquidity providers' fees. They are not added to the reserves, which would move the price and reward splitting.
 * @param lp credit base units
 * @param shares shares outstanding, > 0
 */
export function accrueFees(pool: FeeGrowth, lp: bigint, shares: bigint): FeeGrowth {
  const total = lp * Q128 + pool.feeCarryQ128;
  return { feeGrowthQ128: pool.feeGrowthQ128 + total / shares, feeCarryQ128: total % shares };
}

/**
 * Fees that shares earned between two growth figures.
 * @returns credit base units, rounded down
 */
export function feesEarned(shares: bigint, fromQ128: bigint, toQ128: bigint): bigint {
  return (shares * (toQ128 - fromQ128)) / Q128;
}

// The pool as a participant of a batch: what it asks, what it bids, and how much it trades at a price.
import { divUp, E18, minOf } from "#sdk";
import { type QuotePool, riskFee, thetaReference } from "./fees.ts";
import { AMOUNT_BITS, h2, inTheta, type Level, levelOf, outTheta, priceFraction } from "./math.ts";
import { FUZZ, holdsAtLeast, largestHolding, type Offer } from "./supplySearch.ts";

/** How a pool takes part. */
export interface PoolTerms {
  /** η: part of the amount between the pool's state and a price that it trades at that price, times 10¹⁸. */
  readonly etaE18: bigint;
  /** Most resource that may leave, base units, below the reserve. */
  readonly maxOut: bigint;
  /** Most resource that may enter, base units, below 2^128. */
  readonly maxIn: bigint;
}

/** Credit base units that the pool wants or gives for an amount, and what of it enters or leaves its reserve. */
export interface Total {
  readonly total: bigint;
  readonly curve: bigint;
}

/** The pool as a participant of a batch. */
export interface PoolSide {
  /** Marginal price, credit base units per resource base unit, as a fraction. */
  readonly spot: { readonly num: bigint; readonly den: bigint };
  /** For selling an amount that some price makes it sell. */
  ask(psi: bigint): Total;
  /** For buying an amount that some price makes it buy. */
  bid(psi: bigint): Total;
  /** Resource base units that the pool sells (positive) or buys (negative) at a price > 0. */
  supply(priceE18: bigint): bigint;
  /** Whether the supply at a price is at least an amount, which may be negative. */
  suppliesAtLeast(priceE18: bigint, psi: bigint): boolean;
}

/** Sizes of the trades whose average prices the pool asks and bids. */
const stretched = (psi: bigint, etaE18: bigint): bigint => (etaE18 === E18 ? psi : divUp(psi * E18, etaE18));

function createAsk(pool: QuotePool, level: Level, thetaRef: bigint, etaE18: bigint): (psi: bigint) => Total {
  return (psi) => {
    const plain = inTheta(pool, psi, level);
    const risk = riskFee(pool, pool, { psi: pool.psi - psi, theta: pool.theta + plain }, thetaRef);
    if (etaE18 === E18 || psi === 0n) return { total: plain + risk, curve: plain };
    const far = stretched(psi, etaE18);
    const curve = divUp(inTheta(pool, far, level) * psi, far);
    return { total: curve + risk, curve };
  };
}

function createBid(pool: QuotePool, level: Level, thetaRef: bigint, etaE18: bigint): (psi: bigint) => Total {
  return (psi) => {
    const plain = outTheta(pool, psi, level);
    const risk = riskFee(pool, pool, { psi: pool.psi + psi, theta: pool.theta - plain }, thetaRef);
    if (etaE18 === E18 || psi === 0n) return { total: plain - risk, curve: plain };
    const far = stretched(psi, etaE18);
    const curve = (outTheta(pool, far, level) * psi) / far;
    return { total: curve - risk, curve };
  };
}

/**
 * Whether the pool's mean prices move one way only, but for rounding. Asks always do: curve and risk potential are convex toward scarcity.
 * Bids do unless they pass twice the reference inventory, where the potential's distance stops growing, from above the reference; with a
 * stretched curve the shares of curve and potential are known to move together only below that and from below the reference.
 */
function isEven({ riskE18, psi, psiRef }: QuotePool, { etaE18, maxIn }: PoolTerms): { asks: boolean; bids: boolean } {
  const asks = 3n * riskE18 <= E18;
  const growing = psi + maxIn <= 2n * psiRef;
  const bids = etaE18 === E18 ? growing || psi <= psiRef || psi >= 2n * psiRef : growing && psi <= psiRef;
  return { asks, bids: asks && (riskE18 === 0n || bids) };
}

/** Amount without risk fee that the curve trades at a price p: 2(p·H_Θ − H_Ψ)/(2wp − λ(1+p²)), in normalised reserves; only a first guess. */
function curveSupply(pool: QuotePool, priceE18: bigint): bigint {
  const { psi, theta, centreE18, wE18, lambdaE18 } = pool;
  const p = (priceE18 * E18) / centreE18;
  const x = centreE18 * psi;
  const t = theta * E18;
  const net = p * (wE18 * x + lambdaE18 * t) - E18 * (wE18 * t + lambdaE18 * x);
  const bend = 2n * wE18 * p * E18 - lambdaE18 * (E18 * E18 + p * p);
  return bend <= 0n ? 0n : (2n * net * E18) / (bend * centreE18);
}

/** Same with ends: a price outside the curve's band makes it trade all it can. */
function firstGuess(pool: QuotePool, priceE18: bigint, beyond: bigint): bigint {
  const amount = curveSupply(pool, priceE18);
  const size = amount < 0n ? -amount : amount;
  return size > 0n && size < beyond ? size : beyond >> 1n;
}

/**
 * A pool as a participant of a batch.
 * @param terms η in [½, 1]; maxOut from 0 to Ψ − 1, maxIn from 0 to 2^128 − 1
 */
export function createPoolSide(pool: QuotePool, terms: PoolTerms): PoolSide {
  const { etaE18, maxOut, maxIn } = terms;
  const level = levelOf(pool);
  const h = h2(pool);
  const thetaRef = thetaReference(pool, level);
  const spot = priceFraction(pool);
  const ask = createAsk(pool, level, thetaRef, etaE18);
  const bid = createBid(pool, level, thetaRef, etaE18);
  const even = isEven(pool, terms);
  const leavesResource = (psi: bigint): boolean => stretched(psi, etaE18) < pool.psi;
  const leavesCredit = (psi: bigint): boolean => {
    const far = stretched(psi, etaE18);
    return far >> BigInt(AMOUNT_BITS) === 0n && pool.lambdaE18 * (pool.centreE18 * (pool.psi + far)) ** 2n < h;
  };
  const meanAtZero = (price: bigint): bigint => ((price * spot.den - spot.num * E18) << 64n) / spot.den;
  const sells = (price: bigint): Offer => {
    const top = minOf(pool.psi, maxOut + 1n);
    const slack = (psi: bigint): bigint => (leavesResource(psi) ? price * psi - ask(psi).total * E18 : -price * psi - FUZZ);
    return { top, beyond: top, slack, even: even.asks, meanAtZero: meanAtZero(price), guess: firstGuess(pool, price, top) };
  };
  const buys = (price: bigint): Offer => {
    const top = maxIn + 1n;
    // What the pool buys is worth at most its whole credit reserve.
    const beyond = minOf((pool.theta * E18) / price + 1n, top);
    const slack = (psi: bigint): bigint => (leavesCredit(psi) ? bid(psi).total * E18 - price * psi : -price * psi - FUZZ);
    return { top, beyond, slack, even: even.bids, meanAtZero: -meanAtZero(price), guess: firstGuess(pool, price, beyond) };
  };
  /** Sign of price − spot: above it the pool only sells, below it only buys, for every mean price is worse for the trader than the spot. */
  const side = (price: bigint): bigint => price * spot.den - spot.num * E18;
  return {
    spot,
    ask,
    bid,
    supply(price) {
      const above = side(price);
      return above > 0n ? largestHolding(sells(price)) : above < 0n ? -largestHolding(buys(price)) : 0n;
    },
    suppliesAtLeast(price, psi) {
      const above = side(price);
      if (psi > 0n) return above > 0n && holdsAtLeast(sells(price), psi);
      return above >= 0n || !holdsAtLeast(buys(price), 1n - psi);
    },
  };
}

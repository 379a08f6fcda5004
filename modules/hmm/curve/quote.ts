// What one order costs or brings, with all fees: pure functions of a pool's state. Limits of the market (order size, reserves, slippage)
// are not looked at here.

import { hmmError } from "../errors.ts";
import { grossOf, netOf, type QuotePool, saleMarketFee, thetaReference, tradeRiskFee } from "./fees.ts";
import { AMOUNT_BITS, h2, inPsi, inTheta, type Level, levelOf, outPsi, outTheta } from "./math.ts";
import { searchLargest } from "./searchLargest.ts";

/** A priced order. Buys: credit = curve + marketFee + riskFee. Sales: credit = curve − marketFee − riskFee. */
export interface Quote {
  /** Resource base units that change hands. */
  readonly psi: bigint;
  /** Credit base units that the trader pays or receives. */
  readonly credit: bigint;
  /** Credit base units that enter or leave the reserve. */
  readonly curve: bigint;
  /** Credit base units. */
  readonly marketFee: bigint;
  /** Credit base units. */
  readonly riskFee: bigint;
}

/** {@link thetaReference} of a pool, worked out when first asked for. */
function referenceOf(pool: QuotePool, level: Level): () => bigint {
  let known: bigint | undefined;
  return () => {
    known ??= thetaReference(pool, level);
    return known;
  };
}

/** Risk fee of buying an amount whose cost on the curve is known. */
function buyRisk(pool: QuotePool, thetaRef: () => bigint, psi: bigint, curve: bigint): bigint {
  return tradeRiskFee(pool, { psi: pool.psi - psi, theta: pool.theta + curve }, thetaRef);
}

function buyQuote(pool: QuotePool, psi: bigint, curve: bigint, riskFee: bigint): Quote {
  const net = curve + riskFee;
  const credit = grossOf(pool, net);
  return { psi, credit, curve, marketFee: credit - net, riskFee };
}

/**
 * Price of buying an exact amount whose cost on the curve is known.
 * @param thetaRef gives thetaReference of the pool
 * @param curve credit base units that the curve asks for, from inTheta
 */
export function quoteBuyAt(pool: QuotePool, thetaRef: () => bigint, psi: bigint, curve: bigint): Quote {
  return buyQuote(pool, psi, curve, buyRisk(pool, thetaRef, psi, curve));
}

/**
 * Price of buying an exact amount: the least gross credit.
 * @param psi resource base units wanted, ≥ 0
 * @throws hmm/8 when the amount is the whole reserve or more
 */
export function quoteBuyExactOut(pool: QuotePool, psi: bigint): Quote {
  const level = levelOf(pool);
  return quoteBuyAt(pool, () => thetaReference(pool, level), psi, inTheta(pool, psi, level));
}

/**
 * What an amount of credit buys: the most resource whose gross price does not exceed it. The quote charges that price, not the offer. A
 * generalised inverse of {@link quoteBuyExactOut}, so it is as split-proof as that.
 * @param offer credit base units, ≥ 0; the difference to `credit` of the quote is the refund
 * @throws hmm/8 when the offer would drain the pool
 */
export function quoteBuyExactIn(pool: QuotePool, offer: bigint): Quote {
  const budget = netOf(pool, offer);
  const level = levelOf(pool);
  const thetaRef = referenceOf(pool, level);
  let [curve, risk] = [0n, 0n];
  let bought = { psi: 0n, curve, risk };
  const cost = (psi: bigint): bigint => {
    curve = inTheta(pool, psi, level, budget);
    risk = buyRisk(pool, thetaRef, psi, curve);
    const net = curve + risk;
    if (net <= budget && psi > bought.psi) bought = { psi, curve, risk };
    return net;
  };
  // The curve is convex and begins at nothing: what one unit more costs is at least the mean so far, less what rounding up may have added
  // to this amount and taken from the next one. The risk fee does not fall.
  const nextCost = (psi: bigint, net: bigint): bigint => (psi === 0n ? net : net + (curve - 1n) / psi - 1n);
  // Without the risk fee the curve alone answers; the fee only makes it less. What is found was looked at on the way.
  searchLargest(outPsi(pool, budget, level), budget, cost, nextCost);
  return buyQuote(pool, bought.psi, bought.curve, bought.risk);
}

/**
 * What selling an exact amount brings.
 * @param psi resource base units sold, ≥ 0
 * @returns quote whose credit may be zero or negative: then the sale must be refused
 * @throws hmm/8 when the amount would take the whole credit reserve
 */
export function quoteSell(pool: QuotePool, psi: bigint): Quote {
  const level = levelOf(pool);
  return sellQuote(pool, level, () => thetaReference(pool, level), psi);
}

function sellQuote(pool: QuotePool, level: Level, thetaRef: () => bigint, psi: bigint): Quote {
  const curve = outTheta(pool, psi, level);
  const marketFee = saleMarketFee(pool, curve);
  const risk = tradeRiskFee(pool, { psi: pool.psi + psi, theta: pool.theta - curve }, thetaRef);
  return { psi, credit: curve - marketFee - risk, curve, marketFee, riskFee: risk };
}

/**
 * Least sale that brings an amount of credit after all fees.
 * @param net credit base units wanted, ≥ 0
 * @returns the sale with the smallest resource amount whose credit is at least `net`
 * @throws hmm/8 when no sale brings that much
 */
export function quoteSellExactOut(pool: QuotePool, net: bigint): Quote {
  if (net <= 0n) return quoteSell(pool, 0n);
  const level = levelOf(pool);
  const thetaRef = referenceOf(pool, level);
  // Fees only lower the proceeds, so the curve alone gives a lower bound of the amount.
  let below = inPsi(pool, net) - 1n;
  let step = 1n;
  let enough = below + step;
  while (sellQuote(pool, level, thetaRef, requireSellable(pool, net, enough)).credit < net) {
    below = enough;
    step *= 2n;
    enough = below + step;
  }
  while (enough - below > 1n) {
    const middle = (below + enough) >> 1n;
    if (isSellable(pool, middle) && sellQuote(pool, level, thetaRef, middle).credit >= net) enough = middle;
    else below = middle;
  }
  return sellQuote(pool, level, thetaRef, enough);
}

/** Whether an amount leaves some credit in the reserve. */
function isSellable(pool: QuotePool, psi: bigint): boolean {
  const x = pool.centreE18 * (pool.psi + psi);
  return psi >> BigInt(AMOUNT_BITS) === 0n && pool.lambdaE18 * x * x < h2(pool);
}

function requireSellable(pool: QuotePool, net: bigint, psi: bigint): bigint {
  if (!isSellable(pool, psi)) throw hmmError.drain(`no sale brings ${net} of the ${pool.theta} credit base units in reserve`);
  return psi;
}

// Clearing of many orders at one price (whitepaper §4.2, Eq. (4) in discrete time). For a quadratic H the average price of a net trade is the
// marginal price at the middle of its reserves, so one price for the whole batch conserves H exactly, whatever the size of the step.
// The result depends on the set of orders only, not on their sequence.
import { divUp, E18, minOf } from "#sdk";
import { hmmError } from "../errors.ts";
import { findClearing, netOfOrders, type PlainOrder } from "./clearing.ts";
import { grossOf, netOf, type QuotePool, saleMarketFee } from "./fees.ts";
import { AMOUNT_BITS } from "./math.ts";
import { createPoolSide, type PoolSide, type PoolTerms } from "./poolSide.ts";

/** An order of a batch. */
export interface BatchOrder {
  /** Breaks ties of rounding; unique in the batch. */
  readonly id: bigint;
  readonly side: "buy" | "sell";
  /** Resource base units, > 0. */
  readonly psi: bigint;
  /** Worst acceptable price with all fees, credit base units per resource base unit, times 10¹⁸. */
  readonly limitE18: bigint;
}

/** What an order got. */
export interface BatchFill {
  readonly id: bigint;
  /** Resource base units, > 0 and at most the order's. */
  readonly psi: bigint;
  /** Credit base units paid (buy, rounded up) or received (sale, rounded down), market fee included. */
  readonly theta: bigint;
}

/** Outcome of a batch. */
export interface BatchResult {
  /** In the order of identifiers. */
  readonly fills: readonly BatchFill[];
  /** The one price before market fees, credit base units per resource base unit, as a fraction. */
  readonly priceNum: bigint;
  readonly priceDen: bigint;
  /** Resource base units that leave the pool; negative when they enter. */
  readonly netPsi: bigint;
  /** Credit base units that enter the pool's reserve (netPsi > 0) or leave it (netPsi < 0). */
  readonly curve: bigint;
  /** Credit base units left over for liquidity providers: risk fee, rounding, and what rationed orders would have paid above the curve. */
  readonly lpSurplus: bigint;
  /** Credit base units of market fees. */
  readonly marketFees: bigint;
}

/** How the pool takes part in a batch. */
export interface ClearingOptions {
  /**
   * η in [½, 1] times 10¹⁸, default 10¹⁸: at a price p the pool trades the part η of what moves its average price to p. With 1 the invariant
   * is kept; with ½ the pool's price after the batch is the batch's, and the invariant grows.
   */
  readonly etaE18?: bigint;
  /** Most resource that may leave the pool on balance, base units, default Ψ − 1. What does not fit is rationed at the orders' limits. */
  readonly maxOut?: bigint;
  /** Most resource that may enter the pool on balance, base units, default 2^128 − 1. */
  readonly maxIn?: bigint;
}

/** Limit of an order as a price before the market fee, rounded against the order. */
function plainOrder(pool: QuotePool, { id, side, psi, limitE18 }: BatchOrder): PlainOrder {
  return { id, side, psi, priceE18: side === "buy" ? netOf(pool, limitE18) : grossOf(pool, limitE18) };
}

const within = (amount: bigint | undefined, most: bigint): bigint => (amount === undefined ? most : amount < 0n ? 0n : minOf(amount, most));

function termsOf(pool: QuotePool, { etaE18 = E18, maxOut, maxIn }: ClearingOptions): PoolTerms {
  return { etaE18, maxOut: within(maxOut, pool.psi - 1n), maxIn: within(maxIn, (1n << BigInt(AMOUNT_BITS)) - 1n) };
}

/**
 * What enters the reserve (leaves it, for a negative net), at most what the batch collected (at least what it paid out). Only with η < 1 can
 * rounding at a limit leave the pool's average a unit or two short; the curve itself is always paid.
 */
function curveOf(side: PoolSide, netPsi: bigint, collected: bigint): bigint {
  if (netPsi > 0n) return minOf(side.ask(netPsi).curve, collected);
  return netPsi < 0n ? -minOf(-side.bid(-netPsi).curve, collected) : 0n;
}

/**
 * Clears a batch against a pool at one price. Whatever the orders, the pool keeps a part of both reserves: a net trade that does not fit is
 * rationed, and an order that cannot trade has no fill.
 * @param orders with unique identifiers, sizes from 1 to 2^128 − 1 and limits from 1 to 2^192 − 1
 * @returns fills, price, net trade with the pool, and what liquidity providers and fees get; rounding lets an order pay less than three units
 * of credit above its limit, or receive less than two below
 * @throws hmm/18 only if the arithmetic above were wrong: the curve's part of what was collected is never more than all of it
 */
export function clearBatch(pool: QuotePool, orders: readonly BatchOrder[], options: ClearingOptions = {}): BatchResult {
  const side = createPoolSide(pool, termsOf(pool, options));
  const plain: PlainOrder[] = [];
  for (const order of orders) {
    const one = plainOrder(pool, order);
    // A fee can round a limit of one down to nothing, at which nobody sells.
    if (one.priceE18 > 0n && one.psi > 0n) plain.push(one);
  }
  plain.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const { filled, priceNum, priceDen } = findClearing(side, plain);
  const fills: BatchFill[] = [];
  let collected = 0n;
  let marketFees = 0n;
  for (const { id, side: buyOrSell, psi } of filled) {
    if (psi === 0n) continue;
    const value = psi * priceNum;
    const buys = buyOrSell === "buy";
    const credit = buys ? divUp(value, priceDen) : value / priceDen;
    const fee = buys ? grossOf(pool, credit) - credit : saleMarketFee(pool, credit);
    fills.push({ id, psi, theta: buys ? credit + fee : credit - fee });
    collected += buys ? credit : -credit;
    marketFees += fee;
  }
  const netPsi = netOfOrders(filled);
  const curve = curveOf(side, netPsi, collected);
  const lpSurplus = netPsi > 0n ? collected - curve : collected + curve;
  if (lpSurplus < 0n) throw hmmError.unbalanced(`expected a surplus of at least 0, got ${lpSurplus}`);
  return { fills, priceNum, priceDen, netPsi, curve, lpSurplus, marketFees };
}

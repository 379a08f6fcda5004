// Square roots of a pool that both its price and its bound need. Pools of a problem do not change, so each root is taken once.

import { type QuotePool, thetaReference } from "../curve/fees.ts";
import { inTheta } from "../curve/math.ts";
import { type Quote, quoteBuyAt } from "../curve/quote.ts";

interface Known {
  readonly thetaRef: bigint;
  /** Last amount asked for, and the credit that the curve asks for it. */
  amount: bigint;
  curve: bigint;
}

const known = new WeakMap<QuotePool, Known>();

function knownOf(pool: QuotePool): Known {
  let entry = known.get(pool);
  if (entry === undefined) {
    entry = { thetaRef: thetaReference(pool), amount: 0n, curve: 0n };
    known.set(pool, entry);
  }
  return entry;
}

/** Credit reserve at the pool's reference, as {@link thetaReference}. */
export function referenceOf(pool: QuotePool): bigint {
  return knownOf(pool).thetaRef;
}

/**
 * Credit that the curve asks for an amount, as {@link inTheta}.
 * @throws hmm/8 when the amount is the whole reserve or more
 */
export function curveCost(pool: QuotePool, amount: bigint): bigint {
  const entry = knownOf(pool);
  if (amount !== entry.amount) {
    entry.curve = inTheta(pool, amount);
    entry.amount = amount;
  }
  return entry.curve;
}

/**
 * Price of an amount with all fees, as quoteBuyExactOut.
 * @throws hmm/8 when the amount is the whole reserve or more
 */
export function quotePoolCost(pool: QuotePool, amount: bigint): Quote {
  return quoteBuyAt(pool, referenceOf(pool), amount, curveCost(pool, amount));
}

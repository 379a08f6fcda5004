import type { BasketLeg, BasketMaximum, MsgAddBasket, MsgAddBasketResponse } from "#proto/hanzo/hmm/v1/tx";
import { type Ctx, E18, minOf } from "#sdk";
import { parseLimit, parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import type { PoolState } from "../records.ts";
import { deposit, getStockedPool } from "./deposit.ts";
import { proportionOf } from "./shares.ts";

/** A pool of a basket and the most resource for it. */
interface Part {
  readonly pool: PoolState;
  readonly maxPsi: bigint;
}

/**
 * Deposits the same fraction of every pool: all of them or none.
 * @throws hmm/2 to hmm/6, hmm/9 as in README.md, sdk/5 too few coins
 */
export function addBasket(market: Market, ctx: Ctx, request: MsgAddBasket): MsgAddBasketResponse {
  const least = parseLimit(request.minFractionE18, "min_fraction_e18");
  const maxTheta = parsePositive(request.maxCredit, "max_credit");
  const parts = request.pools.map((part) => partOf(market, ctx, part));
  const fraction = largestFraction(parts, maxTheta);
  if (fraction < least) throw hmmError.slippage(`expected a fraction of at least ${least} 10^-18 of every pool, got ${fraction}`);
  const legs: BasketLeg[] = [];
  let unlockHeight = 0n;
  for (const { pool } of parts) {
    const added = proportionOf(pool, pool.shares, (fraction * pool.shares) / E18);
    const { shown } = deposit(market, ctx, request.sender, pool, added);
    const { shares, resource, credit } = shown;
    legs.push({ poolId: pool.id, shares, resource, credit });
    unlockHeight = shown.unlockHeight;
  }
  return { fractionE18: fraction.toString(), legs, unlockHeight };
}

function partOf(market: Market, ctx: Ctx, { poolId, maxResource }: BasketMaximum): Part {
  return { pool: getStockedPool(market, ctx, poolId), maxPsi: parsePositive(maxResource, `${poolId}.max_resource`) };
}

/**
 * Largest fraction of all pools within the maxima. Every pool's credit is rounded up, which may cost one base unit each: they are set aside.
 * @returns fraction times 10¹⁸, rounded down
 */
export function largestFraction(parts: readonly Part[], maxTheta: bigint): bigint {
  const theta = parts.reduce((sum, { pool }) => sum + pool.theta, 0n);
  const forUse = maxTheta - BigInt(parts.length);
  const byCredit = forUse > 0n ? (forUse * E18) / theta : 0n;
  return parts.reduce((least, { pool, maxPsi }) => minOf(least, (maxPsi * E18) / pool.psi), byCredit);
}

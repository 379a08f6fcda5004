import type { BasketLeg, MsgRemoveBasket, MsgRemoveBasketResponse } from "#proto/hanzo/hmm/v1/tx";
import { type Ctx, E18 } from "#sdk";
import { parseLimit, parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import { withdraw } from "./withdraw.ts";

/**
 * Redeems the same fraction of the sender's shares of every pool, rounded down: all of them or none. Works while pools are paused.
 * @throws hmm/2, hmm/3, hmm/5, hmm/6, hmm/9, hmm/11, hmm/13 as in README.md
 */
export function removeBasket(market: Market, ctx: Ctx, request: MsgRemoveBasket): MsgRemoveBasketResponse {
  const fraction = parsePositive(request.fractionE18, "fraction_e18");
  const least = parseLimit(request.minCredit, "min_credit");
  const legs: BasketLeg[] = [];
  let theta = 0n;
  for (const poolId of request.poolIds) {
    const removed = withdraw(market, ctx, request.sender, poolId, (owned) => (owned * fraction) / E18);
    theta += removed.theta;
    legs.push({ poolId, shares: `${removed.shares}`, resource: `${removed.psi}`, credit: `${removed.theta}` });
  }
  if (theta < least) throw hmmError.slippage(`expected at least ${least} credit base units together, got ${theta}`);
  return { legs };
}

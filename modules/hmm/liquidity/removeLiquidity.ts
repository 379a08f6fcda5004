import type { MsgRemoveLiquidity, MsgRemoveLiquidityResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parseLimit, parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import { withdraw } from "./withdraw.ts";

/**
 * Redeems shares for their part of both reserves; works while the pool is paused. Fees earned stay on the position.
 * @throws hmm/2, hmm/3, hmm/5, hmm/6, hmm/9, hmm/11, hmm/12, hmm/13 as in README.md
 */
export function removeLiquidity(market: Market, ctx: Ctx, request: MsgRemoveLiquidity): MsgRemoveLiquidityResponse {
  const redeemed = parsePositive(request.shares, "shares");
  const least = { psi: parseLimit(request.minResource, "min_resource"), theta: parseLimit(request.minCredit, "min_credit") };
  const removed = withdraw(market, ctx, request.sender, request.poolId, () => redeemed);
  if (removed.psi < least.psi) throw hmmError.slippage(`expected at least ${least.psi} resource base units, got ${removed.psi}`);
  if (removed.theta < least.theta) throw hmmError.slippage(`expected at least ${least.theta} credit base units, got ${removed.theta}`);
  return { resource: removed.psi.toString(), credit: removed.theta.toString() };
}

import type { MsgAddLiquidity, MsgAddLiquidityResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parseLimit, parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import { deposit, firstDeposit, getOpenPool } from "./deposit.ts";
import { LOCKED_SHARES, proportionalAdd } from "./shares.ts";

/**
 * Deposits both sides in the proportion of the reserves; the first deposit of a pool takes both maxima whole. The position's shares, earlier
 * ones included, are locked from this height on.
 * @throws hmm/2 to hmm/6, hmm/9, hmm/20, hmm/31, hmm/34 as in README.md, sdk/5 too few coins
 */
export function addLiquidity(market: Market, ctx: Ctx, request: MsgAddLiquidity): MsgAddLiquidityResponse {
  const { sender, poolId, commitmentId } = request;
  const most = { psi: parsePositive(request.maxResource, "max_resource"), theta: parsePositive(request.maxCredit, "max_credit") };
  const least = parseLimit(request.minShares, "min_shares");
  const pool = getOpenPool(market, ctx, poolId);
  const first = pool.shares === 0n;
  const added = first ? firstDeposit(pool, most) : proportionalAdd(pool, pool.shares, most);
  if (added.shares === 0n) throw hmmError.zeroOutput(`${most.psi} resource and ${most.theta} credit base units buy 0 shares`);
  const got = first ? added.shares - LOCKED_SHARES : added.shares;
  if (got < least) throw hmmError.slippage(`expected at least ${least} shares, got ${got}`);
  return deposit(market, ctx, sender, pool, added, commitmentId).shown;
}

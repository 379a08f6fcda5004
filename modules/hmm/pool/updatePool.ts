import { EventPoolUpdated } from "#proto/hanzo/hmm/v1/events";
import type { MsgUpdatePool, MsgUpdatePoolResponse } from "#proto/hanzo/hmm/v1/tx";
import type { PoolRamp } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, requireAuthority } from "#sdk";
import { parseAmount, parsePositive } from "../amounts.ts";
import { getPool, type Market } from "../market.ts";
import type { PoolRampState, PoolState } from "../records.ts";
import { markScheduled, storePool } from "./storePool.ts";
import { validateFees, validateService, validateShape } from "./validatePool.ts";
import { riskOf } from "./volatility.ts";

/**
 * Changes fees and service of a pool, and where its curve moves. Orders that were executed before in the same block paid the old fees: a
 * chain that executes proposals at the end of blocks, after the market's, keeps fees constant within every block. The curve moves from the
 * next block on; that of a pool without reserves is changed whole.
 * @throws gov/13 when the sender is not the authority, hmm/2, hmm/3, hmm/17 for terms out of range
 */
export function updatePool(market: Market, ctx: Ctx, request: MsgUpdatePool): MsgUpdatePoolResponse {
  requireAuthority(market.authority, request.authority);
  const pool = getPool(market, ctx, request.poolId);
  const service = request.service ?? pool.service;
  validateService(service, "pool");
  const changed = withRamp({ ...pool, service, ...feesOf(pool, request) }, request.ramp);
  validateFees(changed, "pool");
  storePool(market, ctx, changed);
  markScheduled(market, ctx, changed);
  const { marketFeeE18, riskE18, dynamicRisk, ramp } = changed;
  const fees = { marketFeeE18: marketFeeE18.toString(), riskE18: riskE18.toString(), dynamicRisk };
  ctx.emit(EventPoolUpdated, { poolId: pool.id, ...fees, ramping: ramp !== undefined });
  return {};
}

function feesOf(pool: PoolState, request: MsgUpdatePool): Pick<PoolState, "marketFeeE18" | "riskE18" | "dynamicRisk"> {
  const marketFeeE18 = request.marketFeeE18 === "" ? pool.marketFeeE18 : parseAmount(request.marketFeeE18, "market_fee_e18");
  if (request.riskE18 !== "") return { marketFeeE18, riskE18: parseAmount(request.riskE18, "risk_e18"), dynamicRisk: false };
  if (request.dynamicRisk) return { marketFeeE18, riskE18: riskOf(pool.volatilityE18), dynamicRisk: true };
  return { marketFeeE18, riskE18: pool.riskE18, dynamicRisk: pool.dynamicRisk };
}

function withRamp(pool: PoolState, request: PoolRamp | undefined): PoolState {
  if (request === undefined) return pool;
  const ramp: PoolRampState = {
    centreE18: request.centreE18 === "" ? pool.centreE18 : parsePositive(request.centreE18, "ramp.centre_e18"),
    wE18: request.wE18 === "" ? pool.wE18 : parsePositive(request.wE18, "ramp.w_e18"),
    lambdaE18: request.lambdaE18 === "" ? pool.lambdaE18 : parseAmount(request.lambdaE18, "ramp.lambda_e18"),
  };
  validateShape(ramp, "ramp");
  if (pool.shares === 0n) return { ...pool, ...ramp, ramp: undefined };
  const there = ramp.centreE18 === pool.centreE18 && ramp.wE18 === pool.wE18 && ramp.lambdaE18 === pool.lambdaE18;
  return { ...pool, ramp: there ? undefined : ramp };
}

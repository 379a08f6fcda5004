import { EventPoolCreated } from "#proto/hanzo/hmm/v1/events";
import type { MsgCreatePool, MsgCreatePoolResponse } from "#proto/hanzo/hmm/v1/tx";
import { PoolService, PoolStatus } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, requireAuthority } from "#sdk";
import { parseLimit, parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import type { PoolState } from "../records.ts";
import { storePool } from "./storePool.ts";
import { validateTerms } from "./validatePool.ts";

/**
 * Opens a pool without reserves: it takes its first deposit, and trades from then on.
 * @throws gov/13 when the sender is not the authority, hmm/2, hmm/17 for its terms, hmm/35 when the identifier or denomination is taken
 */
export function createPool(market: Market, ctx: Ctx, request: MsgCreatePool): MsgCreatePoolResponse {
  requireAuthority(market.authority, request.authority);
  const pool = emptyPool(request);
  validateTerms(pool, "pool");
  requireNew(market, ctx, pool);
  storePool(market, ctx, pool);
  ctx.emit(EventPoolCreated, { poolId: pool.id, denom: pool.denom, resourceClass: pool.resourceClass });
  return {};
}

function emptyPool(request: MsgCreatePool): PoolState {
  return {
    id: request.poolId,
    denom: request.denom,
    status: PoolStatus.POOL_STATUS_ACTIVE,
    psi: 0n,
    theta: 0n,
    centreE18: parsePositive(request.centreE18, "centre_e18"),
    wE18: parsePositive(request.wE18, "w_e18"),
    lambdaE18: parseLimit(request.lambdaE18, "lambda_e18"),
    marketFeeE18: parseLimit(request.marketFeeE18, "market_fee_e18"),
    riskE18: parseLimit(request.riskE18, "risk_e18"),
    psiRef: 0n,
    shares: 0n,
    feeGrowthQ128: 0n,
    feeCarryQ128: 0n,
    feesHeld: 0n,
    resourceClass: request.resourceClass,
    service: request.service ?? PoolService.create(),
    dynamicRisk: request.dynamicRisk,
    volatilityE18: 0n,
    block: { height: 0n, psi: 0n, fees: 0n, freshShares: 0n, burn: 0n, treasury: 0n },
    twap: { cumulativeE18: 0n, priceE18: 0n, height: 0n, count: 0n },
    ramp: undefined,
    resumeHeight: 0n,
  };
}

/** A resource is minted by commitments of its own pool only, so nothing of it may exist before. */
function requireNew({ state, needs, chain }: Market, ctx: Ctx, { id, denom }: PoolState): void {
  if (state.pools.has(ctx, id)) throw hmmError.poolExists(`expected an identifier that no pool has, got "${id}"`);
  const taken = new Set([chain.baseDenom, state.vault.get(ctx).creditDenom]);
  for (const [, other] of state.pools.entries(ctx)) taken.add(other.denom);
  if (taken.has(denom)) throw hmmError.poolExists(`expected a denomination that no pool, the credit or the native coin has, got ${denom}`);
  const supply = needs.bank.supply(ctx, denom);
  if (supply !== 0n) throw hmmError.poolExists(`expected a denomination without supply, got ${supply}${denom}`);
}

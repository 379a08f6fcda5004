import {
  Execution,
  type PoolView,
  type PositionView,
  type QueryPoolRequest,
  type QueryPoolResponse,
  type QueryPoolsRequest,
  type QueryPoolsResponse,
  type QueryPositionRequest,
  type QueryPositionResponse,
  type QueryPositionsRequest,
  type QueryPositionsResponse,
  type QueryQuoteBuyExactOutRequest,
  type QueryQuoteBuyExactOutResponse,
  type QueryQuoteBuyRequest,
  type QueryQuoteBuyResponse,
  type QueryQuoteSellExactOutRequest,
  type QueryQuoteSellExactOutResponse,
  type QueryQuoteSellRequest,
  type QueryQuoteSellResponse,
  type QueryVaultResponse,
} from "#proto/hanzo/hmm/v1/query";
import type { Params } from "#proto/hanzo/hmm/v1/types";
import { notFound, paginate, type ReadCtx } from "#sdk";
import { parsePositive } from "./amounts.ts";
import { maxOrder } from "./curve/limits.ts";
import { priceE18 } from "./curve/math.ts";
import { type Quote, quoteBuyExactIn, quoteBuyExactOut, quoteSell, quoteSellExactOut } from "./curve/quote.ts";
import { countFees } from "./liquidity/position.ts";
import { proportionalRemove } from "./liquidity/shares.ts";
import { getPool, type Market, openBlock } from "./market.ts";
import { executionOf, immediateLeft, largestOpenOrder } from "./orders/window.ts";
import { getTradingPool } from "./pool/tradingPool.ts";
import { asQuery, requireAddress } from "./query.ts";
import { type PoolState, type PositionState, poolToProto, positionToProto } from "./records.ts";
import { describeTrade, priceOrder, type Side as TradeSide } from "./trade.ts";

function viewPool(market: Market, ctx: ReadCtx, pool: PoolState): PoolView {
  const params = market.params.get(ctx);
  const fresh = openBlock(pool, ctx.height + 1n);
  return {
    pool: poolToProto(pool),
    priceE18: pool.shares === 0n ? "0" : priceE18(pool).toString(),
    maxOrder: maxOrder(pool, params.maxOrderBps).toString(),
    maxImmediate: immediateLeft(params, fresh, "buy").toString(),
    largeOrder: largestOpenOrder(params, pool).toString(),
  };
}

function viewPosition(pool: PoolState, position: PositionState): PositionView {
  // State between blocks holds no fresh shares.
  const { psi, theta } = proportionalRemove(pool, pool.shares, position.shares);
  const collectable = countFees(position, pool).feesOwed.toString();
  return { position: positionToProto(position), collectable, resource: psi.toString(), credit: theta.toString() };
}

/** One pool with its price. @throws gRPC NotFound */
export function queryPool(market: Market, ctx: ReadCtx, { poolId }: QueryPoolRequest): QueryPoolResponse {
  return asQuery(() => ({ pool: viewPool(market, ctx, getPool(market, ctx, poolId)) }));
}

/** A page of pools with their prices. */
export function queryPools(market: Market, ctx: ReadCtx, request: QueryPoolsRequest): QueryPoolsResponse {
  const { items, pagination } = paginate(ctx, market.state.pools, request.pagination);
  return { pools: items.map(([, pool]) => viewPool(market, ctx, pool)), pagination };
}

/** How an order of a size executes at the start of the next block. */
function executionFor(params: Params, pool: PoolState, side: TradeSide, psi: bigint): Execution {
  switch (executionOf(params, pool, side, psi)) {
    case "immediate":
      return Execution.EXECUTION_IMMEDIATE;
    case "batch":
      return Execution.EXECUTION_BATCH;
    case "sealed":
      return Execution.EXECUTION_SEALED;
  }
}

/** Prices an order under the same limits as its execution. */
function quoteOrder(
  market: Market,
  ctx: ReadCtx,
  poolId: string,
  side: TradeSide,
  price: (pool: PoolState) => Quote,
): QueryQuoteSellResponse & { readonly quote: Quote } {
  return asQuery(() => {
    const params = market.params.get(ctx);
    const pool = openBlock(getTradingPool(market, ctx, poolId), ctx.height + 1n);
    const order = priceOrder(params, pool, side, price(pool));
    return { trade: describeTrade(pool, order), quote: order.quote, execution: executionFor(params, pool, side, order.quote.psi) };
  });
}

/** What an amount of credit buys. @throws gRPC NotFound, InvalidArgument */
export function queryQuoteBuy(market: Market, ctx: ReadCtx, { poolId, creditIn }: QueryQuoteBuyRequest): QueryQuoteBuyResponse {
  const offer = asQuery(() => parsePositive(creditIn, "credit_in"));
  const { trade, quote, execution } = quoteOrder(market, ctx, poolId, "buy", (pool) => quoteBuyExactIn(pool, offer));
  return { trade, refund: (offer - quote.credit).toString(), execution };
}

/** What an exact amount costs. @throws gRPC NotFound, InvalidArgument */
export function queryQuoteBuyExactOut(
  market: Market,
  ctx: ReadCtx,
  { poolId, amountOut }: QueryQuoteBuyExactOutRequest,
): QueryQuoteBuyExactOutResponse {
  const wanted = asQuery(() => parsePositive(amountOut, "amount_out"));
  const { trade, execution } = quoteOrder(market, ctx, poolId, "buy", (pool) => quoteBuyExactOut(pool, wanted));
  return { trade, execution };
}

/** What selling an exact amount brings. @throws gRPC NotFound, InvalidArgument */
export function queryQuoteSell(market: Market, ctx: ReadCtx, { poolId, amountIn }: QueryQuoteSellRequest): QueryQuoteSellResponse {
  const sold = asQuery(() => parsePositive(amountIn, "amount_in"));
  const { trade, execution } = quoteOrder(market, ctx, poolId, "sell", (pool) => quoteSell(pool, sold));
  return { trade, execution };
}

/** What must be sold for an amount of credit. @throws gRPC NotFound, InvalidArgument */
export function queryQuoteSellExactOut(
  market: Market,
  ctx: ReadCtx,
  { poolId, creditOut }: QueryQuoteSellExactOutRequest,
): QueryQuoteSellExactOutResponse {
  const wanted = asQuery(() => parsePositive(creditOut, "credit_out"));
  const { trade, execution } = quoteOrder(market, ctx, poolId, "sell", (pool) => quoteSellExactOut(pool, wanted));
  return { trade, execution };
}

/** One liquidity position. @throws gRPC NotFound */
export function queryPosition(market: Market, ctx: ReadCtx, { owner, poolId }: QueryPositionRequest): QueryPositionResponse {
  return asQuery(() => {
    const pool = getPool(market, ctx, poolId);
    const position = market.state.positions.find(ctx, [requireAddress(market, owner), poolId]);
    if (position === undefined) throw notFound(`${owner} has no position in pool "${poolId}"`);
    return { position: viewPosition(pool, position) };
  });
}

/** A page of an owner's positions. @throws gRPC InvalidArgument when the owner is no address */
export function queryPositions(
  market: Market,
  ctx: ReadCtx,
  { owner, pagination: request }: QueryPositionsRequest,
): QueryPositionsResponse {
  const { items, pagination } = paginate(ctx, market.state.positions, request, { first: requireAddress(market, owner) });
  return { positions: items.map(([, position]) => viewPosition(getPool(market, ctx, position.poolId), position)), pagination };
}

/** Both sides of the vault identity. */
export function queryVault({ state, needs, chain }: Market, ctx: ReadCtx): QueryVaultResponse {
  const { creditDenom, locked } = state.vault.get(ctx);
  return {
    creditDenom,
    creditSupply: needs.bank.supply(ctx, creditDenom).toString(),
    nativeDenom: chain.baseDenom,
    locked: locked.toString(),
  };
}

import type {
  PoolView,
  PositionView,
  QueryPoolRequest,
  QueryPoolResponse,
  QueryPoolsRequest,
  QueryPoolsResponse,
  QueryPositionRequest,
  QueryPositionResponse,
  QueryPositionsRequest,
  QueryPositionsResponse,
  QueryQuoteBuyExactOutRequest,
  QueryQuoteBuyExactOutResponse,
  QueryQuoteBuyRequest,
  QueryQuoteBuyResponse,
  QueryQuoteSellRequest,
  QueryQuoteSellResponse,
  QueryVaultResponse,
} from "#proto/hanzo/hmm/v1/query";
import { invalidArgument, ModuleError, notFound, paginate, type ReadCtx } from "#sdk";
import { parsePositive } from "./amounts.ts";
import { hmmError } from "./errors.ts";
import { maxOrder } from "./limits.ts";
import { getActivePool, getPool, type Market } from "./market.ts";
import { priceE18 } from "./math.ts";
import { countFees } from "./position.ts";
import { type Quote, quoteBuyExactIn, quoteBuyExactOut, quoteSell } from "./quote.ts";
import { type PoolState, type PositionState, poolToProto, positionToProto } from "./records.ts";
import { proportionalRemove } from "./shares.ts";
import { describeTrade, priceOrder, type Side } from "./trade.ts";

const UNKNOWN_POOL = hmmError.unknownPool().code;
const HMM = hmmError.unknownPool().codespace;

/** Runs a query; the market's own refusals become gRPC NotFound (unknown pool) or InvalidArgument (all others). */
function asQuery<R>(run: () => R): R {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof ModuleError) || cause.codespace !== HMM) throw cause;
    throw cause.code === UNKNOWN_POOL ? notFound(cause.message) : invalidArgument(cause.message);
  }
}

function viewPool(market: Market, ctx: ReadCtx, pool: PoolState): PoolView {
  const { maxOrderBps } = market.params.get(ctx);
  return { pool: poolToProto(pool), priceE18: priceE18(pool).toString(), maxOrder: maxOrder(pool, maxOrderBps).toString() };
}

function viewPosition(pool: PoolState, position: PositionState): PositionView {
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

/** Prices an order under the same limits as its execution. */
function quoteOrder(
  market: Market,
  ctx: ReadCtx,
  poolId: string,
  side: Side,
  price: (pool: PoolState) => Quote,
): QueryQuoteSellResponse & { readonly quote: Quote } {
  return asQuery(() => {
    const pool = getActivePool(market, ctx, poolId);
    const order = priceOrder(market.params.get(ctx), pool, side, price(pool));
    return { trade: describeTrade(pool, order), quote: order.quote };
  });
}

/** What an amount of credit buys. @throws gRPC NotFound, InvalidArgument */
export function queryQuoteBuy(market: Market, ctx: ReadCtx, { poolId, creditIn }: QueryQuoteBuyRequest): QueryQuoteBuyResponse {
  const offer = asQuery(() => parsePositive(creditIn, "credit_in"));
  const { trade, quote } = quoteOrder(market, ctx, poolId, "buy", (pool) => quoteBuyExactIn(pool, offer));
  return { trade, refund: (offer - quote.credit).toString() };
}

/** What an exact amount costs. @throws gRPC NotFound, InvalidArgument */
export function queryQuoteBuyExactOut(
  market: Market,
  ctx: ReadCtx,
  { poolId, amountOut }: QueryQuoteBuyExactOutRequest,
): QueryQuoteBuyExactOutResponse {
  const wanted = asQuery(() => parsePositive(amountOut, "amount_out"));
  const { trade } = quoteOrder(market, ctx, poolId, "buy", (pool) => quoteBuyExactOut(pool, wanted));
  return { trade };
}

/** What selling an exact amount brings. @throws gRPC NotFound, InvalidArgument */
export function queryQuoteSell(market: Market, ctx: ReadCtx, { poolId, amountIn }: QueryQuoteSellRequest): QueryQuoteSellResponse {
  const sold = asQuery(() => parsePositive(amountIn, "amount_in"));
  const { trade } = quoteOrder(market, ctx, poolId, "sell", (pool) => quoteSell(pool, sold));
  return { trade };
}

/** One liquidity position. @throws gRPC NotFound */
export function queryPosition(market: Market, ctx: ReadCtx, { owner, poolId }: QueryPositionRequest): QueryPositionResponse {
  return asQuery(() => {
    const pool = getPool(market, ctx, poolId);
    const position = market.state.positions.find(ctx, [requireOwner(market, owner), poolId]);
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
  const { items, pagination } = paginate(ctx, market.state.positions, request, { first: requireOwner(market, owner) });
  return { positions: items.map(([, position]) => viewPosition(getPool(market, ctx, position.poolId), position)), pagination };
}

function requireOwner({ address }: Market, owner: string): string {
  try {
    address.parse(owner);
  } catch (cause) {
    throw invalidArgument(cause instanceof Error ? cause.message : "invalid address");
  }
  return owner;
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

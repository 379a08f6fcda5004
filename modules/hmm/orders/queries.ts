import type {
  QueryBatchRequest,
  QueryBatchResponse,
  QueryOrderRequest,
  QueryOrderResponse,
  QueryOrdersByOwnerRequest,
  QueryOrdersByOwnerResponse,
  QueryOrdersRequest,
  QueryOrdersResponse,
} from "#proto/hanzo/hmm/v1/query";
import { notFound, paginate, type ReadCtx } from "#sdk";
import { getPool, type Market } from "../market.ts";
import { asQuery, requireAddress } from "../query.ts";
import { type OrderState, orderToProto } from "./record.ts";

/** One waiting order. @throws gRPC NotFound */
export function queryOrder({ state }: Market, ctx: ReadCtx, { orderId }: QueryOrderRequest): QueryOrderResponse {
  const order = state.orders.find(ctx, orderId);
  if (order === undefined) throw notFound(`no order ${orderId} is waiting`);
  return { order: orderToProto(order) };
}

/** A page of the waiting orders of a pool, or of all. @throws gRPC NotFound for an unknown pool */
export function queryOrders(market: Market, ctx: ReadCtx, { poolId, pagination: request }: QueryOrdersRequest): QueryOrdersResponse {
  if (poolId !== "") asQuery(() => getPool(market, ctx, poolId));
  const filter = (_: bigint, order: OrderState): boolean => poolId === "" || order.poolId === poolId;
  const { items, pagination } = paginate(ctx, market.state.orders, request, { filter });
  return { orders: items.map(([, order]) => orderToProto(order)), pagination };
}

/** A page of the waiting orders of an account. @throws gRPC InvalidArgument when the owner is no address */
export function queryOrdersByOwner(
  market: Market,
  ctx: ReadCtx,
  { owner, pagination: request }: QueryOrdersByOwnerRequest,
): QueryOrdersByOwnerResponse {
  requireAddress(market, owner);
  const { items, pagination } = paginate(ctx, market.state.orders, request, { filter: (_, order) => order.owner === owner });
  return { orders: items.map(([, order]) => orderToProto(order)), pagination };
}

/** The last batch of a pool. @throws gRPC NotFound for an unknown pool */
export function queryBatch(market: Market, ctx: ReadCtx, { poolId }: QueryBatchRequest): QueryBatchResponse {
  asQuery(() => getPool(market, ctx, poolId));
  return { batch: market.state.batches.find(ctx, poolId) };
}

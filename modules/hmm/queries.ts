import type { QueryDefinition } from "#proto/hanzo/hmm/v1/query";
import type { QueryHandlers } from "#sdk";
import { queryCommitment, queryCommitments, queryCommitmentsByWorker } from "./capacity/queries.ts";
import { queryInvariants } from "./invariants.ts";
import type { Market } from "./market.ts";
import { queryBatch, queryOrder, queryOrders, queryOrdersByOwner } from "./orders/queries.ts";
import { queryTwap } from "./pool/twap.ts";
import {
  queryPool,
  queryPools,
  queryPosition,
  queryPositions,
  queryQuoteBuy,
  queryQuoteBuyExactOut,
  queryQuoteSell,
  queryQuoteSellExactOut,
  queryVault,
} from "./poolQueries.ts";
import { queryRouterAllowances } from "./route/allowRouter.ts";
import { queryRound, querySealedOrders } from "./sealed/queries.ts";

/** Handlers of the market's queries; Params follows from the parameters. */
export const marketQueries = (m: Market): QueryHandlers<typeof QueryDefinition> => ({
  pool: (ctx, req) => queryPool(m, ctx, req),
  pools: (ctx, req) => queryPools(m, ctx, req),
  quoteBuy: (ctx, req) => queryQuoteBuy(m, ctx, req),
  quoteBuyExactOut: (ctx, req) => queryQuoteBuyExactOut(m, ctx, req),
  quoteSell: (ctx, req) => queryQuoteSell(m, ctx, req),
  quoteSellExactOut: (ctx, req) => queryQuoteSellExactOut(m, ctx, req),
  twap: (ctx, req) => queryTwap(m, ctx, req),
  batch: (ctx, req) => queryBatch(m, ctx, req),
  order: (ctx, req) => queryOrder(m, ctx, req),
  orders: (ctx, req) => queryOrders(m, ctx, req),
  ordersByOwner: (ctx, req) => queryOrdersByOwner(m, ctx, req),
  round: (ctx) => queryRound(m, ctx),
  sealedOrders: (ctx, req) => querySealedOrders(m, ctx, req),
  commitment: (ctx, req) => queryCommitment(m, ctx, req),
  commitments: (ctx, req) => queryCommitments(m, ctx, req),
  commitmentsByWorker: (ctx, req) => queryCommitmentsByWorker(m, ctx, req),
  routerAllowances: (ctx, req) => queryRouterAllowances(m, ctx, req),
  invariants: (ctx) => queryInvariants(m, ctx),
  position: (ctx, req) => queryPosition(m, ctx, req),
  positions: (ctx, req) => queryPositions(m, ctx, req),
  vault: (ctx) => queryVault(m, ctx),
});

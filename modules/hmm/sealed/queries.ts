import type { QueryRoundResponse, QuerySealedOrdersRequest, QuerySealedOrdersResponse } from "#proto/hanzo/hmm/v1/query";
import { paginate, type ReadCtx } from "#sdk";
import type { Market } from "../market.ts";
import { requireAddress } from "../query.ts";
import { sealedToProto } from "./record.ts";
import { phase, roundAt } from "./round.ts";

/** The round that holds the next block, and what that block takes. */
export function queryRound(market: Market, ctx: ReadCtx): QueryRoundResponse {
  const next = ctx.height + 1n;
  const round = roundAt(market, ctx, next);
  return { round, revealing: phase(round, next) === "reveal" };
}

/** A page of the present round's sealed orders, or of one account's. @throws gRPC InvalidArgument when the sender is no address */
export function querySealedOrders(
  market: Market,
  ctx: ReadCtx,
  { sender, pagination: request }: QuerySealedOrdersRequest,
): QuerySealedOrdersResponse {
  const { state } = market;
  const round = state.round.find(ctx)?.id ?? 0n;
  const options = sender === "" ? {} : { first: [round, requireAddress(market, sender)] as const };
  const { items, pagination } = paginate(ctx, state.sealed, request, options);
  return { orders: items.map(([, order]) => sealedToProto(order)), pagination };
}

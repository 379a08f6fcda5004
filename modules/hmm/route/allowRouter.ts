import { EventRouterAllowed } from "#proto/hanzo/hmm/v1/events";
import type { QueryRouterAllowancesRequest, QueryRouterAllowancesResponse } from "#proto/hanzo/hmm/v1/query";
import type { MsgAllowRouter, MsgAllowRouterResponse } from "#proto/hanzo/hmm/v1/tx";
import { type Ctx, paginate, type ReadCtx } from "#sdk";
import { parseAmount } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import { requireAddress } from "../query.ts";

/**
 * Lets a router buy certified bundles with the sender's credit. It never holds the credit: what it buys goes to the sender.
 * @throws hmm/2 malformed credit, hmm/30 a router that is the sender or an allowance that has ended already
 */
export function allowRouter(market: Market, ctx: Ctx, request: MsgAllowRouter): MsgAllowRouterResponse {
  const { sender: owner, router, expiresHeight } = request;
  const credit = parseAmount(request.credit, "credit");
  market.address.parse(router);
  if (router === owner) throw hmmError.notAllowed("router: expected another account than the sender");
  if (expiresHeight !== 0n && expiresHeight <= ctx.height)
    throw hmmError.notAllowed(`expires_height: expected more than ${ctx.height}, or 0, got ${expiresHeight}`);
  const { allowances } = market.state;
  if (credit === 0n) allowances.delete(ctx, [owner, router]);
  else allowances.set(ctx, [owner, router], { owner, router, credit: credit.toString(), expiresHeight });
  ctx.emit(EventRouterAllowed, { owner, router, credit: credit.toString(), expiresHeight });
  return {};
}

/**
 * Takes a cost off an allowance.
 * @throws hmm/30 when there is none, when it has ended or when it is too small
 */
export function spendAllowance({ state }: Market, ctx: Ctx, owner: string, router: string, cost: bigint): void {
  const allowance = state.allowances.find(ctx, [owner, router]);
  if (allowance === undefined) throw hmmError.notAllowed(`${owner} has not allowed ${router} to spend credit`);
  const { credit, expiresHeight } = allowance;
  if (expiresHeight !== 0n && expiresHeight <= ctx.height)
    throw hmmError.notAllowed(`the allowance of ${router} ended at height ${expiresHeight}`);
  const left = BigInt(credit) - cost;
  if (left < 0n) throw hmmError.notAllowed(`expected a cost of at most ${credit} credit base units, got ${cost}`);
  if (left === 0n) state.allowances.delete(ctx, [owner, router]);
  else state.allowances.set(ctx, [owner, router], { ...allowance, credit: left.toString() });
}

/** What routers may spend of an account's credit. @throws gRPC InvalidArgument when the owner is no address */
export function queryRouterAllowances(
  market: Market,
  ctx: ReadCtx,
  { owner, pagination: request }: QueryRouterAllowancesRequest,
): QueryRouterAllowancesResponse {
  const { items, pagination } = paginate(ctx, market.state.allowances, request, { first: requireAddress(market, owner) });
  return { allowances: items.map(([, allowance]) => allowance), pagination };
}

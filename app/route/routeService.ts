import { type QuoteBundleResponse, RouteServiceDefinition } from "#proto/hanzo/hmm/v1/route";
import type { Trade } from "#proto/hanzo/hmm/v1/types";
import { GRPC_STATUS, invalidArgument, ModuleError, QueryError, type ReadCtx } from "#sdk";
import { hmmError } from "../../modules/hmm/errors.ts";
import type { RoutePool } from "../../modules/hmm/route/problem.ts";
import { bindService, type ServiceMethod } from "../runtime/query/service.ts";
import { type PoolSnapshot, type RouteQueue, SolverBusyError, SolverFailedError } from "./routeQueue.ts";
import type { SolvedRoute } from "./solveRoute.ts";

/** gRPC statuses of failed quotes. */
const STATUS = { resourceExhausted: 8, failedPrecondition: 9 } as const;

/**
 * What the service reads of the market: a copy of one state. Nothing of it may read the state later, which moves on while a route is computed.
 */
export interface MarketView {
  /** Pools that trade, with what can be bought from them at once in the block after the state. */
  readonly pools: readonly RoutePool[];
  /** Most legs of a bundle. */
  readonly maxLegs: number;
  /** A purchase from one of the pools as it would execute. */
  trade(poolId: string, psi: bigint): Trade;
}

/** Pools without what the solver does not look at: they are copied into its thread. */
function plainPools(pools: readonly RoutePool[]): RoutePool[] {
  return pools.map((pool) => {
    const { id, resourceClass, cap, psi, theta, centreE18, wE18, lambdaE18, marketFeeE18, riskE18, psiRef } = pool;
    const { group, region, tier, latencyUs, jitterUs } = pool.service;
    const service = { group, region, tier, latencyUs, jitterUs };
    return { id, resourceClass, cap, psi, theta, centreE18, wE18, lambdaE18, marketFeeE18, riskE18, psiRef, service };
  });
}

/** The status of a failed quote: a malformed bundle is the caller's mistake, one that cannot be met is the market's state. */
function toQueryError(error: unknown): unknown {
  if (error instanceof SolverBusyError) return new QueryError(STATUS.resourceExhausted, error.message);
  if (error instanceof SolverFailedError) return new QueryError(GRPC_STATUS.internal, error.message);
  if (!(error instanceof ModuleError)) return error;
  const { codespace, code } = hmmError.infeasible();
  if (error.codespace === codespace && error.code === code) return new QueryError(STATUS.failedPrecondition, error.message);
  return invalidArgument(error.message);
}

function describe(route: SolvedRoute, height: bigint, trade: (poolId: string, psi: bigint) => Trade): QuoteBundleResponse {
  return {
    legs: route.legs.map(({ poolId, psi, resourceClass }) => ({
      leg: { poolId, resource: psi.toString() },
      resourceClass,
      trade: trade(poolId, psi),
    })),
    cost: route.cost.toString(),
    classes: route.classes.map(({ resourceClass, psi, cost, priceE18 }) => ({
      resourceClass,
      resource: psi.toString(),
      cost: cost.toString(),
      priceE18: priceE18.toString(),
    })),
    shadowPrices: route.shadowPrices.map(({ name, nuE18, reached, bound }) => ({
      limit: name,
      nuE18: nuE18.toString(),
      reached: reached.toString(),
      bound: bound.toString(),
    })),
    certificate: route.certificate,
    gapPpm: route.gapPpm.toString(),
    extraCost: route.extraCost.toString(),
    height,
  };
}

/**
 * Methods of hanzo.hmm.v1.RouteService. The market is read once per height; the route is found by the queue's thread.
 * @param readMarket copies what routes need out of a state
 * @param queue where routes are computed; the caller closes it when the node stops
 */
export function routeService(readMarket: (ctx: ReadCtx) => MarketView, queue: RouteQueue): readonly ServiceMethod[] {
  let last: { readonly height: bigint; readonly view: MarketView; readonly snapshot: PoolSnapshot } | undefined;
  const viewAt = (ctx: ReadCtx, height: bigint) => {
    if (last?.height === height) return last;
    const view = readMarket(ctx);
    last = { height, view, snapshot: { pools: plainPools(view.pools) } };
    return last;
  };
  return bindService(RouteServiceDefinition, {
    quoteBundle: async ({ bundle, maxLegs }, { ctx, height }) => {
      if (bundle === undefined) throw invalidArgument("bundle: expected a bundle, got none");
      const { view, snapshot } = viewAt(ctx, height);
      if (maxLegs > view.maxLegs) throw invalidArgument(`max_legs: expected 0 to ${view.maxLegs}, got ${maxLegs}`);
      try {
        const route = await queue.solve(bundle, maxLegs === 0 ? view.maxLegs : maxLegs, snapshot);
        return describe(route, height, view.trade);
      } catch (error) {
        throw toQueryError(error);
      }
    },
  });
}

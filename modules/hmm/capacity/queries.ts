import type {
  QueryCommitmentRequest,
  QueryCommitmentResponse,
  QueryCommitmentsByWorkerRequest,
  QueryCommitmentsByWorkerResponse,
  QueryCommitmentsRequest,
  QueryCommitmentsResponse,
} from "#proto/hanzo/hmm/v1/query";
import { paginate, type ReadCtx } from "#sdk";
import { getPool, type Market } from "../market.ts";
import { asQuery, requireAddress } from "../query.ts";
import { getCommitment } from "./commitment.ts";
import { pageByIndex } from "./indexPage.ts";
import { commitmentToProto } from "./record.ts";

/** One commitment. @throws gRPC NotFound */
export function queryCommitment(market: Market, ctx: ReadCtx, { commitmentId }: QueryCommitmentRequest): QueryCommitmentResponse {
  return { commitment: commitmentToProto(asQuery(() => getCommitment(market, ctx, commitmentId))) };
}

/** A page of the commitments of a pool, or of all. @throws gRPC NotFound for an unknown pool, InvalidArgument for a wrong page */
export function queryCommitments(market: Market, ctx: ReadCtx, request: QueryCommitmentsRequest): QueryCommitmentsResponse {
  const { commitments } = market.state;
  if (request.poolId === "") {
    const { items, pagination } = paginate(ctx, commitments, request.pagination);
    return { commitments: items.map(([, commitment]) => commitmentToProto(commitment)), pagination };
  }
  const pool = asQuery(() => getPool(market, ctx, request.poolId));
  const { items, pagination } = pageByIndex(commitments.by.pool(ctx, pool.id), request.pagination);
  return { commitments: items.map(commitmentToProto), pagination };
}

/** A page of the commitments of a worker. @throws gRPC InvalidArgument when the worker is no address, or for a wrong page */
export function queryCommitmentsByWorker(
  market: Market,
  ctx: ReadCtx,
  { worker, pagination: request }: QueryCommitmentsByWorkerRequest,
): QueryCommitmentsByWorkerResponse {
  const { items, pagination } = pageByIndex(market.state.commitments.by.worker(ctx, requireAddress(market, worker)), request);
  return { commitments: items.map(commitmentToProto), pagination };
}

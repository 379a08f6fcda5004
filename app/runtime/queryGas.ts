import { GRPC_STATUS, QueryError } from "#sdk";

/** The refusal of a query or simulation that used more gas than this node gives to one. */
export function overQueryGas(limit: bigint, used: bigint): QueryError {
  return new QueryError(GRPC_STATUS.resourceExhausted, `a query may use ${limit} gas on this node, this one asked for ${used}`);
}

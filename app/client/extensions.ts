import { createPagination, createProtobufRpcClient, type QueryClient } from "@cosmjs/stargate";
import * as hmm from "#proto/hanzo/hmm/v1/query";

/** Queries of the compute market. Amounts are base units as decimal text; see the comments of the generated types. */
export interface HmmExtension {
  readonly hmm: {
    readonly params: () => Promise<hmm.QueryParamsResponse>;
    readonly pool: (poolId: string) => Promise<hmm.QueryPoolResponse>;
    readonly pools: (paginationKey?: Uint8Array) => Promise<hmm.QueryPoolsResponse>;
    /** What `creditIn` buys, all fees included. */
    readonly quoteBuy: (poolId: string, creditIn: string) => Promise<hmm.QueryQuoteBuyResponse>;
    /** What exactly `amountOut` of the resource costs. */
    readonly quoteBuyExactOut: (poolId: string, amountOut: string) => Promise<hmm.QueryQuoteBuyExactOutResponse>;
    /** What selling exactly `amountIn` of the resource pays. */
    readonly quoteSell: (poolId: string, amountIn: string) => Promise<hmm.QueryQuoteSellResponse>;
    readonly position: (owner: string, poolId: string) => Promise<hmm.QueryPositionResponse>;
    readonly positions: (owner: string, paginationKey?: Uint8Array) => Promise<hmm.QueryPositionsResponse>;
    readonly vault: () => Promise<hmm.QueryVaultResponse>;
  };
}

const SERVICE = "hanzo.hmm.v1.Query";

interface Codec<M> {
  encode(message: M): { finish(): Uint8Array };
  decode(bytes: Uint8Array): M;
}

/** Adds the market's queries to a cosmjs query client: `QueryClient.withExtensions(comet, setupHmmExtension)`. */
export function setupHmmExtension(base: QueryClient): HmmExtension {
  const rpc = createProtobufRpcClient(base);
  const ask = async <Q, R>(method: string, request: Codec<Q>, response: Codec<R>, message: Q): Promise<R> =>
    response.decode(await rpc.request(SERVICE, method, request.encode(message).finish()));
  const page = (key?: Uint8Array) => {
    const request = createPagination(key);
    return { key: request.key, offset: request.offset, limit: request.limit, countTotal: request.countTotal, reverse: request.reverse };
  };
  return {
    hmm: {
      params: () => ask("Params", hmm.QueryParamsRequest, hmm.QueryParamsResponse, {}),
      pool: (poolId) => ask("Pool", hmm.QueryPoolRequest, hmm.QueryPoolResponse, { poolId }),
      pools: (key) => ask("Pools", hmm.QueryPoolsRequest, hmm.QueryPoolsResponse, { pagination: page(key) }),
      quoteBuy: (poolId, creditIn) => ask("QuoteBuy", hmm.QueryQuoteBuyRequest, hmm.QueryQuoteBuyResponse, { poolId, creditIn }),
      quoteBuyExactOut: (poolId, amountOut) =>
        ask("QuoteBuyExactOut", hmm.QueryQuoteBuyExactOutRequest, hmm.QueryQuoteBuyExactOutResponse, { poolId, amountOut }),
      quoteSell: (poolId, amountIn) => ask("QuoteSell", hmm.QueryQuoteSellRequest, hmm.QueryQuoteSellResponse, { poolId, amountIn }),
      position: (owner, poolId) => ask("Position", hmm.QueryPositionRequest, hmm.QueryPositionResponse, { owner, poolId }),
      positions: (owner, key) => ask("Positions", hmm.QueryPositionsRequest, hmm.QueryPositionsResponse, { owner, pagination: page(key) }),
      vault: () => ask("Vault", hmm.QueryVaultRequest, hmm.QueryVaultResponse, {}),
    },
  };
}

import { createPagination, createProtobufRpcClient, type ProtobufRpcClient, type QueryClient } from "@cosmjs/stargate";
import { type ConfigResponse, ServiceDefinition as NodeService } from "#proto/cosmos/base/node/v1beta1/query";
import {
  QueryDefinition,
  type QueryParamsResponse,
  type QueryPoolResponse,
  type QueryPoolsResponse,
  type QueryPositionResponse,
  type QueryPositionsResponse,
  type QueryQuoteBuyExactOutResponse,
  type QueryQuoteBuyResponse,
  type QueryQuoteSellResponse,
  type QueryVaultResponse,
} from "#proto/hanzo/hmm/v1/query";

/** Queries of the compute market. Amounts are base units as decimal text; units are those of hanzo/hmm/v1/types.proto. */
export interface HmmExtension {
  readonly hmm: {
    readonly params: () => Promise<QueryParamsResponse>;
    /** One pool with its price. */
    readonly pool: (poolId: string) => Promise<QueryPoolResponse>;
    /** A page of pools. @param paginationKey `pagination.nextKey` of the page before */
    readonly pools: (paginationKey?: Uint8Array) => Promise<QueryPoolsResponse>;
    /** What an amount of credit, all fees included, buys. */
    readonly quoteBuy: (poolId: string, creditIn: string) => Promise<QueryQuoteBuyResponse>;
    /** What an exact amount of resource costs. */
    readonly quoteBuyExactOut: (poolId: string, amountOut: string) => Promise<QueryQuoteBuyExactOutResponse>;
    /** What an exact amount of resource brings. */
    readonly quoteSell: (poolId: string, amountIn: string) => Promise<QueryQuoteSellResponse>;
    /** One liquidity position. @param owner bech32 address */
    readonly position: (owner: string, poolId: string) => Promise<QueryPositionResponse>;
    /** A page of an owner's positions. @param paginationKey `pagination.nextKey` of the page before */
    readonly positions: (owner: string, paginationKey?: Uint8Array) => Promise<QueryPositionsResponse>;
    /** Credit outstanding and native tokens locked behind it. */
    readonly vault: () => Promise<QueryVaultResponse>;
  };
}

/** Queries of the node's own settings. */
export interface NodeExtension {
  readonly node: {
    readonly config: () => Promise<ConfigResponse>;
  };
}

/** A method as generated code describes it. */
interface Method<Request, Response> {
  readonly name: string;
  readonly requestType: { encode(request: Request): { finish(): Uint8Array }; fromPartial(partial: Partial<Request>): Request };
  readonly responseType: { decode(bytes: Uint8Array): Response };
}

async function ask<Request, Response>(
  rpc: ProtobufRpcClient,
  service: string,
  method: Method<Request, Response>,
  request: Partial<Request>,
): Promise<Response> {
  const { requestType, responseType, name } = method;
  return responseType.decode(await rpc.request(service, name, requestType.encode(requestType.fromPartial(request)).finish()));
}

/** The compute market's queries for `QueryClient.withExtensions`. */
export function setupHmmExtension(base: QueryClient): HmmExtension {
  const rpc = createProtobufRpcClient(base);
  const { fullName, methods } = QueryDefinition;
  return {
    hmm: {
      params: () => ask(rpc, fullName, methods.params, {}),
      pool: (poolId) => ask(rpc, fullName, methods.pool, { poolId }),
      pools: (paginationKey) => ask(rpc, fullName, methods.pools, { pagination: createPagination(paginationKey) }),
      quoteBuy: (poolId, creditIn) => ask(rpc, fullName, methods.quoteBuy, { poolId, creditIn }),
      quoteBuyExactOut: (poolId, amountOut) => ask(rpc, fullName, methods.quoteBuyExactOut, { poolId, amountOut }),
      quoteSell: (poolId, amountIn) => ask(rpc, fullName, methods.quoteSell, { poolId, amountIn }),
      position: (owner, poolId) => ask(rpc, fullName, methods.position, { owner, poolId }),
      positions: (owner, paginationKey) => ask(rpc, fullName, methods.positions, { owner, pagination: createPagination(paginationKey) }),
      vault: () => ask(rpc, fullName, methods.vault, {}),
    },
  };
}

/** The node's own queries for `QueryClient.withExtensions`. */
export function setupNodeExtension(base: QueryClient): NodeExtension {
  const rpc = createProtobufRpcClient(base);
  return { node: { config: () => ask(rpc, NodeService.fullName, NodeService.methods.config, {}) } };
}

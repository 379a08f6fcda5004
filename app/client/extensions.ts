import { createPagination, type QueryClient } from "@cosmjs/stargate";
import { type ConfigResponse, ServiceDefinition as NodeService } from "#proto/cosmos/base/node/v1beta1/query";
import {
  QueryDefinition as EvidenceQuery,
  type QueryAllEvidenceResponse,
  type QueryEvidenceResponse,
} from "#proto/cosmos/evidence/v1beta1/query";
import {
  type QuerySigningInfoResponse,
  type QuerySigningInfosResponse,
  type QueryParamsResponse as QuerySlashingParamsResponse,
  QueryDefinition as SlashingQuery,
} from "#proto/cosmos/slashing/v1beta1/query";
import {
  type QueryBatchResponse,
  type QueryCommitmentResponse,
  type QueryCommitmentsByWorkerResponse,
  type QueryCommitmentsResponse,
  QueryDefinition,
  type QueryInvariantsResponse,
  type QueryOrderResponse,
  type QueryOrdersByOwnerResponse,
  type QueryOrdersResponse,
  type QueryParamsResponse,
  type QueryPoolResponse,
  type QueryPoolsResponse,
  type QueryPositionResponse,
  type QueryPositionsResponse,
  type QueryQuoteBuyExactOutResponse,
  type QueryQuoteBuyResponse,
  type QueryQuoteSellExactOutResponse,
  type QueryQuoteSellResponse,
  type QueryRoundResponse,
  type QueryRouterAllowancesResponse,
  type QuerySealedOrdersResponse,
  type QueryTwapResponse,
  type QueryVaultResponse,
} from "#proto/hanzo/hmm/v1/query";
import type { QuoteBundleResponse } from "#proto/hanzo/hmm/v1/route";
import type { Bundle } from "#proto/hanzo/hmm/v1/types";
import { type AbciQuerier, askMethod, type Method } from "./askMethod.ts";
import { quoteBundle } from "./route.ts";

/**
 * Queries of the compute market. Amounts are base units as decimal text; units are those of hanzo/hmm/v1/types.proto.
 * A `paginationKey` is `pagination.nextKey` of the page before.
 */
export interface HmmExtension {
  readonly hmm: {
    readonly params: () => Promise<QueryParamsResponse>;
    /** One pool with its price. */
    readonly pool: (poolId: string) => Promise<QueryPoolResponse>;
    /** A page of pools. */
    readonly pools: (paginationKey?: Uint8Array) => Promise<QueryPoolsResponse>;
    /** What an amount of credit, all fees included, buys. */
    readonly quoteBuy: (poolId: string, creditIn: string) => Promise<QueryQuoteBuyResponse>;
    /** What an exact amount of resource costs. */
    readonly quoteBuyExactOut: (poolId: string, amountOut: string) => Promise<QueryQuoteBuyExactOutResponse>;
    /** What an exact amount of resource brings. */
    readonly quoteSell: (poolId: string, amountIn: string) => Promise<QueryQuoteSellResponse>;
    /** What must be sold for an amount of credit after all fees. */
    readonly quoteSellExactOut: (poolId: string, creditOut: string) => Promise<QueryQuoteSellExactOutResponse>;
    /** Average price of a pool. @param blocks window; left out: the parameters' */
    readonly twap: (poolId: string, blocks?: bigint) => Promise<QueryTwapResponse>;
    /** Outcome of the pool's last batch. */
    readonly batch: (poolId: string) => Promise<QueryBatchResponse>;
    /** One waiting order. */
    readonly order: (orderId: bigint) => Promise<QueryOrderResponse>;
    /** A page of waiting orders. @param poolId left out or empty: of all pools */
    readonly orders: (poolId?: string, paginationKey?: Uint8Array) => Promise<QueryOrdersResponse>;
    /** A page of an account's waiting orders. @param owner bech32 address */
    readonly ordersByOwner: (owner: string, paginationKey?: Uint8Array) => Promise<QueryOrdersByOwnerResponse>;
    /** Round of sealed orders that holds the next block. */
    readonly round: () => Promise<QueryRoundResponse>;
    /** A page of the round's sealed orders. @param sender bech32 address; left out or empty: of all accounts */
    readonly sealedOrders: (sender?: string, paginationKey?: Uint8Array) => Promise<QuerySealedOrdersResponse>;
    /** One capacity commitment. */
    readonly commitment: (commitmentId: bigint) => Promise<QueryCommitmentResponse>;
    /** A page of capacity commitments. @param poolId left out or empty: of all pools */
    readonly commitments: (poolId?: string, paginationKey?: Uint8Array) => Promise<QueryCommitmentsResponse>;
    /** A page of a worker's capacity commitments. @param worker bech32 address */
    readonly commitmentsByWorker: (worker: string, paginationKey?: Uint8Array) => Promise<QueryCommitmentsByWorkerResponse>;
    /** What routers may spend of an account's credit. @param owner bech32 address */
    readonly routerAllowances: (owner: string, paginationKey?: Uint8Array) => Promise<QueryRouterAllowancesResponse>;
    /** The identities that hold in every block. */
    readonly invariants: () => Promise<QueryInvariantsResponse>;
    /** The cheapest way to buy a bundle. @param maxLegs left out or 0: as many as a bundle may have */
    readonly quoteBundle: (bundle: Bundle, maxLegs?: number) => Promise<QuoteBundleResponse>;
    /** One liquidity position. @param owner bech32 address */
    readonly position: (owner: string, poolId: string) => Promise<QueryPositionResponse>;
    /** A page of an owner's positions. @param owner bech32 address */
    readonly positions: (owner: string, paginationKey?: Uint8Array) => Promise<QueryPositionsResponse>;
    /** Credit outstanding and native tokens locked behind it. */
    readonly vault: () => Promise<QueryVaultResponse>;
  };
}

/** Queries of how validators sign, which cosmjs does not hand out. */
export interface SlashingExtension {
  readonly slashing: {
    readonly params: () => Promise<QuerySlashingParamsResponse>;
    /** One validator's record. @param consAddress bech32 consensus address */
    readonly signingInfo: (consAddress: string) => Promise<QuerySigningInfoResponse>;
    /** A page of records. @param paginationKey `pagination.nextKey` of the page before */
    readonly signingInfos: (paginationKey?: Uint8Array) => Promise<QuerySigningInfosResponse>;
  };
}

/** Queries of what validators were tombstoned for, which cosmjs does not have. */
export interface EvidenceExtension {
  readonly evidence: {
    /** One piece of evidence. @param hash hexadecimal */
    readonly evidence: (hash: string) => Promise<QueryEvidenceResponse>;
    /** A page of evidence. @param paginationKey `pagination.nextKey` of the page before */
    readonly allEvidence: (paginationKey?: Uint8Array) => Promise<QueryAllEvidenceResponse>;
  };
}

/** Queries of the node's own settings. */
export interface NodeExtension {
  readonly node: {
    readonly config: () => Promise<ConfigResponse>;
  };
}

/** The compute market's queries for `QueryClient.withExtensions`. */
export function setupHmmExtension(base: AbciQuerier): HmmExtension {
  const { fullName, methods } = QueryDefinition;
  const ask = <Request, Response>(method: Method<Request, Response>, request: Partial<Request>): Promise<Response> =>
    askMethod(base, fullName, method, request);
  return {
    hmm: {
      params: () => ask(methods.params, {}),
      pool: (poolId) => ask(methods.pool, { poolId }),
      pools: (key) => ask(methods.pools, { pagination: createPagination(key) }),
      quoteBuy: (poolId, creditIn) => ask(methods.quoteBuy, { poolId, creditIn }),
      quoteBuyExactOut: (poolId, amountOut) => ask(methods.quoteBuyExactOut, { poolId, amountOut }),
      quoteSell: (poolId, amountIn) => ask(methods.quoteSell, { poolId, amountIn }),
      quoteSellExactOut: (poolId, creditOut) => ask(methods.quoteSellExactOut, { poolId, creditOut }),
      twap: (poolId, blocks = 0n) => ask(methods.twap, { poolId, blocks }),
      batch: (poolId) => ask(methods.batch, { poolId }),
      order: (orderId) => ask(methods.order, { orderId }),
      orders: (poolId = "", key) => ask(methods.orders, { poolId, pagination: createPagination(key) }),
      ordersByOwner: (owner, key) => ask(methods.ordersByOwner, { owner, pagination: createPagination(key) }),
      round: () => ask(methods.round, {}),
      sealedOrders: (sender = "", key) => ask(methods.sealedOrders, { sender, pagination: createPagination(key) }),
      commitment: (commitmentId) => ask(methods.commitment, { commitmentId }),
      commitments: (poolId = "", key) => ask(methods.commitments, { poolId, pagination: createPagination(key) }),
      commitmentsByWorker: (worker, key) => ask(methods.commitmentsByWorker, { worker, pagination: createPagination(key) }),
      routerAllowances: (owner, key) => ask(methods.routerAllowances, { owner, pagination: createPagination(key) }),
      invariants: () => ask(methods.invariants, {}),
      quoteBundle: (bundle, maxLegs) => quoteBundle(base, bundle, maxLegs),
      position: (owner, poolId) => ask(methods.position, { owner, poolId }),
      positions: (owner, key) => ask(methods.positions, { owner, pagination: createPagination(key) }),
      vault: () => ask(methods.vault, {}),
    },
  };
}

/** Queries of signatures for `QueryClient.withExtensions`. */
export function setupSlashingExtension(base: AbciQuerier): SlashingExtension {
  const { fullName, methods } = SlashingQuery;
  return {
    slashing: {
      params: () => askMethod(base, fullName, methods.params, {}),
      signingInfo: (consAddress) => askMethod(base, fullName, methods.signingInfo, { consAddress }),
      signingInfos: (key) => askMethod(base, fullName, methods.signingInfos, { pagination: createPagination(key) }),
    },
  };
}

/** Queries of evidence for `QueryClient.withExtensions`. */
export function setupEvidenceExtension(base: AbciQuerier): EvidenceExtension {
  const { fullName, methods } = EvidenceQuery;
  return {
    evidence: {
      evidence: (hash) => askMethod(base, fullName, methods.evidence, { hash }),
      allEvidence: (key) => askMethod(base, fullName, methods.allEvidence, { pagination: createPagination(key) }),
    },
  };
}

/** The node's own queries for `QueryClient.withExtensions`. */
export function setupNodeExtension(base: QueryClient): NodeExtension {
  return { node: { config: () => askMethod(base, NodeService.fullName, NodeService.methods.config, {}) } };
}

import { createPagination } from "@cosmjs/stargate";
import {
  type QueryAggregateResponse,
  type QueryChildrenResponse,
  QueryDefinition,
  type QueryDomainResponse,
  type QueryDomainsResponse,
  type QueryEntriesRequest,
  type QueryEntriesResponse,
  type QueryEntryByRootResponse,
  type QueryEntryResponse,
  type QueryHoldoutDataResponse,
  type QueryHoldoutResponse,
  type QueryHoldoutsResponse,
  type QueryParamsResponse,
  type QueryParentsResponse,
  type QueryPriorResponse,
  type QueryRoundResponse,
  type QueryRoundsResponse,
  type QuerySchemaResponse,
  type QuerySchemasResponse,
  type QueryShardResponse,
  type QueryTotalsResponse,
  type QueryVotesResponse,
} from "#proto/hanzo/experience/v1/query";
import { type AbciQuerier, askMethod, type Method } from "./askMethod.ts";

/**
 * Queries of the experience registry. Amounts are base units as decimal text; units are those of hanzo/experience/v1/types.proto.
 * A `paginationKey` is `pagination.nextKey` of the page before; an empty schema or domain stands for all.
 */
export interface ExperienceExtension {
  readonly experience: {
    readonly params: () => Promise<QueryParamsResponse>;
    /** One schema. */
    readonly schema: (schema: string) => Promise<QuerySchemaResponse>;
    /** A page of schemas. */
    readonly schemas: (paginationKey?: Uint8Array) => Promise<QuerySchemasResponse>;
    /** One domain. */
    readonly domain: (schema: string, domain: string) => Promise<QueryDomainResponse>;
    /** A page of domains. */
    readonly domains: (schema?: string, paginationKey?: Uint8Array) => Promise<QueryDomainsResponse>;
    /** The active prior with its shard. */
    readonly prior: (schema: string, domain: string) => Promise<QueryPriorResponse>;
    /** One entry. */
    readonly entry: (entryId: bigint) => Promise<QueryEntryResponse>;
    /** A page of entries that match every filter given: submitter, schema, domain, status, roundId. */
    readonly entries: (
      filter?: Partial<Omit<QueryEntriesRequest, "pagination">>,
      paginationKey?: Uint8Array,
    ) => Promise<QueryEntriesResponse>;
    /** The entry that committed to a row root, a source root or the digest of a CID. @param root 32 bytes */
    readonly entryByRoot: (root: Uint8Array) => Promise<QueryEntryByRootResponse>;
    /** What an entry builds upon. */
    readonly parents: (entryId: bigint) => Promise<QueryParentsResponse>;
    /** A page of what builds upon an entry. */
    readonly children: (entryId: bigint, paginationKey?: Uint8Array) => Promise<QueryChildrenResponse>;
    /** A revealed shard, while it is in state. */
    readonly shard: (entryId: bigint) => Promise<QueryShardResponse>;
    /** One round. */
    readonly round: (roundId: bigint) => Promise<QueryRoundResponse>;
    /** A page of rounds. */
    readonly rounds: (schema?: string, domain?: string, paginationKey?: Uint8Array) => Promise<QueryRoundsResponse>;
    /** Result of a round. */
    readonly aggregate: (roundId: bigint) => Promise<QueryAggregateResponse>;
    /** A page of votes. */
    readonly votes: (roundId: bigint, paginationKey?: Uint8Array) => Promise<QueryVotesResponse>;
    /** One holdout set. */
    readonly holdout: (holdoutId: bigint) => Promise<QueryHoldoutResponse>;
    /** Bytes of a revealed set, while they are in state. */
    readonly holdoutData: (holdoutId: bigint) => Promise<QueryHoldoutDataResponse>;
    /** A page of holdout sets. */
    readonly holdouts: (schema?: string, domain?: string, paginationKey?: Uint8Array) => Promise<QueryHoldoutsResponse>;
    /** The registry's books. */
    readonly totals: () => Promise<QueryTotalsResponse>;
  };
}

/** The experience registry's queries for `QueryClient.withExtensions`. */
export function setupExperienceExtension(base: AbciQuerier): ExperienceExtension {
  const { fullName, methods } = QueryDefinition;
  const ask = <Request, Response>(method: Method<Request, Response>, request: Partial<Request>): Promise<Response> =>
    askMethod(base, fullName, method, request);
  return {
    experience: {
      params: () => ask(methods.params, {}),
      schema: (schema) => ask(methods.schema, { schema }),
      schemas: (key) => ask(methods.schemas, { pagination: createPagination(key) }),
      domain: (schema, domain) => ask(methods.domain, { schema, domain }),
      domains: (schema = "", key) => ask(methods.domains, { schema, pagination: createPagination(key) }),
      prior: (schema, domain) => ask(methods.prior, { schema, domain }),
      entry: (entryId) => ask(methods.entry, { entryId }),
      entries: (filter = {}, key) => ask(methods.entries, { ...filter, pagination: createPagination(key) }),
      entryByRoot: (root) => ask(methods.entryByRoot, { root }),
      parents: (entryId) => ask(methods.parents, { entryId }),
      children: (entryId, key) => ask(methods.children, { entryId, pagination: createPagination(key) }),
      shard: (entryId) => ask(methods.shard, { entryId }),
      round: (roundId) => ask(methods.round, { roundId }),
      rounds: (schema = "", domain = "", key) => ask(methods.rounds, { schema, domain, pagination: createPagination(key) }),
      aggregate: (roundId) => ask(methods.aggregate, { roundId }),
      votes: (roundId, key) => ask(methods.votes, { roundId, pagination: createPagination(key) }),
      holdout: (holdoutId) => ask(methods.holdout, { holdoutId }),
      holdoutData: (holdoutId) => ask(methods.holdoutData, { holdoutId }),
      holdouts: (schema = "", domain = "", key) => ask(methods.holdouts, { schema, domain, pagination: createPagination(key) }),
      totals: () => ask(methods.totals, {}),
    },
  };
}

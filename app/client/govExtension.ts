import { createPagination } from "@cosmjs/stargate";
import {
  QueryDefinition as GovQuery,
  type QueryParamsResponse,
  type QueryProposalResponse,
  type QueryProposalsResponse,
  type QueryTallyResultResponse,
  type QueryVotesResponse,
} from "#proto/cosmos/gov/v1/query";
import { type QueryCurrentPlanResponse, QueryDefinition as UpgradeQuery } from "#proto/cosmos/upgrade/v1beta1/query";
import { type AbciQuerier, askMethod } from "./askMethod.ts";

/** Queries of governance in its newer form, which stock cosmjs does not have, and of planned upgrades. */
export interface GovExtension {
  readonly gov: {
    readonly params: () => Promise<QueryParamsResponse>;
    readonly proposal: (proposalId: bigint) => Promise<QueryProposalResponse>;
    /** A page of all proposals. @param paginationKey `pagination.nextKey` of the page before */
    readonly proposals: (paginationKey?: Uint8Array) => Promise<QueryProposalsResponse>;
    /** A page of the votes on an open proposal. */
    readonly votes: (proposalId: bigint, paginationKey?: Uint8Array) => Promise<QueryVotesResponse>;
    /** Votes counted: as of now on an open proposal, else the final result. */
    readonly tally: (proposalId: bigint) => Promise<QueryTallyResultResponse>;
    /** The upgrade that is scheduled; absent when none is. */
    readonly currentPlan: () => Promise<QueryCurrentPlanResponse>;
  };
}

/** Governance for `QueryClient.withExtensions`. */
export function setupGovExtension(base: AbciQuerier): GovExtension {
  const { fullName, methods } = GovQuery;
  return {
    gov: {
      params: () => askMethod(base, fullName, methods.params, {}),
      proposal: (proposalId) => askMethod(base, fullName, methods.proposal, { proposalId }),
      proposals: (key) => askMethod(base, fullName, methods.proposals, { pagination: createPagination(key) }),
      votes: (proposalId, key) => askMethod(base, fullName, methods.votes, { proposalId, pagination: createPagination(key) }),
      tally: (proposalId) => askMethod(base, fullName, methods.tallyResult, { proposalId }),
      currentPlan: () => askMethod(base, UpgradeQuery.fullName, UpgradeQuery.methods.currentPlan, {}),
    },
  };
}

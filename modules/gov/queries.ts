import type { PageResponse } from "#proto/cosmos/base/query/v1beta1/pagination";
import type { Params, Proposal, TallyResult } from "#proto/cosmos/gov/v1/gov";
import type { QueryDefinition, QueryParamsResponse, QueryProposalsRequest } from "#proto/cosmos/gov/v1/query";
import { AddressError, invalidArgument, notFound, paginate, type QueryHandlers, type ReadCtx } from "#sdk";
import { type Gov, STATUS } from "./gov.ts";
import { tallyTexts } from "./tally.ts";
import { tallyProposal } from "./tallyProposal.ts";

/** Handlers of `cosmos.gov.v1.Query`. */
export function createQueries(gov: Gov): Required<QueryHandlers<typeof QueryDefinition>> {
  const { state } = gov;
  return {
    constitution: (ctx) => ({ constitution: state.constitution.find(ctx) ?? "" }),
    proposal: (ctx, { proposalId }) => ({ proposal: findProposal(gov, ctx, proposalId) }),
    proposals: (ctx, req) => listProposals(gov, ctx, req),
    vote(ctx, { proposalId, voter }) {
      requireId(proposalId);
      if (voter === "") throw invalidArgument("empty voter address");
      const vote = state.votes.find(ctx, [proposalId, requireAddress(gov, voter)]);
      if (vote === undefined) throw invalidArgument(`voter: ${voter} not found for proposal: ${proposalId}`);
      return { vote };
    },
    votes(ctx, { proposalId, pagination: page }) {
      requireId(proposalId);
      const { items, pagination } = paginate(ctx, state.votes, page, { first: proposalId });
      return { votes: items.map(([, vote]) => vote), pagination };
    },
    params: (ctx, { paramsType }) => ({ ...oldForm(gov.params.get(ctx), paramsType), params: gov.params.get(ctx) }),
    deposit(ctx, { proposalId, depositor }) {
      requireId(proposalId);
      if (depositor === "") throw invalidArgument("empty depositor address");
      const payer = requireAddress(gov, depositor);
      const deposit = state.deposits.find(ctx, [proposalId, payer]);
      if (deposit === undefined)
        throw notFound(
          `collections: not found: key '("${proposalId}", "${payer}")' of type github.com/cosmos/gogoproto/cosmos.gov.v1.Deposit`,
        );
      return { deposit };
    },
    deposits(ctx, { proposalId, pagination: page }) {
      requireId(proposalId);
      const { items, pagination } = paginate(ctx, state.deposits, page, { first: proposalId });
      return { deposits: items.map(([, deposit]) => deposit), pagination };
    },
    tallyResult: (ctx, { proposalId }) => ({ tally: tallyOf(gov, ctx, findProposal(gov, ctx, proposalId)) }),
  };
}

/** A page of proposals. */
export function listProposals(
  gov: Gov,
  ctx: ReadCtx,
  { proposalStatus, voter, depositor, pagination: page }: QueryProposalsRequest,
): { proposals: Proposal[]; pagination: PageResponse } {
  // A status that is none counts as none given, as in the SDK.
  const wanted = Object.values<number>(STATUS).includes(proposalStatus) ? proposalStatus : undefined;
  const { items, pagination } = paginate(ctx, gov.state.proposals, page, {
    // As in the SDK addresses are read where there is a proposal to look at.
    filter(id, proposal) {
      const isVoted = voter === "" || gov.state.votes.has(ctx, [id, requireAddress(gov, voter)]);
      const isPaid = depositor === "" || gov.state.deposits.has(ctx, [id, requireAddress(gov, depositor)]);
      return isVoted && isPaid && (wanted === undefined || proposal.status === wanted);
    },
  });
  return { proposals: items.map(([, proposal]) => proposal), pagination };
}

/** @throws QueryError InvalidArgument for 0, NotFound */
export function findProposal({ state }: Gov, ctx: ReadCtx, id: bigint): Proposal {
  requireId(id);
  const proposal = state.proposals.find(ctx, id);
  if (proposal === undefined) throw notFound(`proposal ${id} doesn't exist`);
  return proposal;
}

/** Counted as of now while a proposal is voted on, else what it came to. */
export function tallyOf(gov: Gov, ctx: ReadCtx, proposal: Proposal): TallyResult | undefined {
  return proposal.status === STATUS.votingPeriod ? tallyTexts(tallyProposal(gov, ctx, proposal)) : proposal.finalTallyResult;
}

/** One group of the parameters as older clients ask for it. @throws QueryError InvalidArgument for the name of no group */
export function oldForm(params: Params, group: string): Omit<Partial<QueryParamsResponse>, "params"> {
  const { minDeposit, maxDepositPeriod, votingPeriod, quorum, threshold, vetoThreshold } = params;
  switch (group) {
    case "":
      return {};
    case "deposit":
      return { depositParams: { minDeposit, maxDepositPeriod } };
    case "voting":
      return { votingParams: { votingPeriod } };
    case "tallying":
      return { tallyParams: { quorum, threshold, vetoThreshold } };
    default:
      throw invalidArgument(`unknown params type: ${group}`);
  }
}

function requireId(id: bigint): void {
  if (id === 0n) throw invalidArgument("proposal id can not be 0");
}

function requireAddress({ address }: Gov, text: string): string {
  try {
    return address.canonical(text);
  } catch (cause) {
    if (cause instanceof AddressError) throw invalidArgument(cause.message);
    throw cause;
  }
}

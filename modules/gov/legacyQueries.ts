import type { Proposal, TallyResult, Vote } from "#proto/cosmos/gov/v1/gov";
import { QueryProposalsRequest } from "#proto/cosmos/gov/v1/query";
import { MsgExecLegacyContent } from "#proto/cosmos/gov/v1/tx";
import type { Proposal as OldProposal, TallyResult as OldTally, Vote as OldVote } from "#proto/cosmos/gov/v1beta1/gov";
import type { QueryDefinition } from "#proto/cosmos/gov/v1beta1/query";
import { invalidArgument, parseDecimal, type QueryHandlers, sdkError } from "#sdk";
import type { Gov } from "./gov.ts";
import { createQueries, findProposal, listProposals, oldForm, tallyOf } from "./queries.ts";

/** Handlers of `cosmos.gov.v1beta1.Query`: what is there, in the form that older clients read. */
export function createLegacyQueries(gov: Gov): Required<QueryHandlers<typeof QueryDefinition>> {
  const queries = createQueries(gov);
  return {
    proposal: (ctx, { proposalId }) => ({ proposal: oldProposal(findProposal(gov, ctx, proposalId)) }),
    proposals(ctx, { proposalStatus, voter, depositor, pagination: page }) {
      const req = QueryProposalsRequest.fromPartial({ proposalStatus, voter, depositor });
      const { proposals, pagination } = listProposals(gov, ctx, { ...req, pagination: page });
      // A proposal that has no old form must not hide the others of its page.
      return { proposals: proposals.filter(hasOldForm).map(oldProposal), pagination };
    },
    vote(ctx, req) {
      const { vote } = queries.vote(ctx, req);
      return { vote: vote === undefined ? undefined : oldVote(vote) };
    },
    votes(ctx, req) {
      const { votes = [], pagination } = queries.votes(ctx, req);
      return { votes: votes.map(oldVote), pagination };
    },
    params: (ctx, { paramsType }) => oldParams(paramsType, oldForm(gov.params.get(ctx), paramsType)),
    deposit: (ctx, req) => queries.deposit(ctx, req),
    deposits: (ctx, req) => queries.deposits(ctx, req),
    tallyResult: (ctx, { proposalId }) => ({ tally: oldTally(tallyOf(gov, ctx, findProposal(gov, ctx, proposalId))) }),
  };
}

function hasOldForm({ messages }: Proposal): boolean {
  return messages.length === 1;
}

/** 0001-01-01T00:00:00Z: Go's time that was never set. */
const NEVER = { seconds: -62_135_596_800n, nanos: 0 };

/** @throws sdk/29 unless the proposal has exactly one message, which stands as its content */
function oldProposal(proposal: Proposal): OldProposal {
  const [message] = proposal.messages;
  if (message === undefined || !hasOldForm(proposal))
    throw sdkError.invalidType("can't convert a gov/v1 Proposal to gov/v1beta1 Proposal when amount of proposal messages not exactly one");
  const isLegacy = message.typeUrl === `/${MsgExecLegacyContent.$type}`;
  return {
    proposalId: proposal.id,
    content: isLegacy ? MsgExecLegacyContent.decode(message.value).content : message,
    status: proposal.status,
    finalTallyResult: oldTally(proposal.finalTallyResult),
    submitTime: proposal.submitTime ?? NEVER,
    depositEndTime: proposal.depositEndTime ?? NEVER,
    totalDeposit: proposal.totalDeposit,
    votingStartTime: proposal.votingStartTime ?? NEVER,
    votingEndTime: proposal.votingEndTime ?? NEVER,
  };
}

function oldTally(tally: TallyResult | undefined): OldTally {
  const { yesCount = "0", abstainCount = "0", noCount = "0", noWithVetoCount = "0" } = tally ?? {};
  return { yes: yesCount, abstain: abstainCount, no: noCount, noWithVeto: noWithVetoCount };
}

function oldVote({ proposalId, voter, options }: Vote): OldVote {
  return {
    proposalId,
    voter,
    option: 0,
    options: options.map(({ option, weight }) => ({ option, weight: parseDecimal(weight).toString() })),
  };
}

/** All three groups, those that were not asked for with zeros. @throws QueryError InvalidArgument when none was asked for */
function oldParams(group: string, { depositParams, votingParams, tallyParams }: ReturnType<typeof oldForm>) {
  if (group === "") throw invalidArgument(" is not a valid parameter type");
  const nothing = { seconds: 0n, nanos: 0 };
  const share = (text = "0"): Uint8Array => new TextEncoder().encode(parseDecimal(text).toString());
  return {
    votingParams: { votingPeriod: votingParams?.votingPeriod ?? nothing },
    depositParams: { minDeposit: depositParams?.minDeposit ?? [], maxDepositPeriod: depositParams?.maxDepositPeriod ?? nothing },
    tallyParams: {
      quorum: share(tallyParams?.quorum),
      threshold: share(tallyParams?.threshold),
      vetoThreshold: share(tallyParams?.vetoThreshold),
    },
  };
}

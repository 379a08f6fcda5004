import type { MsgCancelProposal, MsgCancelProposalResponse } from "#proto/cosmos/gov/v1/tx";
import { type Ctx, timestampNs, toTimestamp } from "#sdk";
import { chargeDeposits } from "./deposit.ts";
import { deleteProposal, type Gov, getProposal, isOpen } from "./gov.ts";

/** MsgCancelProposal: the proposer takes an open proposal back; a share of all deposits is lost. */
export function cancelProposal(gov: Gov, ctx: Ctx, { proposalId, proposer }: MsgCancelProposal): MsgCancelProposalResponse {
  const proposal = getProposal(gov, ctx, proposalId);
  if (proposal.proposer === "")
    throw gov.err.invalidProposal(`proposal ${proposalId} doesn't have proposer ${proposer}, so cannot be canceled`);
  if (proposal.proposer !== gov.address.canonical(proposer)) throw gov.err.invalidProposer(`invalid proposer ${proposer}`);
  if (!isOpen(proposal)) throw gov.err.invalidProposal("proposal should be in the deposit or voting period");
  if (proposal.votingEndTime !== undefined && timestampNs(proposal.votingEndTime) < ctx.timeNs)
    throw gov.err.votingEnded(`voting period is already ended for this proposal ${proposalId}`);
  chargeDeposits(gov, ctx, proposalId, gov.params.get(ctx));
  for (const [at] of [...gov.state.votes.under(ctx, proposalId)]) gov.state.votes.delete(ctx, at);
  deleteProposal(gov, ctx, proposal);
  ctx.event("cancel_proposal", [
    ["sender", proposer],
    ["proposal_id", String(proposalId)],
  ]);
  return { proposalId, canceledTime: toTimestamp(ctx.timeNs), canceledHeight: ctx.height };
}

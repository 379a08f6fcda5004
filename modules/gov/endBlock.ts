import type { Proposal } from "#proto/cosmos/gov/v1/gov";
import { type Ctx, durationNs, timestampNs, toTimestamp } from "#sdk";
import { burnDeposits, refundDeposits } from "./deposit.ts";
import { executeMessages } from "./execute.ts";
import { deleteProposal, type Gov, getProposal, STATUS, setProposal } from "./gov.ts";
import { tallyTexts } from "./tally.ts";
import { tallyProposal } from "./tallyProposal.ts";

/** Closes what is due: proposals that did not come to their deposit, then those whose vote is over, by time and number. */
export function endBlock(gov: Gov, ctx: Ctx): void {
  for (const id of dueProposals(gov.state.inactive, ctx)) dropProposal(gov, ctx, getProposal(gov, ctx, id));
  for (const id of dueProposals(gov.state.active, ctx)) closeVote(gov, ctx, getProposal(gov, ctx, id));
}

/** Numbers in a queue whose time has come; read before any of them is closed, which may queue it again. */
function dueProposals(queue: Gov["state"]["active"], ctx: Ctx): readonly bigint[] {
  const due: bigint[] = [];
  const next = queue.first(ctx);
  if (next === undefined || next[0] > ctx.timeNs) return due;
  for (const [[time], id] of queue.entries(ctx)) {
    if (time > ctx.timeNs) break;
    due.push(id);
  }
  return due;
}

function dropProposal(gov: Gov, ctx: Ctx, proposal: Proposal): void {
  const { id } = proposal;
  deleteProposal(gov, ctx, proposal);
  if (gov.params.get(ctx).burnProposalDepositPrevote) burnDeposits(gov, ctx, id);
  else refundDeposits(gov, ctx, id);
  ctx.event("inactive_proposal", [
    ["proposal_id", String(id)],
    ["proposal_result", "proposal_dropped"],
  ]);
}

function closeVote(gov: Gov, ctx: Ctx, proposal: Proposal): void {
  const { id, expedited, votingEndTime } = proposal;
  const tally = tallyProposal(gov, ctx, proposal);
  for (const [at] of [...gov.state.votes.under(ctx, id)]) gov.state.votes.delete(ctx, at);
  // An expedited proposal that fails is voted on once more, as an ordinary one: its deposits stay.
  if (!expedited || tally.passes) {
    if (tally.burns) burnDeposits(gov, ctx, id);
    else refundDeposits(gov, ctx, id);
  }
  gov.state.active.delete(ctx, [timestampNs(votingEndTime), id]);
  const { change, result, log } = decide(gov, ctx, proposal, tally.passes);
  setProposal(gov, ctx, { ...proposal, ...change, finalTallyResult: tallyTexts(tally) });
  ctx.event("active_proposal", [
    ["proposal_id", String(id)],
    ["proposal_result", result],
    ["proposal_log", log],
  ]);
}

/** What a vote changes of its proposal, and how it is told. */
interface Decision {
  readonly change: Partial<Proposal>;
  readonly result: string;
  readonly log: string;
}

function decide(gov: Gov, ctx: Ctx, proposal: Proposal, passes: boolean): Decision {
  if (passes) return execute(gov, ctx, proposal);
  if (proposal.expedited) return voteAgain(gov, ctx, proposal);
  const failedReason = "proposal did not get enough votes to pass";
  return { change: { status: STATUS.rejected, failedReason }, result: "proposal_rejected", log: "rejected" };
}

function execute(gov: Gov, ctx: Ctx, { messages }: Proposal): Decision {
  const execution = executeMessages(gov, ctx, messages);
  if (!execution.ok)
    return { change: { status: STATUS.failed, failedReason: execution.reason }, result: "proposal_failed", log: execution.log };
  for (const { type, attributes } of execution.events)
    ctx.event(
      type,
      attributes.map(({ key, value }) => [key, value]),
    );
  return { change: { status: STATUS.passed }, result: "proposal_passed", log: "passed" };
}

/** The ordinary period counts from the beginning of the first vote. */
function voteAgain(gov: Gov, ctx: Ctx, { id, votingStartTime }: Proposal): Decision {
  const end = timestampNs(votingStartTime) + durationNs(gov.params.get(ctx).votingPeriod);
  gov.state.active.set(ctx, [end, id], id);
  return {
    change: { expedited: false, votingEndTime: toTimestamp(end) },
    result: "expedited_proposal_rejected",
    log: "expedited proposal converted to regular",
  };
}

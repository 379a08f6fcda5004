import { EventChallengeFailed, EventSlashed } from "#proto/hanzo/experience/v1/events";
import type { MsgSlashVote, MsgSlashVoteResponse } from "#proto/hanzo/experience/v1/tx";
import { Fault, RoundStage } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { experienceError } from "../errors.ts";
import { escrow, forfeit, refund } from "../ledger.ts";
import { amountsOf } from "../params.ts";
import { getRound, type Registry } from "../registry.ts";
import { requireStage } from "../round/stage.ts";
import { getVote, opensVote } from "../vote/openVote.ts";
import { faultName } from "./fault.ts";

/**
 * Judges that somebody knew a vote before votes are revealed: whoever shows it lets others copy it, and loses the vote and its bond.
 * @throws experience/11 once votes are revealed, experience/12, experience/26; experience/27 for the voter itself, or when the bond is lost already;
 * sdk/5 the challenger lacks the stake
 */
export function slashVote(registry: Registry, ctx: Ctx, request: MsgSlashVote): MsgSlashVoteResponse {
  const { challenger, roundId, voter } = request;
  const params = registry.params.get(ctx);
  requireStage(getRound(registry, ctx, roundId), RoundStage.ROUND_STAGE_VOTE);
  if (challenger === voter) throw experienceError.invalidVote("challenger: expected another account than the voter");
  const vote = getVote(registry, ctx, roundId, voter);
  const bond = BigInt(vote.bond);
  if (bond === 0n) throw experienceError.invalidVote(`round ${roundId}: expected a vote with its bond, got one that was slashed`);
  const stake = amountsOf(params).challengeStake;
  escrow(registry, ctx, challenger, stake);
  if (!opensVote(registry, ctx, vote, request)) {
    forfeit(registry, ctx, params, stake);
    ctx.emit(EventChallengeFailed, { entryId: 0n, roundId, challenger, stake: stake.toString() });
    return { upheld: false, bounty: "0", reason: "scores and salt are not those of the committed hash" };
  }
  refund(registry, ctx, challenger, stake);
  const bounty = forfeit(registry, ctx, params, bond, challenger).bounty.toString();
  const fault = Fault.FAULT_VOTE_LEAKED;
  registry.state.votes.set(ctx, [roundId, voter], { ...vote, bond: "0", fault });
  ctx.emit(EventSlashed, { entryId: 0n, roundId, offender: voter, fault: faultName(fault), bond: vote.bond, bounty });
  return { upheld: true, bounty, reason: "" };
}

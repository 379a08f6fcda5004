import { EventVoteCommitted } from "#proto/hanzo/experience/v1/events";
import type { MsgCommitVote, MsgCommitVoteResponse } from "#proto/hanzo/experience/v1/tx";
import { RoundStage, Vote } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { experienceError } from "../errors.ts";
import { escrow } from "../ledger.ts";
import { amountsOf } from "../params.ts";
import { getRound, type Registry } from "../registry.ts";
import { requireStage } from "../round/stage.ts";
import { requireVoter } from "../stake.ts";

/**
 * Commits a validator to its scores of a round and takes the bond of the vote.
 * @throws experience/11, experience/12, experience/24; experience/25 for a second vote; sdk/5 the voter lacks the bond
 */
export function commitVote(registry: Registry, ctx: Ctx, { voter, roundId, hash }: MsgCommitVote): MsgCommitVoteResponse {
  const { state, params } = registry;
  const round = getRound(registry, ctx, roundId);
  requireStage(round, RoundStage.ROUND_STAGE_VOTE);
  requireVoter(registry, ctx, voter);
  if (state.votes.has(ctx, [roundId, voter]))
    throw experienceError.alreadyVoted(`round ${roundId}: expected one vote of ${voter}, got a second`);
  const bond = amountsOf(params.get(ctx)).voteBond;
  escrow(registry, ctx, voter, bond);
  state.votes.set(ctx, [roundId, voter], Vote.fromPartial({ roundId, voter, hash, power: "0", bond: bond.toString() }));
  state.rounds.set(ctx, roundId, { ...round, votes: round.votes + 1 });
  ctx.emit(EventVoteCommitted, { roundId, voter });
  return { revealFrom: round.voteEnd, revealEnd: round.voteRevealEnd };
}

import { EventVoteRevealed } from "#proto/hanzo/experience/v1/events";
import type { MsgRevealVote, MsgRevealVoteResponse } from "#proto/hanzo/experience/v1/tx";
import { RoundStage } from "#proto/hanzo/experience/v1/types";
import { type Ctx, toHex } from "#sdk";
import { experienceError } from "../errors.ts";
import { refund } from "../ledger.ts";
import { getRound, type Registry } from "../registry.ts";
import { requireStage } from "../round/stage.ts";
import { findVoter } from "../stake.ts";
import { getVote, opensVote } from "./openVote.ts";

/**
 * Shows committed scores and returns the vote's bond. They count with the stake that the validator has now; a validator that left the set
 * has its bond back, and counts nothing.
 * @throws experience/11, experience/12, experience/26; experience/25 for a second reveal; experience/27 another hash, or an entry that the
 * round has not revealed
 */
export function revealVote(registry: Registry, ctx: Ctx, request: MsgRevealVote): MsgRevealVoteResponse {
  const { state } = registry;
  const { voter, roundId, scores } = request;
  const round = getRound(registry, ctx, roundId);
  requireStage(round, RoundStage.ROUND_STAGE_VOTE_REVEAL);
  const vote = getVote(registry, ctx, roundId, voter);
  if (vote.revealed) throw experienceError.alreadyVoted(`round ${roundId}: expected one reveal of ${voter}, got a second`);
  if (BigInt(vote.bond) === 0n) throw experienceError.invalidVote(`round ${roundId}: the vote of ${voter} was shown before its time`);
  if (!opensVote(registry, ctx, vote, request))
    throw experienceError.invalidVote(`expected scores and salt of the committed hash ${toHex(vote.hash)}, got others`);
  for (const { entryId } of scores)
    if (!state.shards.has(ctx, [roundId, entryId]))
      throw experienceError.invalidVote(`scores: expected revealed entries of round ${roundId}, got ${entryId}`);
  refund(registry, ctx, voter, BigInt(vote.bond));
  const power = (findVoter(registry, ctx, voter)?.tokens ?? 0n).toString();
  state.votes.set(ctx, [roundId, voter], { ...vote, revealed: true, scores, power, bond: "0" });
  state.rounds.set(ctx, roundId, { ...round, votesRevealed: round.votesRevealed + 1 });
  ctx.emit(EventVoteRevealed, { roundId, voter, scores: scores.length });
  return { power };
}

import type { Score, Vote } from "#proto/hanzo/experience/v1/types";
import { equalBytes, type ReadCtx } from "#sdk";
import { experienceError } from "../errors.ts";
import type { Registry } from "../registry.ts";
import { voteHash } from "./hash.ts";

/** What somebody says a vote is. */
export interface VoteOpening {
  readonly roundId: bigint;
  readonly voter: string;
  readonly scores: readonly Score[];
  readonly salt: Uint8Array;
}

/** The commitment of a voter. @throws experience/26 */
export function getVote({ state }: Registry, ctx: ReadCtx, roundId: bigint, voter: string): Vote {
  const vote = state.votes.find(ctx, [roundId, voter]);
  if (vote === undefined) throw experienceError.unknownVote(`round ${roundId}: expected a committed vote of ${voter}, got none`);
  return vote;
}

/** Whether scores and salt are what a vote committed to. */
export function opensVote({ address }: Registry, ctx: ReadCtx, vote: Vote, { roundId, voter, scores, salt }: VoteOpening): boolean {
  return equalBytes(vote.hash, voteHash({ chainId: ctx.chainId, roundId, voter: address.parse(voter), scores, salt }));
}

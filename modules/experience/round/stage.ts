// Stages of a round, and the heights at which they end.

import { EventRoundStage } from "#proto/hanzo/experience/v1/events";
import { type Round, RoundStage } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { experienceError } from "../errors.ts";
import type { Registry } from "../registry.ts";

/** Names of stages in events and texts. */
const STAGE_NAMES: Readonly<Record<RoundStage, string>> = {
  [RoundStage.ROUND_STAGE_UNSPECIFIED]: "unspecified",
  [RoundStage.ROUND_STAGE_COMMIT]: "commit",
  [RoundStage.ROUND_STAGE_REVEAL]: "reveal",
  [RoundStage.ROUND_STAGE_VOTE]: "vote",
  [RoundStage.ROUND_STAGE_VOTE_REVEAL]: "vote_reveal",
  [RoundStage.ROUND_STAGE_AGGREGATE]: "aggregate",
  [RoundStage.ROUND_STAGE_CHALLENGE]: "challenge",
  [RoundStage.ROUND_STAGE_SETTLE]: "settle",
  [RoundStage.ROUND_STAGE_CLOSED]: "closed",
  [RoundStage.UNRECOGNIZED]: "unknown",
};

/** First height that no longer belongs to the round's stage; 0 when the round is closed. Settling goes on from the end of the challenges. */
export function stageEnd(round: Round): bigint {
  switch (round.stage) {
    case RoundStage.ROUND_STAGE_COMMIT:
      return round.commitEnd;
    case RoundStage.ROUND_STAGE_REVEAL:
      return round.revealEnd;
    case RoundStage.ROUND_STAGE_VOTE:
      return round.voteEnd;
    case RoundStage.ROUND_STAGE_VOTE_REVEAL:
      return round.voteRevealEnd;
    case RoundStage.ROUND_STAGE_AGGREGATE:
      return round.applyHeight;
    case RoundStage.ROUND_STAGE_CHALLENGE:
    case RoundStage.ROUND_STAGE_SETTLE:
      return round.challengeEnd;
    default:
      return 0n;
  }
}

/** Whether a round still has something to do. */
export function isRunning(round: Round): boolean {
  return round.stage !== RoundStage.ROUND_STAGE_CLOSED;
}

/** @throws experience/11 naming both stages, and when the present one ends */
export function requireStage(round: Round, ...wanted: readonly RoundStage[]): void {
  if (wanted.includes(round.stage)) return;
  const names = wanted.map((stage) => STAGE_NAMES[stage]).join(" or ");
  const until = isRunning(round) ? ` until height ${stageEnd(round)}` : "";
  throw experienceError.wrongStage(`round ${round.id}: expected stage ${names}, got ${STAGE_NAMES[round.stage]}${until}`);
}

/** Brings a round into a stage, and puts the end of that stage on the calendar. @returns the round as stored */
export function enterStage({ state }: Registry, ctx: Ctx, before: Round, stage: RoundStage): Round {
  const round = { ...before, stage };
  const known = state.due.has(ctx, [stageEnd(before), before.id]);
  if (known) state.due.delete(ctx, [stageEnd(before), before.id]);
  if (isRunning(round)) state.due.set(ctx, [stageEnd(round), round.id], true);
  const change = (isRunning(round) ? 1n : 0n) - (known ? 1n : 0n);
  if (change !== 0n) state.running.set(ctx, state.running.get(ctx) + change);
  state.rounds.set(ctx, round.id, round);
  const settles = stage === RoundStage.ROUND_STAGE_SETTLE;
  ctx.emit(EventRoundStage, {
    roundId: round.id,
    schema: round.schema,
    domain: round.domain,
    stage: STAGE_NAMES[stage],
    until: settles ? 0n : stageEnd(round),
  });
  return round;
}

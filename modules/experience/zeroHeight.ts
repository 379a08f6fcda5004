// What the registry changes of its state so that a chain can begin from it at height 1 (`hanzod export --for-zero-height`).

import type { Ctx } from "#sdk";
import type { Registry } from "./registry.ts";
import { isRunning, stageEnd } from "./round/stage.ts";

/** Height at which all rounds of the copy began. */
const START = 1n;

/**
 * Counts every height from the context's one: what would happen so many blocks later still does, and what has happened lies at height 0 or 1. Bonds
 * and balances stay as they are.
 * @param ctx at the last block of the chain that is exported, between two blocks
 */
export function prepareZeroHeight({ state }: Registry, ctx: Ctx): void {
  const left = (height: bigint, least: bigint): bigint => (height - ctx.height > least ? height - ctx.height : least);
  moveHoldouts({ state }, ctx);
  for (const [at] of [...state.due.entries(ctx)]) state.due.delete(ctx, at);
  for (const [id, round] of [...state.rounds.entries(ctx)]) {
    const moved = {
      ...round,
      startHeight: START,
      commitEnd: left(round.commitEnd, 1n),
      revealEnd: left(round.revealEnd, 1n),
      voteEnd: left(round.voteEnd, 1n),
      voteRevealEnd: left(round.voteRevealEnd, 1n),
      applyHeight: left(round.applyHeight, 1n),
      challengeEnd: left(round.challengeEnd, 1n),
    };
    state.rounds.set(ctx, id, moved);
    if (isRunning(moved)) state.due.set(ctx, [stageEnd(moved), id], true);
  }
  for (const [id, entry] of [...state.entries.entries(ctx)]) state.entries.set(ctx, id, { ...entry, submittedHeight: 0n });
  for (const [id, aggregate] of [...state.aggregates.entries(ctx)]) state.aggregates.set(ctx, id, { ...aggregate, height: 0n });
  if (state.blockBytes.find(ctx) !== undefined) state.blockBytes.set(ctx, { height: 0n, bytes: 0n });
}

/** A set that was committed before an open round began can still be drawn for it, a later one cannot. */
function moveHoldouts({ state }: Pick<Registry, "state">, ctx: Ctx): void {
  for (const [id, holdout] of [...state.holdouts.entries(ctx)]) {
    const { openRound } = state.domains.get(ctx, [holdout.schema, holdout.domain]);
    const start = openRound === 0n ? undefined : state.rounds.get(ctx, openRound).startHeight;
    state.holdouts.set(ctx, id, { ...holdout, height: start !== undefined && holdout.height >= start ? START : 0n });
  }
}

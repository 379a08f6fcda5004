// Rounds of sealed orders follow each other without a gap: commits first, then reveals, and the batch of the last block clears them.

import type { Round } from "#proto/hanzo/hmm/v1/types";
import type { Ctx, ReadCtx } from "#sdk";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";

/** What a block takes: commits or reveals. */
export type Phase = "commit" | "reveal";

/** First height at which orders of a round are revealed. */
export function revealFrom({ startHeight, commitBlocks }: Round): bigint {
  return startHeight + commitBlocks;
}

/** Last height of a round: the last one for reveals, and the one whose batch clears them. */
export function roundEnd(round: Round): bigint {
  return revealFrom(round) + round.revealBlocks - 1n;
}

/** Whether a height belongs to a round. */
export function holdsHeight(round: Round, height: bigint): boolean {
  return round.startHeight <= height && height <= roundEnd(round);
}

/** Phase of a round. @param height one of the round's */
export function phase(round: Round, height: bigint): Phase {
  return height < revealFrom(round) ? "commit" : "reveal";
}

/**
 * Round that holds a height: the stored one, or the one that begins at this height with the present parameters.
 * @param height that of the block being executed, or for queries the next one
 */
export function roundAt({ state, params }: Market, ctx: ReadCtx, height: bigint): Round {
  const stored = state.round.find(ctx);
  if (stored !== undefined && holdsHeight(stored, height)) return stored;
  const { commitBlocks, revealBlocks } = params.get(ctx);
  return { id: (stored?.id ?? 0n) + 1n, startHeight: height, commitBlocks, revealBlocks, sealed: 0 };
}

/** Round of the block being executed. */
function currentRound(market: Market, ctx: ReadCtx): Round {
  return roundAt(market, ctx, ctx.height);
}

/**
 * Begins the next round where the last one has ended; called at the beginning of every block. A round keeps the parameters with which it
 * began, so a change of them never moves the end of a running one.
 */
export function advanceRound(market: Market, ctx: Ctx): void {
  const round = currentRound(market, ctx);
  if (round.startHeight === ctx.height) market.state.round.set(ctx, round);
}

/**
 * Round of the block being executed, if it is in a phase.
 * @throws hmm/22 naming the height from which it is
 */
export function requirePhase(market: Market, ctx: ReadCtx, wanted: Phase): Round {
  const round = currentRound(market, ctx);
  if (phase(round, ctx.height) === wanted) return round;
  const from = wanted === "reveal" ? revealFrom(round) : roundEnd(round) + 1n;
  throw hmmError.wrongPhase(`round ${round.id}: expected a ${wanted} from height ${from} on, got one at height ${ctx.height}`);
}

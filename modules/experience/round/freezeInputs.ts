import { type Entry, EntryStatus, type Round, RoundStage } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { closeHoldout } from "../holdout/closeHoldout.ts";
import { aggregateParamsOf } from "../params.ts";
import type { Registry } from "../registry.ts";
import { endVotes } from "../vote/endVotes.ts";
import { type Tally, tallyVotes } from "../vote/tallyVotes.ts";
import { releaseDomain } from "./releaseDomain.ts";
import { computationId, roundInput } from "./roundInput.ts";
import { enterStage } from "./stage.ts";

/**
 * End of the votes: from here on nothing changes what the aggregate is made of. Its inputs and parameters are written down, and the kernels begin
 * on another thread; the state machine takes the result at the height that was known from the beginning.
 */
export function freezeInputs(registry: Registry, ctx: Ctx, before: Round): void {
  const { state, ports } = registry;
  const params = registry.params.get(ctx);
  const votes = endVotes(registry, ctx, before);
  closeHoldout(registry, ctx, before);
  const entries = [...state.entries.by.round(ctx, before.id)]
    .map(([, entry]) => entry)
    .filter(({ status }) => status === EntryStatus.ENTRY_STATUS_REVEALED);
  if (entries.length === 0) {
    releaseDomain(registry, ctx, before);
    enterStage(registry, ctx, { ...before, challengeEnd: ctx.height }, RoundStage.ROUND_STAGE_SETTLE);
    return;
  }
  const tallies = tallyVotes(registry, ctx, entries, votes);
  const weights = weigh(registry, entries, tallies, { capBps: params.stakeCapBps, qMin: params.minQuality });
  entries.forEach((entry, i) => {
    const { quality, voted } = tallies[i] as Tally;
    state.entries.set(ctx, entry.id, { ...entry, quality, qualityVoted: voted, weight: weights[i] as number });
  });
  const frozen: Round = {
    ...before,
    inputEntries: entries.map(({ id }) => id),
    inputWeights: weights,
    aggregateParams: aggregateParamsOf(params),
  };
  const round = enterStage(registry, ctx, frozen, RoundStage.ROUND_STAGE_AGGREGATE);
  ports.kernels.begin(computationId(ctx, round), roundInput(registry, ctx, round));
}

/** Several entries of one submitter share its stake, so that they weigh no more than one. */
function weigh(
  { ports }: Registry,
  entries: readonly Entry[],
  tallies: readonly Tally[],
  params: { readonly capBps: number; readonly qMin: number },
): number[] {
  const shared = new Map<string, bigint>();
  for (const { submitter } of entries) shared.set(submitter, (shared.get(submitter) ?? 0n) + 1n);
  const stakes = entries.map(({ stake, submitter }) => BigInt(stake) / (shared.get(submitter) ?? 1n));
  const qualities = tallies.map(({ quality }) => quality);
  return Array.from(ports.kernels.weights(stakes, qualities, params));
}

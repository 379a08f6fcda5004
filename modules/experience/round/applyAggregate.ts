import { EventAggregated } from "#proto/hanzo/experience/v1/events";
import { type Aggregate, type Round, RoundStage } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { useHoldout } from "../holdout/closeHoldout.ts";
import type { RoundInput, RoundResult } from "../port.ts";
import { getDomain, type Registry } from "../registry.ts";
import { computationId, requireSoundResult, roundInput } from "./roundInput.ts";
import { enterStage } from "./stage.ts";

/**
 * The height of the aggregate: takes the kernels' result, waiting for it if need be, checks it against itself, and makes it the active prior
 * unless no honest majority agreed. The domain is free for its next round, while entries of this one can still be challenged.
 * @throws Error that stops the node when the result is not sound
 */
export function applyAggregate(registry: Registry, ctx: Ctx, round: Round): void {
  const { state, ports } = registry;
  const id = computationId(ctx, round);
  const input = roundInput(registry, ctx, round);
  const result = ports.kernels.result(id, input);
  requireSoundResult(ports.kernels, id, input, result);
  const aggregate = aggregateOf(ctx, round, input, result);
  state.aggregates.set(ctx, round.id, aggregate);
  storeUtilities(registry, ctx, round, result);
  useHoldout(registry, ctx, round);
  const { schema, domain: name } = round;
  const domain = getDomain(registry, ctx, schema, name);
  const activeRound = result.noCore ? domain.activeRound : round.id;
  const openRound = domain.openRound === round.id ? 0n : domain.openRound;
  state.domains.set(ctx, [schema, name], { ...domain, openRound, activeRound });
  if (!result.noCore) state.priors.set(ctx, [schema, name], { schema, domain: name, roundId: round.id, shard: result.shard });
  const { contributors, score, cases } = aggregate;
  ctx.emit(EventAggregated, {
    roundId: round.id,
    schema,
    domain: name,
    cid: ports.kernels.cidText(result.cid),
    active: !result.noCore,
    contributors,
    score,
    cases,
  });
  enterStage(registry, ctx, round, RoundStage.ROUND_STAGE_CHALLENGE);
}

function aggregateOf(ctx: Ctx, { id, schema, domain }: Round, { holdout, weights }: RoundInput, result: RoundResult): Aggregate {
  const { cid, merkleRoot, sourceRoot, hash: matrixHash, noCore, scores } = result;
  return {
    roundId: id,
    schema,
    domain,
    cid,
    merkleRoot,
    sourceRoot,
    matrixHash,
    noCore,
    measured: scores !== undefined,
    cases: holdout?.cases.length ?? 0,
    score: scores?.all ?? 0,
    contributors: weights.filter((weight) => weight > 0).length,
    height: ctx.height,
  };
}

/** Utility of an entry: what the aggregate solves with it and not without it. */
function storeUtilities({ state }: Registry, ctx: Ctx, { inputEntries }: Round, { scores }: RoundResult): void {
  if (scores === undefined) return;
  inputEntries.forEach((id, i) => {
    const entry = state.entries.get(ctx, id);
    state.entries.set(ctx, id, { ...entry, utility: scores.all - (scores.without[i] as number) });
  });
}

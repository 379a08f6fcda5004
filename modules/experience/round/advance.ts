import { type Round, RoundStage } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { getRound, type Registry } from "../registry.ts";
import { applyAggregate } from "./applyAggregate.ts";
import { endReveals } from "./endReveals.ts";
import { freezeInputs } from "./freezeInputs.ts";
import { settleRound } from "./settleRound.ts";
import { enterStage } from "./stage.ts";

/**
 * Beginning of a block: rounds whose stage has ended go on. GAS: at most as many rounds as may run at a time are looked at, and each does work for
 * at most 256 entries; refunds share a budget over all rounds.
 * @param appHash root of the state before this block, the beacon of draws
 */
export function advanceRounds(registry: Registry, ctx: Ctx, appHash: Uint8Array): void {
  const next = registry.state.due.first(ctx);
  if (next === undefined || next[0] > ctx.height) return;
  const due: bigint[] = [];
  for (const [[height, id]] of registry.state.due.entries(ctx)) {
    if (height > ctx.height) break;
    due.push(id);
  }
  let budget = registry.params.get(ctx).settlePerBlock;
  for (const id of due) budget -= advance(registry, ctx, getRound(registry, ctx, id), { appHash, budget });
}

/** @returns entries settled */
function advance(
  registry: Registry,
  ctx: Ctx,
  round: Round,
  { appHash, budget }: { readonly appHash: Uint8Array; readonly budget: number },
): number {
  switch (round.stage) {
    case RoundStage.ROUND_STAGE_COMMIT:
      enterStage(registry, ctx, round, RoundStage.ROUND_STAGE_REVEAL);
      return 0;
    case RoundStage.ROUND_STAGE_REVEAL:
      endReveals(registry, ctx, round, appHash);
      return 0;
    case RoundStage.ROUND_STAGE_VOTE:
      enterStage(registry, ctx, round, RoundStage.ROUND_STAGE_VOTE_REVEAL);
      return 0;
    case RoundStage.ROUND_STAGE_VOTE_REVEAL:
      freezeInputs(registry, ctx, round);
      return 0;
    case RoundStage.ROUND_STAGE_AGGREGATE:
      applyAggregate(registry, ctx, round);
      return 0;
    case RoundStage.ROUND_STAGE_CHALLENGE:
      return settleRound(registry, ctx, enterStage(registry, ctx, round, RoundStage.ROUND_STAGE_SETTLE), budget);
    default:
      return settleRound(registry, ctx, round, budget);
  }
}

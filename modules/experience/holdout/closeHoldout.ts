import { EventHoldout, EventSlashed } from "#proto/hanzo/experience/v1/events";
import { HoldoutStatus, type Round } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { forfeit } from "../ledger.ts";
import type { Registry } from "../registry.ts";

/** End of the votes: a drawn set that was not shown loses its bond, and the round stays unmeasured. */
export function closeHoldout(registry: Registry, ctx: Ctx, { holdoutId: id, id: roundId }: Round): void {
  const { state, params } = registry;
  const holdout = id === 0n ? undefined : state.holdouts.get(ctx, id);
  if (holdout?.status !== HoldoutStatus.HOLDOUT_STATUS_DRAWN) return;
  const { provider: offender, bond } = holdout;
  forfeit(registry, ctx, params.get(ctx), BigInt(bond));
  state.holdouts.set(ctx, id, { ...holdout, status: HoldoutStatus.HOLDOUT_STATUS_FORFEITED, bond: "0" });
  ctx.emit(EventSlashed, { entryId: 0n, roundId, offender, fault: "holdout_unrevealed", bond, bounty: "0" });
  ctx.emit(EventHoldout, { holdoutId: id, roundId, status: "forfeited" });
}

/** A set is used once: its bytes are pruned with the aggregate that it measured. */
export function useHoldout({ state }: Registry, ctx: Ctx, { holdoutId: id, id: roundId }: Round): void {
  const holdout = id === 0n ? undefined : state.holdouts.get(ctx, id);
  if (holdout?.status !== HoldoutStatus.HOLDOUT_STATUS_REVEALED) return;
  state.holdoutBytes.delete(ctx, id);
  state.holdouts.set(ctx, id, { ...holdout, status: HoldoutStatus.HOLDOUT_STATUS_USED });
  ctx.emit(EventHoldout, { holdoutId: id, roundId, status: "used" });
}

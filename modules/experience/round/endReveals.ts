import { EventSlashed } from "#proto/hanzo/experience/v1/events";
import { type Entry, EntryStatus, Fault, type Round, RoundStage } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { drawHoldout } from "../holdout/drawHoldout.ts";
import { addForfeit, forfeit } from "../ledger.ts";
import type { Registry } from "../registry.ts";
import { faultName } from "../slash/fault.ts";
import { releaseDomain } from "./releaseDomain.ts";
import { enterStage } from "./stage.ts";

/** End of the reveals: who did not reveal loses the bond, the beacon draws a holdout set, and the votes begin. */
export function endReveals(registry: Registry, ctx: Ctx, before: Round, appHash: Uint8Array): void {
  const entries = [...registry.state.entries.by.round(ctx, before.id)].map(([, entry]) => entry);
  const round = forfeitUnrevealed(registry, ctx, before, entries);
  if (entries.some(({ status }) => status === EntryStatus.ENTRY_STATUS_REVEALED)) {
    enterStage(registry, ctx, drawHoldout(registry, ctx, round, appHash), RoundStage.ROUND_STAGE_VOTE);
    return;
  }
  releaseDomain(registry, ctx, round);
  // The round stays on the calendar for its end as all do, and is settled there.
  enterStage(registry, ctx, { ...round, challengeEnd: ctx.height }, RoundStage.ROUND_STAGE_SETTLE);
}

/** All bonds are shared out in one sum: what 256 shares of rounding lose is less than 256 base units. */
function forfeitUnrevealed(registry: Registry, ctx: Ctx, round: Round, entries: readonly Entry[]): Round {
  const { state } = registry;
  let lost = 0n;
  for (const entry of entries) {
    if (entry.status !== EntryStatus.ENTRY_STATUS_COMMITTED) continue;
    lost += BigInt(entry.bond);
    const fault = Fault.FAULT_UNAVAILABLE;
    state.entries.set(ctx, entry.id, { ...entry, status: EntryStatus.ENTRY_STATUS_SLASHED, fault });
    const { id: entryId, submitter: offender, bond } = entry;
    ctx.emit(EventSlashed, { entryId, roundId: round.id, offender, fault: faultName(fault), bond, bounty: "0" });
  }
  if (lost === 0n) return round;
  return { ...round, ledger: addForfeit(round.ledger, forfeit(registry, ctx, registry.params.get(ctx), lost)) };
}

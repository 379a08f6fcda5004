import { EventRefunded } from "#proto/hanzo/experience/v1/events";
import { type Aggregate, type Entry, EntryStatus, type Params, type Round, RoundStage } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { addForfeit, addToLedger, forfeit, refund } from "../ledger.ts";
import type { Registry } from "../registry.ts";
import { refundOf } from "./refundOf.ts";
import { enterStage } from "./stage.ts";

/**
 * Pays refunds and prunes shards of a round whose challenges have ended, from the lowest entry on; what the budget does not allow waits for the
 * next block. After the last entry the round is closed, and its votes and counters are pruned.
 * @param budget entries that may be settled
 * @returns entries settled
 */
export function settleRound(registry: Registry, ctx: Ctx, before: Round, budget: number): number {
  const { state } = registry;
  const params = registry.params.get(ctx);
  const aggregate = state.aggregates.find(ctx, before.id);
  const waiting: Entry[] = [];
  for (const [id, entry] of state.entries.by.round(ctx, before.id)) {
    if (id <= before.settledTo) continue;
    waiting.push(entry);
    if (waiting.length > budget) break;
  }
  const settled = waiting.slice(0, budget);
  let round = before;
  for (const entry of settled) round = settleEntry(registry, ctx, { params, aggregate, round }, entry);
  if (waiting.length > settled.length) state.rounds.set(ctx, round.id, round);
  else closeRound(registry, ctx, round);
  return settled.length;
}

interface Settlement {
  readonly params: Params;
  readonly aggregate: Aggregate | undefined;
  readonly round: Round;
}

function settleEntry(registry: Registry, ctx: Ctx, { params, aggregate, round }: Settlement, entry: Entry): Round {
  const { state } = registry;
  if (state.shards.has(ctx, [round.id, entry.id])) state.shards.delete(ctx, [round.id, entry.id]);
  const next = { ...round, settledTo: entry.id };
  if (entry.status !== EntryStatus.ENTRY_STATUS_REVEALED) return next;
  const bond = BigInt(entry.bond);
  const paid = refundOf(params, bond, entry.utility, aggregate);
  refund(registry, ctx, entry.submitter, paid);
  let ledger = addToLedger(next.ledger, "refunded", paid);
  if (paid < bond) ledger = addForfeit(ledger, forfeit(registry, ctx, params, bond - paid));
  const status = EntryStatus.ENTRY_STATUS_SETTLED;
  state.entries.set(ctx, entry.id, { ...entry, status, refund: paid.toString() });
  const { id: entryId, submitter } = entry;
  ctx.emit(EventRefunded, {
    entryId,
    roundId: round.id,
    submitter,
    refund: paid.toString(),
    forfeited: (bond - paid).toString(),
  });
  return { ...next, ledger };
}

function closeRound(registry: Registry, ctx: Ctx, round: Round): void {
  const { state } = registry;
  for (const [at] of [...state.votes.under(ctx, round.id)]) state.votes.delete(ctx, at);
  for (const [at] of [...state.submissions.under(ctx, round.id)]) state.submissions.delete(ctx, at);
  enterStage(registry, ctx, round, RoundStage.ROUND_STAGE_CLOSED);
}

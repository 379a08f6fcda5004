import { EventChallengeFailed, EventSlashed } from "#proto/hanzo/experience/v1/events";
import type { MsgSlash, MsgSlashResponse } from "#proto/hanzo/experience/v1/tx";
import { type Entry, EntryStatus, Fault, type Round, RoundStage } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { experienceError } from "../errors.ts";
import { addForfeit, escrow, forfeit, refund } from "../ledger.ts";
import { amountsOf } from "../params.ts";
import { getEntry, getRound, type Registry } from "../registry.ts";
import { requireStage } from "../round/stage.ts";
import { faultName } from "./fault.ts";
import { judgeEntry } from "./judgeEntry.ts";

/**
 * Judges a proof against an entry. A true one takes the bond, of which the challenger gets its part, and the entry counts no more where the inputs
 * are not final yet. A false one costs the challenger its stake; the transaction succeeds, or the stake would come back.
 * @throws experience/11 outside of the stages in which such a proof counts, experience/19; experience/21 the entry has no shard, or is slashed;
 * sdk/5 the challenger lacks the stake
 */
export function slash(registry: Registry, ctx: Ctx, request: MsgSlash): MsgSlashResponse {
  const { challenger, entryId } = request;
  const params = registry.params.get(ctx);
  const entry = getEntry(registry, ctx, entryId);
  const round = getRound(registry, ctx, entry.roundId);
  requireChallengeable(entry, round, request);
  const stake = amountsOf(params).challengeStake;
  escrow(registry, ctx, challenger, stake);
  ctx.gas(params.gasPerByte * BigInt(proofBytes(request)), "experience proof");
  const { fault, reason } = judgeEntry(registry, ctx, params, entry, request);
  if (fault === undefined) {
    forfeit(registry, ctx, params, stake);
    ctx.emit(EventChallengeFailed, { entryId, roundId: round.id, challenger, stake: stake.toString() });
    return { upheld: false, fault: Fault.FAULT_UNSPECIFIED, bounty: "0", reason };
  }
  refund(registry, ctx, challenger, stake);
  const parts = forfeit(registry, ctx, params, BigInt(entry.bond), challenger);
  const { state } = registry;
  state.entries.set(ctx, entryId, { ...entry, status: EntryStatus.ENTRY_STATUS_SLASHED, fault });
  state.rounds.set(ctx, round.id, { ...round, ledger: addForfeit(round.ledger, parts) });
  const bounty = parts.bounty.toString();
  ctx.emit(EventSlashed, { entryId, roundId: round.id, offender: entry.submitter, fault: faultName(fault), bond: entry.bond, bounty });
  return { upheld: true, fault, bounty, reason };
}

/** Commitments can be disproved while they wait for their shard, revealed shards from then on until refunds are due. */
function requireChallengeable({ id, status }: Entry, round: Round, { shard }: MsgSlash): void {
  if (shard !== undefined) requireStage(round, RoundStage.ROUND_STAGE_REVEAL);
  else
    requireStage(
      round,
      RoundStage.ROUND_STAGE_REVEAL,
      RoundStage.ROUND_STAGE_VOTE,
      RoundStage.ROUND_STAGE_VOTE_REVEAL,
      RoundStage.ROUND_STAGE_AGGREGATE,
      RoundStage.ROUND_STAGE_CHALLENGE,
    );
  const wanted = shard === undefined ? EntryStatus.ENTRY_STATUS_REVEALED : EntryStatus.ENTRY_STATUS_COMMITTED;
  if (status === wanted) return;
  const name = shard === undefined ? "a revealed entry" : "an entry that is not revealed yet";
  throw experienceError.wrongStatus(`entry ${id}: expected ${name}, got one in another status`);
}

function proofBytes({ sourceRow, shard, duplicate }: MsgSlash): number {
  return (sourceRow?.values.length ?? 0) + 64 * (sourceRow?.path.length ?? 0) + (shard?.shard.length ?? 0) + (duplicate?.shard.length ?? 0);
}

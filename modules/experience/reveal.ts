import { EventRevealed } from "#proto/hanzo/experience/v1/events";
import type { MsgReveal, MsgRevealResponse } from "#proto/hanzo/experience/v1/tx";
import { type Entry, EntryStatus, RoundStage } from "#proto/hanzo/experience/v1/types";
import { type Ctx, equalBytes, toHex } from "#sdk";
import { takeBlockBytes } from "./blockBytes.ts";
import { experienceError } from "./errors.ts";
import { getEntry, getRound, getSchema, type Registry } from "./registry.ts";
import { requireStage } from "./round/stage.ts";
import { stakeOf } from "./stake.ts";

/**
 * Shows the shard of an entry: it must be canonical, have the committed CID and the committed row root. That its scales and signs are those of the
 * source is for challengers to disprove. The submitter's stake is taken down now.
 * @throws experience/11, experience/19; experience/20 another's entry; experience/21 revealed or slashed already; experience/22; experience/23
 */
export function reveal(registry: Registry, ctx: Ctx, { submitter, entryId, shard }: MsgReveal): MsgRevealResponse {
  const { state } = registry;
  const entry = getEntry(registry, ctx, entryId);
  if (entry.submitter !== submitter) throw experienceError.notSubmitter(`entry ${entryId}: expected ${entry.submitter}, got ${submitter}`);
  const round = getRound(registry, ctx, entry.roundId);
  requireStage(round, RoundStage.ROUND_STAGE_REVEAL);
  if (entry.status !== EntryStatus.ENTRY_STATUS_COMMITTED)
    throw experienceError.wrongStatus(`entry ${entryId}: expected a committed entry, got one that is revealed or slashed`);
  takeBlockBytes(registry, ctx, shard.length);
  requireShard(registry, ctx, entry, shard);
  state.shards.set(ctx, [round.id, entryId], shard);
  const stake = stakeOf(registry, ctx, submitter, registry.params.get(ctx).maxDelegations).toString();
  state.entries.set(ctx, entryId, { ...entry, status: EntryStatus.ENTRY_STATUS_REVEALED, stake });
  state.rounds.set(ctx, round.id, { ...round, revealed: round.revealed + 1 });
  ctx.emit(EventRevealed, { entryId, roundId: round.id, submitter, stake });
  return { stake };
}

function requireShard(registry: Registry, ctx: Ctx, entry: Entry, shard: Uint8Array): void {
  const { kernels } = registry.ports;
  const shape = getSchema(registry, ctx, entry.schema);
  const problem = kernels.explainShard(shard, shape);
  if (problem !== undefined) throw experienceError.invalidShard(problem);
  const cid = kernels.cidOf(shard);
  if (!equalBytes(cid, entry.cid))
    throw experienceError.invalidShard(`cid: expected ${kernels.cidText(entry.cid)} as committed, got ${kernels.cidText(cid)}`);
  const root = kernels.merkleRoot(shard, shape);
  if (!equalBytes(root, entry.merkleRoot))
    throw experienceError.invalidShard(`merkle_root: expected ${toHex(entry.merkleRoot)} as committed, got ${toHex(root)}`);
}

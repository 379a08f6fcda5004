import { EntryStatus, RoundStage } from "#proto/hanzo/experience/v1/types";
import type { ReadCtx } from "#sdk";
import { heldOf, totalsOf } from "./ledger.ts";
import type { Registry } from "./registry.ts";
import { isRunning, stageEnd } from "./round/stage.ts";

const { ENTRY_STATUS_COMMITTED, ENTRY_STATUS_REVEALED, ENTRY_STATUS_SETTLED } = EntryStatus;

/** What the registry holds is the sum of all open bonds, and lies on its account (gifts may lie on top). */
function heldIsOpenBonds(registry: Registry, ctx: ReadCtx): string | undefined {
  const { state, needs, chain, account } = registry;
  const { held, ledger } = totalsOf(registry, ctx);
  let open = 0n;
  for (const [, { status, bond }] of state.entries.entries(ctx))
    if (status === ENTRY_STATUS_COMMITTED || status === ENTRY_STATUS_REVEALED) open += BigInt(bond);
  for (const [, { bond }] of state.votes.entries(ctx)) open += BigInt(bond);
  for (const [, { bond }] of state.holdouts.entries(ctx)) open += BigInt(bond);
  if (BigInt(held) !== open) return `expected ${open} held for open bonds, got ${held}`;
  if (heldOf(ledger) !== open) return `expected a ledger that leaves ${open}, got ${heldOf(ledger)}`;
  const balance = needs.bank.balance(ctx, account, chain.baseDenom);
  return balance < open ? `expected at least ${open} on the registry's account, got ${balance}` : undefined;
}

/** Of every round: escrowed = refunded + burned + bounty + treasury + bonds of its open entries; a closed one has none open. */
function roundsConserve({ state }: Registry, ctx: ReadCtx): string | undefined {
  for (const [id, round] of state.rounds.entries(ctx)) {
    let open = 0n;
    for (const [, { status, bond }] of state.entries.by.round(ctx, id))
      if (status === ENTRY_STATUS_COMMITTED || status === ENTRY_STATUS_REVEALED) open += BigInt(bond);
    if (heldOf(round.ledger) !== open) return `round ${id}: expected ${open} held for open entries, got ${heldOf(round.ledger)}`;
    if (round.stage === RoundStage.ROUND_STAGE_CLOSED && open !== 0n)
      return `round ${id}: expected no open bonds in a closed round, got ${open}`;
  }
  return undefined;
}

/** Rounds count their entries, their votes and their submitters' entries, and each that runs is on the calendar once. */
function countersMatch({ state }: Registry, ctx: ReadCtx): string | undefined {
  let running = 0n;
  const lastRound = state.lastRoundId.get(ctx);
  for (const [id, round] of state.rounds.entries(ctx)) {
    if (id !== round.id || id > lastRound) return `round ${id}: expected an identifier of at most ${lastRound}, got ${round.id}`;
    const own = new Map<string, bigint>();
    let entries = 0;
    for (const [, { submitter }] of state.entries.by.round(ctx, id)) {
      entries++;
      own.set(submitter, (own.get(submitter) ?? 0n) + 1n);
    }
    if (entries !== round.entries) return `round ${id}: expected ${round.entries} entries, got ${entries}`;
    if (!isRunning(round)) continue;
    running++;
    if (!state.due.has(ctx, [stageEnd(round), id])) return `round ${id}: expected it on the calendar of height ${stageEnd(round)}`;
    for (const [submitter, count] of own) {
      const counted = state.submissions.find(ctx, [id, submitter]);
      if (counted !== count) return `round ${id}: expected ${count} entries of ${submitter}, got ${counted ?? 0n}`;
    }
    const votes = [...state.votes.under(ctx, id)].length;
    if (votes !== round.votes) return `round ${id}: expected ${round.votes} votes, got ${votes}`;
  }
  const [counted, due] = [state.running.get(ctx), BigInt([...state.due.entries(ctx)].length)];
  if (counted !== running) return `expected ${running} rounds that run, got ${counted}`;
  return due === running ? undefined : `expected ${running} rounds on the calendar, got ${due}`;
}

/** Every entry keeps its CID and roots, which lead back to it; shards lie in state for revealed entries of running rounds, and for no others. */
function entriesKeepRoots({ state, ports }: Registry, ctx: ReadCtx): string | undefined {
  const last = state.lastEntryId.get(ctx);
  let [entries, shards] = [0, 0];
  for (const [id, entry] of state.entries.entries(ctx)) {
    entries++;
    if (id !== entry.id || id > last) return `entry ${id}: expected an identifier of at most ${last}, got ${entry.id}`;
    const digest = ports.kernels.cidDigest(entry.cid);
    if (digest === undefined) return `entry ${id}: expected a CID`;
    for (const root of [digest, entry.merkleRoot, entry.sourceRoot])
      if (state.commitments.find(ctx, root) !== id) return `entry ${id}: expected its roots to lead back to it`;
    for (const parent of entry.parents) {
      if (parent >= id) return `entry ${id}: expected older parents, got ${parent}`;
      if (!state.children.has(ctx, [parent, id])) return `entry ${parent}: expected child ${id}`;
    }
    const kept = state.shards.has(ctx, [entry.roundId, id]);
    if (kept) shards++;
    if (kept && entry.status === ENTRY_STATUS_SETTLED) return `entry ${id}: expected its shard to be pruned`;
    if (!kept && entry.status === ENTRY_STATUS_REVEALED) return `entry ${id}: expected its shard in state`;
  }
  const [roots, all] = [[...state.commitments.entries(ctx)].length, [...state.shards.entries(ctx)].length];
  if (roots !== 3 * entries) return `expected ${3 * entries} roots, got ${roots}`;
  return all === shards ? undefined : `expected ${shards} shards, got ${all}`;
}

/** Domains name the round that they are in, and the active prior is the aggregate of the round that they name. */
function domainsMatchRounds({ state }: Registry, ctx: ReadCtx): string | undefined {
  for (const [[schema, name], domain] of state.domains.entries(ctx)) {
    const at = `domain "${name}" of schema "${schema}"`;
    if (!state.schemas.has(ctx, schema)) return `${at}: expected the schema`;
    const open = domain.openRound === 0n ? undefined : state.rounds.find(ctx, domain.openRound);
    if (domain.openRound !== 0n && (open?.domain !== name || open.schema !== schema || !isRunning(open)))
      return `${at}: expected round ${domain.openRound} to run in it`;
    const prior = state.priors.find(ctx, [schema, name]);
    if ((prior?.roundId ?? 0n) !== domain.activeRound)
      return `${at}: expected the prior of round ${domain.activeRound}, got ${prior?.roundId ?? 0n}`;
    if (prior !== undefined && state.aggregates.find(ctx, prior.roundId)?.noCore !== false)
      return `${at}: expected the aggregate of its prior`;
  }
  return undefined;
}

/** All invariants by name. */
export const REGISTRY_INVARIANTS = { countersMatch, domainsMatchRounds, entriesKeepRoots, heldIsOpenBonds, roundsConserve } as const;

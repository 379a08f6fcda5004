import { EventSubmitted } from "#proto/hanzo/experience/v1/events";
import type { MsgSubmit, MsgSubmitResponse } from "#proto/hanzo/experience/v1/tx";
import { Entry, EntryStatus, type Params, type Round } from "#proto/hanzo/experience/v1/types";
import { type Ctx, parseUint, toHex } from "#sdk";
import { experienceError } from "./errors.ts";
import { addToLedger, escrow } from "./ledger.ts";
import { AMOUNT_BITS, amountsOf } from "./params.ts";
import { getDomain, getEntry, getSchema, nextId, type Registry } from "./registry.ts";
import { roundForEntry } from "./round/open.ts";

/**
 * Commits to a shard that nobody has seen and escrows its bond. CID, row root and source root are taken once for ever, so that nobody can hand in
 * what somebody else committed.
 * @throws experience/4, experience/7, experience/10, experience/11, experience/13; experience/14 the round is full; experience/15 the CID is of
 * another form; experience/16 a root or the CID was committed before; experience/17; experience/18; experience/32; sdk/5
 */
export function submit(registry: Registry, ctx: Ctx, request: MsgSubmit): MsgSubmitResponse {
  const { state, ports } = registry;
  const { submitter, schema, domain, cid, merkleRoot, sourceRoot, parents } = request;
  const params = registry.params.get(ctx);
  getSchema(registry, ctx, schema);
  const digest = ports.kernels.cidDigest(cid);
  if (digest === undefined)
    throw experienceError.invalidEntry("cid: expected version 1, raw, sha2-256 (01551220 and 32 bytes), got another form");
  requireNew(registry, ctx, { cid: digest, merkle_root: merkleRoot, source_root: sourceRoot });
  const bond = requireBond(params, request.maxBond);
  const before = roundForEntry(registry, ctx, getDomain(registry, ctx, schema, domain));
  countSubmission(registry, ctx, params, before, submitter);
  escrow(registry, ctx, submitter, bond);
  const id = nextId(state.lastEntryId, ctx);
  linkParents(registry, ctx, params, { id, schema, parents });
  for (const root of [digest, merkleRoot, sourceRoot]) state.commitments.set(ctx, root, id);
  const facts = { id, submitter, schema, domain, roundId: before.id, cid, merkleRoot, sourceRoot, parents, bond: bond.toString() };
  const status = EntryStatus.ENTRY_STATUS_COMMITTED;
  state.entries.set(ctx, id, Entry.fromPartial({ ...facts, status, submittedHeight: ctx.height, stake: "0", refund: "0" }));
  state.rounds.set(ctx, before.id, { ...before, entries: before.entries + 1, ledger: addToLedger(before.ledger, "escrowed", bond) });
  ctx.emit(EventSubmitted, {
    entryId: id,
    roundId: before.id,
    submitter,
    schema,
    domain,
    cid: ports.kernels.cidText(cid),
    bond: bond.toString(),
  });
  return { entryId: id, roundId: before.id, bond: bond.toString(), revealFrom: before.commitEnd, revealEnd: before.revealEnd };
}

function requireNew({ state }: Registry, ctx: Ctx, roots: Readonly<Record<string, Uint8Array>>): void {
  const seen = new Set<string>();
  for (const [name, root] of Object.entries(roots)) {
    const taken = state.commitments.find(ctx, root);
    if (taken !== undefined) throw experienceError.alreadyCommitted(`${name}: expected a new one, got that of entry ${taken}`);
    if (seen.has(toHex(root))) throw experienceError.invalidEntry(`${name}: expected CID and roots that differ, got ${toHex(root)} twice`);
    seen.add(toHex(root));
  }
}

function requireBond(params: Params, maxBond: string): bigint {
  const { bond } = amountsOf(params);
  if (maxBond !== "" && bond > parseUint(maxBond, AMOUNT_BITS, "max_bond"))
    throw experienceError.bondLimit(`expected a bond of at most ${maxBond}, got ${bond}`);
  return bond;
}

function countSubmission({ state }: Registry, ctx: Ctx, params: Params, round: Round, submitter: string): void {
  if (round.entries >= params.maxShards)
    throw experienceError.roundFull(`round ${round.id}: expected fewer than ${params.maxShards} entries, got ${round.entries}`);
  const own = state.submissions.find(ctx, [round.id, submitter]) ?? 0n;
  if (own >= BigInt(params.maxEntriesPerSubmitter))
    throw experienceError.submitterLimit(
      `round ${round.id}: expected fewer than ${params.maxEntriesPerSubmitter} entries of ${submitter}, got ${own}`,
    );
  state.submissions.set(ctx, [round.id, submitter], own + 1n);
}

/** INVARIANT: parents are older than the entry, so lineage has no circles. */
function linkParents(
  registry: Registry,
  ctx: Ctx,
  { maxParents }: Params,
  { id, schema, parents }: { readonly id: bigint; readonly schema: string; readonly parents: readonly bigint[] },
): void {
  if (parents.length > maxParents) throw experienceError.invalidParents(`expected at most ${maxParents} parents, got ${parents.length}`);
  for (const parent of parents) {
    if (!registry.state.entries.has(ctx, parent)) throw experienceError.invalidParents(`expected entries that exist, got ${parent}`);
    const other = getEntry(registry, ctx, parent).schema;
    if (other !== schema) throw experienceError.invalidParents(`entry ${parent}: expected one of schema "${schema}", got "${other}"`);
    registry.state.children.set(ctx, [parent, id], true);
  }
}

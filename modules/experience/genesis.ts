import type { GenesisState } from "#proto/hanzo/experience/v1/genesis";
import { HoldoutStatus, type Params } from "#proto/hanzo/experience/v1/types";
import { type Ctx, type GenesisHandlers, ModuleError, type ReadCtx } from "#sdk";
import { experienceError } from "./errors.ts";
import { REGISTRY_INVARIANTS } from "./invariants.ts";
import { EMPTY_LEDGER } from "./ledger.ts";
import { requireDomainName } from "./names.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import type { Registry } from "./registry.ts";
import { isRunning, stageEnd } from "./round/stage.ts";
import { validateSchema } from "./schema.ts";
import { prepareZeroHeight } from "./zeroHeight.ts";

function refuse(detail: string): never {
  throw experienceError.invalidGenesis(detail);
}

/** A registry in which nothing ever happened. */
export function defaultGenesis(params: Params = DEFAULT_PARAMS): GenesisState {
  return {
    params,
    schemas: [],
    domains: [],
    entries: [],
    rounds: [],
    votes: [],
    aggregates: [],
    priors: [],
    holdouts: [],
    shards: [],
    holdoutBytes: [],
    totals: undefined,
    lastEntryId: 0n,
    lastRoundId: 0n,
    lastHoldoutId: 0n,
    blockBytes: undefined,
  };
}

/** Checks a genesis as far as it goes without its state; the rest is for the invariants. @throws experience/2, experience/3 */
function validate({ params, schemas, domains, entries, rounds, holdouts }: GenesisState): Params {
  const given = params ?? refuse("params: expected parameters, got none");
  validateParams(given);
  requireRising(
    "schemas",
    schemas.map(({ id }) => id),
  );
  requireRising(
    "entries",
    entries.map(({ id }) => id),
  );
  requireRising(
    "rounds",
    rounds.map(({ id }) => id),
  );
  requireRising(
    "holdouts",
    holdouts.map(({ id }) => id),
  );
  const known = new Set(schemas.map(({ id }) => id));
  try {
    schemas.forEach(validateSchema);
    for (const { schema, name } of domains) {
      requireDomainName(name);
      if (!known.has(schema)) refuse(`domains.${name}: expected a schema of the list, got "${schema}"`);
    }
  } catch (cause) {
    if (cause instanceof ModuleError) refuse(cause.message);
    throw cause;
  }
  const runs = new Set(rounds.map(({ id }) => id));
  for (const { id, roundId } of entries) if (!runs.has(roundId)) refuse(`entries.${id}: expected a round of the list, got ${roundId}`);
  return given;
}

function requireRising<K extends string | bigint>(name: string, ids: readonly K[]): void {
  ids.forEach((id, i) => {
    const before = ids[i - 1];
    if (before !== undefined && before >= id) refuse(`${name}: expected rising identifiers, got ${id} after ${before}`);
  });
}

/** Genesis of the registry. The bank's comes first: open bonds must lie on the registry's account. */
export function registryGenesis(
  registry: Registry & { readonly params: { set(ctx: Ctx, params: Params): void } },
): GenesisHandlers<GenesisState> {
  return {
    default: () => defaultGenesis(),
    validate: (genesis) => void validate(genesis),
    init(ctx, genesis) {
      registry.params.set(ctx, validate(genesis));
      load(registry, ctx, genesis);
      for (const [name, evaluate] of Object.entries(REGISTRY_INVARIANTS)) {
        const wrong = evaluate(registry, ctx);
        if (wrong !== undefined) refuse(`${name}: ${wrong}`);
      }
    },
    prepareZeroHeight: (ctx) => prepareZeroHeight(registry, ctx),
    export: (ctx) => exportRegistry(registry, ctx),
  };
}

/** Writes what the file says, and what follows from it: roots, lineage, calendar, counters. */
function load(registry: Registry, ctx: Ctx, genesis: GenesisState): void {
  const { state } = registry;
  for (const schema of genesis.schemas) state.schemas.set(ctx, schema.id, schema);
  for (const domain of genesis.domains) state.domains.set(ctx, [domain.schema, domain.name], domain);
  const running = new Set<bigint>();
  for (const round of genesis.rounds) {
    state.rounds.set(ctx, round.id, round);
    if (!isRunning(round)) continue;
    running.add(round.id);
    state.due.set(ctx, [stageEnd(round), round.id], true);
  }
  if (running.size > 0 || genesis.lastRoundId > 0n) state.running.set(ctx, BigInt(running.size));
  loadEntries(registry, ctx, genesis, running);
  for (const vote of genesis.votes) state.votes.set(ctx, [vote.roundId, vote.voter], vote);
  for (const aggregate of genesis.aggregates) state.aggregates.set(ctx, aggregate.roundId, aggregate);
  for (const prior of genesis.priors) state.priors.set(ctx, [prior.schema, prior.domain], prior);
  for (const holdout of genesis.holdouts) {
    state.holdouts.set(ctx, holdout.id, holdout);
    if (holdout.status === HoldoutStatus.HOLDOUT_STATUS_WAITING) state.waiting.set(ctx, [holdout.schema, holdout.domain, holdout.id], true);
  }
  for (const { holdoutId, data } of genesis.holdoutBytes) state.holdoutBytes.set(ctx, holdoutId, data);
  if (genesis.totals !== undefined) state.totals.set(ctx, { ...genesis.totals, ledger: genesis.totals.ledger ?? EMPTY_LEDGER });
  if (genesis.blockBytes !== undefined) state.blockBytes.set(ctx, genesis.blockBytes);
  if (genesis.lastEntryId > 0n) state.lastEntryId.set(ctx, genesis.lastEntryId);
  if (genesis.lastRoundId > 0n) state.lastRoundId.set(ctx, genesis.lastRoundId);
  if (genesis.lastHoldoutId > 0n) state.lastHoldoutId.set(ctx, genesis.lastHoldoutId);
}

function loadEntries({ state, ports }: Registry, ctx: Ctx, { entries, shards }: GenesisState, running: ReadonlySet<bigint>): void {
  const rounds = new Map(entries.map(({ id, roundId }) => [id, roundId]));
  for (const entry of entries) {
    const { id, cid, merkleRoot, sourceRoot, parents, roundId, submitter } = entry;
    state.entries.set(ctx, id, entry);
    const digest = ports.kernels.cidDigest(cid) ?? refuse(`entries.${id}.cid: expected version 1, raw, sha2-256`);
    for (const root of [digest, merkleRoot, sourceRoot]) {
      const taken = state.commitments.find(ctx, root);
      if (taken !== undefined) refuse(`entries.${id}: expected new roots, got one of entry ${taken}`);
      state.commitments.set(ctx, root, id);
    }
    for (const parent of parents) state.children.set(ctx, [parent, id], true);
    if (!running.has(roundId)) continue;
    state.submissions.set(ctx, [roundId, submitter], (state.submissions.find(ctx, [roundId, submitter]) ?? 0n) + 1n);
  }
  for (const { entryId, shard } of shards)
    state.shards.set(ctx, [rounds.get(entryId) ?? refuse(`shards: expected an entry of the list, got ${entryId}`), entryId], shard);
}

function exportRegistry({ state, params }: Registry, ctx: ReadCtx): GenesisState {
  const valuesOf = <V>(map: { entries(ctx: ReadCtx): Iterable<readonly [unknown, V]> }): V[] =>
    Array.from(map.entries(ctx), ([, value]) => value);
  return {
    params: params.get(ctx),
    schemas: valuesOf(state.schemas),
    domains: valuesOf(state.domains),
    entries: valuesOf(state.entries),
    rounds: valuesOf(state.rounds),
    votes: valuesOf(state.votes),
    aggregates: valuesOf(state.aggregates),
    priors: valuesOf(state.priors),
    holdouts: valuesOf(state.holdouts),
    shards: Array.from(state.shards.entries(ctx), ([[, entryId], shard]) => ({ entryId, shard })),
    holdoutBytes: Array.from(state.holdoutBytes.entries(ctx), ([holdoutId, data]) => ({ holdoutId, data })),
    totals: state.totals.find(ctx),
    lastEntryId: state.lastEntryId.get(ctx),
    lastRoundId: state.lastRoundId.get(ctx),
    lastHoldoutId: state.lastHoldoutId.get(ctx),
    blockBytes: state.blockBytes.find(ctx),
  };
}

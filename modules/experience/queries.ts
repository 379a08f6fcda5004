import type {
  QueryChildrenRequest,
  QueryChildrenResponse,
  QueryDefinition,
  QueryEntriesRequest,
  QueryEntriesResponse,
} from "#proto/hanzo/experience/v1/query";
import { type Entry, EntryStatus } from "#proto/hanzo/experience/v1/types";
import { invalidArgument, ModuleError, notFound, paginate, paginateMatching, type QueryHandlers, type ReadCtx } from "#sdk";
import { experienceError } from "./errors.ts";
import { totalsOf } from "./ledger.ts";
import { pageOfIndex } from "./pageOfIndex.ts";
import { getDomain, getEntry, getHoldout, getRound, getSchema, type Registry } from "./registry.ts";

const { codespace: EXPERIENCE } = experienceError.unknownEntry();

/** Runs a query; what the registry does not know becomes gRPC NotFound. */
function asQuery<R>(run: () => R): R {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof ModuleError && cause.codespace === EXPERIENCE) throw notFound(cause.message);
    throw cause;
  }
}

function found<V>(value: V | undefined, words: string): V {
  if (value === undefined) throw notFound(words);
  return value;
}

/** Handlers of the registry's queries; Params follows from the parameters. */
export const registryQueries = (m: Registry): QueryHandlers<typeof QueryDefinition> => ({
  schema: (ctx, { schema }) => asQuery(() => ({ schema: getSchema(m, ctx, schema) })),
  schemas(ctx, req) {
    const { items, pagination } = paginate(ctx, m.state.schemas, req.pagination);
    return { schemas: items.map(([, schema]) => schema), pagination };
  },
  domain: (ctx, { schema, domain }) => asQuery(() => ({ domain: getDomain(m, ctx, schema, domain) })),
  domains(ctx, { schema, pagination: page }) {
    const { items, pagination } = paginate(ctx, m.state.domains, page, schema === "" ? {} : { first: schema });
    return { domains: items.map(([, domain]) => domain), pagination };
  },
  prior: (ctx, { schema, domain }) =>
    asQuery(() => {
      getDomain(m, ctx, schema, domain);
      const prior = found(m.state.priors.find(ctx, [schema, domain]), `domain "${domain}" of schema "${schema}" has no active prior yet`);
      return { prior, aggregate: m.state.aggregates.get(ctx, prior.roundId) };
    }),
  entry: (ctx, { entryId }) => asQuery(() => ({ entry: getEntry(m, ctx, entryId) })),
  entries: (ctx, req) => queryEntries(m, ctx, req),
  entryByRoot(ctx, { root }) {
    const id = found(m.state.commitments.find(ctx, root), "no entry committed to this root or digest");
    return { entry: m.state.entries.get(ctx, id) };
  },
  parents: (ctx, { entryId }) => asQuery(() => ({ parents: getEntry(m, ctx, entryId).parents.map((id) => m.state.entries.get(ctx, id)) })),
  children: (ctx, req) => asQuery(() => queryChildren(m, ctx, req)),
  shard: (ctx, { entryId }) =>
    asQuery(() => {
      const { roundId } = getEntry(m, ctx, entryId);
      return {
        shard: found(
          m.state.shards.find(ctx, [roundId, entryId]),
          `the shard of entry ${entryId} is not in state: not revealed, or pruned`,
        ),
      };
    }),
  round: (ctx, { roundId }) => asQuery(() => ({ round: getRound(m, ctx, roundId) })),
  rounds(ctx, { schema, domain, pagination: page }) {
    if (schema !== "" && domain !== "") {
      const { items, pagination } = pageOfIndex(m.state.rounds.by.domain(ctx, [schema, domain]), page);
      return { rounds: [...items], pagination };
    }
    const filter = (_: bigint, round: { readonly schema: string; readonly domain: string }): boolean =>
      (schema === "" || round.schema === schema) && (domain === "" || round.domain === domain);
    const { items, pagination } = paginateMatching(ctx, m.state.rounds, page, { filter });
    return { rounds: items.map(([, round]) => round), pagination };
  },
  aggregate: (ctx, { roundId }) =>
    asQuery(() => {
      getRound(m, ctx, roundId);
      return { aggregate: found(m.state.aggregates.find(ctx, roundId), `round ${roundId} has no aggregate yet`) };
    }),
  votes: (ctx, { roundId, pagination: page }) =>
    asQuery(() => {
      getRound(m, ctx, roundId);
      const { items, pagination } = paginate(ctx, m.state.votes, page, { first: roundId });
      return { votes: items.map(([, vote]) => vote), pagination };
    }),
  holdout: (ctx, { holdoutId }) => asQuery(() => ({ holdout: getHoldout(m, ctx, holdoutId) })),
  holdoutData: (ctx, { holdoutId }) =>
    asQuery(() => {
      getHoldout(m, ctx, holdoutId);
      return {
        data: found(m.state.holdoutBytes.find(ctx, holdoutId), `the bytes of set ${holdoutId} are not in state: not revealed, or used`),
      };
    }),
  holdouts(ctx, { schema, domain, pagination: page }) {
    const filter = (_: bigint, holdout: { readonly schema: string; readonly domain: string }): boolean =>
      (schema === "" || holdout.schema === schema) && (domain === "" || holdout.domain === domain);
    const { items, pagination } = paginateMatching(ctx, m.state.holdouts, page, { filter });
    return { holdouts: items.map(([, holdout]) => holdout), pagination };
  },
  totals: (ctx) => ({ totals: totalsOf(m, ctx) }),
});

/** A page of entries by the narrowest index that the filters name; the other filters are tried on what it finds. */
function queryEntries({ state, address }: Registry, ctx: ReadCtx, req: QueryEntriesRequest): QueryEntriesResponse {
  const { submitter, schema, domain, status, roundId, pagination: page } = req;
  if (status < 0 || status > EntryStatus.ENTRY_STATUS_SLASHED) throw invalidArgument(`status: expected 0 to 4, got ${status}`);
  if (submitter !== "") requireAddressText(() => address.parse(submitter));
  const matches = (entry: Entry): boolean =>
    (submitter === "" || entry.submitter === submitter) &&
    (schema === "" || entry.schema === schema) &&
    (domain === "" || entry.domain === domain) &&
    (status === EntryStatus.ENTRY_STATUS_UNSPECIFIED || entry.status === status) &&
    (roundId === 0n || entry.roundId === roundId);
  const { by } = state.entries;
  const index =
    roundId !== 0n
      ? by.round(ctx, roundId)
      : submitter !== ""
        ? by.submitter(ctx, submitter)
        : schema !== "" && domain !== ""
          ? by.domain(ctx, [schema, domain])
          : status !== EntryStatus.ENTRY_STATUS_UNSPECIFIED
            ? by.status(ctx, BigInt(status))
            : undefined;
  if (index !== undefined) {
    const { items, pagination } = pageOfIndex(index, page, matches);
    return { entries: [...items], pagination };
  }
  const { items, pagination } = paginateMatching(ctx, state.entries, page, { filter: (_, entry) => matches(entry) });
  return { entries: items.map(([, entry]) => entry), pagination };
}

function requireAddressText(parse: () => unknown): void {
  try {
    parse();
  } catch (cause) {
    throw invalidArgument(cause instanceof Error ? cause.message : "invalid address");
  }
}

function queryChildren(m: Registry, ctx: ReadCtx, { entryId, pagination: page }: QueryChildrenRequest): QueryChildrenResponse {
  getEntry(m, ctx, entryId);
  const { items, pagination } = paginate(ctx, m.state.children, page, { first: entryId });
  return { children: items.map(([[, child]]) => m.state.entries.get(ctx, child)), pagination };
}

// Runs modules on a store in memory, one message, query or hook at a time: what unit tests of modules use.
import {
  type BoundModule,
  bindModules,
  type ChainConfig,
  type ChainEvent,
  type Ctx,
  createAddressCodec,
  createCtx,
  createEvent,
  createGasMeter,
  type EventFormatter,
  type Facets,
  type Module,
  moduleAddress,
  type Savepoints,
} from "#sdk";
import { createMemoryKv, type MemoryKv } from "./memoryKv.ts";

/** The chain of most tests: its names are nobody's defaults. */
export const TEST_CHAIN: ChainConfig = {
  bech32Prefix: "test",
  coinType: 118,
  baseDenom: "atest",
  powerReduction: 1_000_000n,
  authorityModule: "gov",
};

export interface Bench {
  readonly modules: readonly BoundModule[];
  /** A writable context; its events go to `events`. */
  readonly ctx: Ctx;
  /** Events since the last call of {@link takeEvents}. */
  takeEvents(): readonly ChainEvent[];
  module(name: string): BoundModule;
  facet<N extends string, A extends Facets, K extends keyof A & string>(module: Module<N, A>, name: K): A[K];
  /** Runs a message as a transaction does: wire form, stateless check, handler; a failure leaves no trace. */
  send(typeUrl: string, message: object): object;
  /** Runs a query on wire bytes. */
  queryBytes(path: string, request: Uint8Array): Uint8Array;
  /** Runs a query and decodes the answer. */
  query(path: string, request: object): unknown;
  /** The same modules and state at another height, and time if need be. */
  at(height: bigint, timeNs?: bigint): Bench;
  /** The same modules and state at another block time, in Unix seconds. */
  atSeconds(seconds: bigint): Bench;
  /** Genesis of one module; without a value its default. */
  init(name: string, genesis?: object): void;
  exportGenesis(name: string): unknown;
  /** What invariants have to say, empty when they hold. */
  broken(): readonly string[];
  store(name: string): MemoryKv;
  readonly account: (name: string) => string;
}

export interface BenchOptions {
  readonly modules: readonly Module[];
  readonly chain?: ChainConfig;
  readonly height?: bigint;
  /** Block time in nanoseconds. */
  readonly timeNs?: bigint;
  readonly ports?: BindOptions["ports"];
}
type BindOptions = Parameters<typeof bindModules>[0];

export function createBench({ modules, chain = TEST_CHAIN, height = 5n, timeNs = BENCH_TIME_NS, ports }: BenchOptions): Bench {
  const bound = bindModules({ modules, chain, ...(ports === undefined ? {} : { ports }) });
  return benchOf(bound, new Map(bound.map(({ store }) => [store, createMemoryKv()])), chain, { height, timeNs });
}

/** Time of a bench that names none. */
export const BENCH_TIME_NS = 1_700_000_000_000_000_000n;

interface Moment {
  readonly height: bigint;
  readonly timeNs: bigint;
}

function benchOf(bound: readonly BoundModule[], stores: ReadonlyMap<string, MemoryKv>, chain: ChainConfig, moment: Moment): Bench {
  const events: ChainEvent[] = [];
  const ctx = createCtx({
    ...moment,
    chainId: "test-1",
    gas: createGasMeter(),
    stores: storeOf,
    events,
    formatEvent,
    savepoints: memorySavepoints([...stores.values()]),
  });
  function storeOf(name: string): MemoryKv {
    const store = stores.get(name);
    if (store === undefined) throw new Error(`no store ${name}`);
    return store;
  }
  const moduleOf = (name: string): BoundModule => {
    const found = bound.find((module) => module.name === name);
    if (found === undefined) throw new Error(`no module ${name}`);
    return found;
  };
  const methodOf = (path: string, kind: "msgs" | "queries") => {
    const found = bound.flatMap((module) => module[kind]).find((method) => method.path === path);
    if (found === undefined) throw new Error(`no method ${path}`);
    return found;
  };
  const runQuery = (path: string, request: Uint8Array): Uint8Array => {
    const method = methodOf(path, "queries");
    return method.response.encode(method.response.fromPartial(method.handle(ctx, method.request.decode(request)))).finish();
  };
  const codec = createAddressCodec(chain.bech32Prefix);
  return {
    modules: bound,
    ctx,
    takeEvents: () => events.splice(0),
    module: moduleOf,
    at: (height, timeNs = moment.timeNs) => benchOf(bound, stores, chain, { height, timeNs }),
    atSeconds: (seconds) => benchOf(bound, stores, chain, { ...moment, timeNs: seconds * 1_000_000_000n }),
    facet: (module, name) => moduleOf(module.name).api[name] as never,
    send(typeUrl, message) {
      const method = methodOf(typeUrl, "msgs");
      return atomically([...stores.values()], events, () => {
        const request = method.request.decode(method.request.encode(method.request.fromPartial(message)).finish());
        method.check?.(request);
        return method.handle(ctx, request);
      });
    },
    queryBytes: runQuery,
    query(path, request) {
      const method = methodOf(path, "queries");
      return method.response.decode(runQuery(path, method.request.encode(method.request.fromPartial(request)).finish()));
    },
    init: (name, genesis) => initModule(moduleOf(name), ctx, genesis),
    exportGenesis: (name) => moduleOf(name).genesis?.handlers.export(ctx),
    broken: () => bound.flatMap((module) => brokenIn(module, ctx)),
    store: storeOf,
    account: (name) => codec.format(moduleAddress(`user/${name}`)),
  };
}

/** Marks of stores in memory. */
function memorySavepoints(stores: readonly MemoryKv[]): Savepoints {
  const taken: (readonly (readonly [MemoryKv, ReturnType<MemoryKv["snapshot"]>])[])[] = [];
  return {
    savepoint: () => taken.push(stores.map((store) => [store, store.snapshot()] as const)) - 1,
    rollback(to) {
      for (const [store, snapshot] of taken[to] ?? []) store.restore(snapshot);
      taken.length = to;
    },
    release(to) {
      taken.length = to;
    },
  };
}

/** Runs a transition; a failure leaves no trace. */
function atomically<T>(stores: readonly MemoryKv[], events: ChainEvent[], run: () => T): T {
  const before = stores.map((store) => [store, store.snapshot()] as const);
  const seen = events.length;
  try {
    return run();
  } catch (error) {
    for (const [store, snapshot] of before) store.restore(snapshot);
    events.length = seen;
    throw error;
  }
}

function initModule({ name, genesis: declared }: BoundModule, ctx: Ctx, genesis: object | undefined): void {
  if (declared === undefined) throw new Error(`${name} has generic genesis`);
  const state = declared.type.fromPartial(genesis ?? declared.handlers.default());
  declared.handlers.validate?.(state);
  declared.handlers.init(ctx, state);
}

function brokenIn({ name, invariants }: BoundModule, ctx: Ctx): string[] {
  return Object.values(invariants)
    .flatMap((holds) => holds(ctx) ?? [])
    .map((text) => `${name}: ${text}`);
}

/** Typed events with plain JSON values; the real form comes from the descriptors. */
const formatEvent: EventFormatter = (event, value) =>
  createEvent(
    event.$type,
    Object.entries(value as Readonly<Record<string, unknown>>).map(
      ([key, field]) => [key, JSON.stringify(field, (_, v: unknown) => (typeof v === "bigint" ? v.toString() : v))] as const,
    ),
  );

/** Events as `type(key=value, …)`, one per line. */
export function eventLines(events: readonly ChainEvent[]): string[] {
  return events.map(({ type, attributes }) => `${type}(${attributes.map(({ key, value }) => `${key}=${value}`).join(", ")})`);
}

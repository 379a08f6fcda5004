import { type AddressCodec, createAddressCodec, moduleAddress } from "./address.ts";
import { requireAuthority } from "./authority.ts";
import type { ProtoCodec } from "./codec.ts";
import { type BoundItem, type BoundMap, bindItem, bindMap, coll, type ItemDef, type MapDef, valueCodec } from "./collections.ts";
import type { Ctx, ReadCtx } from "./ctx.ts";
import { bindErrors, type ErrorTable, sdkError } from "./errors.ts";
import type { Invariant } from "./invariant.ts";
import { memoized } from "./memoized.ts";
import type { ModuleVersions } from "./messageService.ts";
import type {
  BlockInfo,
  ChainConfig,
  ErasedChecks,
  ErasedHandler,
  ErasedService,
  ErasedSpec,
  Facets,
  GenesisHandlers,
  Module,
  ValidatorUpdate,
} from "./module.ts";

/** One method of a bound module, ready to be called with decoded requests. */
export interface BoundMethod {
  /** `/cosmos.bank.v1beta1.MsgSend` for messages, `/cosmos.bank.v1beta1.Query/Balance` for queries. */
  readonly path: string;
  readonly module: string;
  readonly request: ProtoCodec<unknown>;
  readonly response: ProtoCodec<unknown>;
  readonly handle: ErasedHandler;
  /** Stateless check of the request, if the module has one. */
  readonly check?: (req: unknown) => void;
  /** What the handler will refuse whatever the state, if the module says so. */
  readonly foresee?: (req: unknown) => void;
}

/** A module bound to a chain: its declaration turned into tables that the runtime walks. */
export interface BoundModule {
  readonly name: string;
  readonly version: number;
  readonly store: string;
  readonly spec: ErasedSpec;
  readonly account: string;
  readonly api: Facets;
  readonly state: Readonly<Record<string, BoundMap<unknown, unknown, object> | BoundItem<unknown>>>;
  readonly msgs: readonly BoundMethod[];
  readonly queries: readonly BoundMethod[];
  readonly beginBlock?: (ctx: Ctx, block: BlockInfo) => void;
  readonly endBlock?: (ctx: Ctx) => void | readonly ValidatorUpdate[];
  readonly invariants: Readonly<Record<string, Invariant>>;
  readonly genesis?: { readonly type: ProtoCodec<unknown>; readonly handlers: GenesisHandlers<unknown> };
  readonly params?: {
    readonly type: ProtoCodec<unknown>;
    readonly item: BoundItem<unknown>;
    readonly default: unknown;
    readonly validate: (params: unknown) => void;
  };
  /** Runs the migrations from `from` (exclusive) to the module's version. */
  migrate(ctx: Ctx, from: number): void;
}

/** What the app hands to its modules. */
export interface BindOptions {
  readonly modules: readonly Module[];
  readonly chain: ChainConfig;
  /** Values of declared ports: module name → port name → capability; `unconnected` where only tables are read and no handler runs. */
  readonly ports?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | "unconnected";
  /** Versions in the state; every module's own when left out. */
  readonly versions?: ModuleVersions;
}

/**
 * Binds modules in the order of the list, which is the order of block hooks, genesis and subscribers. A module's needs must stand before it.
 * @throws sdk/40 when a need, facet or port is missing, or prefixes collide.
 */
export function bindModules(options: BindOptions): readonly BoundModule[] {
  const address = createAddressCodec(options.chain.bech32Prefix);
  const authority = authorityOf(options.chain, address);
  const bound = new Map<string, BoundModule>();
  const subscribers = new Map<string, ((ctx: Ctx, ...args: readonly unknown[]) => void)[]>();
  for (const { spec } of options.modules) {
    if (bound.has(spec.name)) throw sdkError.appConfig(`module ${spec.name} is listed twice`);
    bound.set(spec.name, bindModule(spec, { options, address, authority, bound, subscribers }));
  }
  return [...bound.values()];
}

/** An address as it is, anything else as the name of a module (cosmos-sdk x/auth NewModuleAddressOrBech32Address). */
function authorityOf({ authorityModule }: ChainConfig, address: AddressCodec): string {
  try {
    return address.format(address.parse(authorityModule));
  } catch {
    return address.format(moduleAddress(authorityModule));
  }
}

interface Binding {
  readonly options: BindOptions;
  readonly address: AddressCodec;
  readonly authority: string;
  readonly bound: ReadonlyMap<string, BoundModule>;
  readonly subscribers: Map<string, ((ctx: Ctx, ...args: readonly unknown[]) => void)[]>;
}

function bindModule(spec: ErasedSpec, binding: Binding): BoundModule {
  const { address, authority, options } = binding;
  const store = spec.store ?? spec.name;
  checkPrefixes(spec);
  const account = address.format(moduleAddress(spec.name));
  const err = bindErrors(spec.name, spec.errors ?? {});
  const params = bindParams(spec, store, address);
  const state = bindState(spec, store, address);
  const base = {
    state,
    needs: bindNeeds(spec, binding.bound),
    ports: bindPorts(spec, options),
    emit: bindHooks(spec, binding.subscribers),
    params: { get: (ctx: ReadCtx) => params?.item.get(ctx), set: (ctx: Ctx, p: unknown) => setParams(params, ctx, p) },
    err,
    address,
    chain: options.chain,
    account,
    authority,
    modules: options.modules.map(({ name }) => name),
    stateVersion: (ctx: ReadCtx) => Number(options.versions?.find(ctx, spec.name) ?? spec.version),
  };
  const api = spec.api?.(base) ?? {};
  const parts = { ...base, api };
  subscribe(spec, parts, binding.subscribers);
  const auto = { authority, params };
  return {
    name: spec.name,
    version: spec.version,
    store,
    spec,
    account,
    api,
    state,
    msgs: [
      ...bindMsgs(spec.name, spec.msgs, spec, parts, auto, { address, err }),
      ...bindMsgs(spec.name, spec.legacy?.msgs, spec.legacy ?? {}, parts, auto, { address, err }),
    ],
    queries: [...bindQueries(spec.name, spec.queries, parts, auto), ...bindQueries(spec.name, spec.legacy?.queries, parts, auto)],
    ...(spec.beginBlock === undefined ? {} : { beginBlock: spec.beginBlock(parts) }),
    ...(spec.endBlock === undefined ? {} : { endBlock: spec.endBlock(parts) }),
    invariants: spec.invariants?.(parts) ?? {},
    ...(spec.genesis === undefined ? {} : { genesis: { type: spec.genesis[0], handlers: spec.genesis[1](parts) } }),
    ...(params === undefined ? {} : { params }),
    migrate(ctx, from) {
      for (let v = from + 1; v <= spec.version; v++) spec.migrate?.[v]?.(base, ctx);
    },
  };
}

function bindState(spec: ErasedSpec, store: string, address: AddressCodec): BoundModule["state"] {
  const state: Record<string, BoundMap<unknown, unknown, object> | BoundItem<unknown>> = {};
  for (const [name, def] of Object.entries(spec.state)) {
    const label = `${spec.name}.${name}`;
    state[name] =
      def.kind === "map"
        ? bindMap(store, { address }, label, def as MapDef<unknown, unknown, object>)
        : bindItem(store, label, def as ItemDef<unknown>);
  }
  return state;
}

/** INVARIANT: no two collections or indexes of a module share a prefix byte. */
function checkPrefixes(spec: ErasedSpec): void {
  const owners = new Map<number, string>();
  const claim = (prefix: number, name: string): void => {
    const owner = owners.get(prefix);
    if (owner !== undefined) throw sdkError.appConfig(`prefix ${prefix} of ${spec.name} belongs to both ${owner} and ${name}`);
    if (!Number.isInteger(prefix) || prefix < 0 || prefix > 254)
      throw sdkError.appConfig(`prefix of ${spec.name}.${name} in 0…254 expected, got ${prefix}`);
    owners.set(prefix, name);
  };
  if (spec.params !== undefined) claim(spec.params.prefix ?? 0, "params");
  for (const [name, def] of Object.entries(spec.state)) {
    claim(def.prefix, name);
    if (def.kind === "map") for (const [index, row] of Object.entries(def.index)) claim((row as readonly [number])[0], `${name}.${index}`);
  }
}

function bindNeeds(spec: ErasedSpec, bound: ReadonlyMap<string, BoundModule>): object {
  const needs: Record<string, object> = {};
  for (const [name, need] of Object.entries(spec.needs ?? {})) {
    const provider = bound.get(need.module);
    if (provider === undefined)
      throw sdkError.appConfig(`module ${spec.name} needs ${need.module}, which must stand before it in the module list`);
    const abilities: Record<string, unknown> = {};
    for (const facet of need.facets) {
      const offered = provider.api[facet];
      if (offered === undefined) throw sdkError.appConfig(`module ${need.module} offers no facet ${facet}`);
      Object.assign(abilities, offered);
    }
    needs[name] = Object.freeze(abilities);
  }
  return needs;
}

function bindPorts(spec: ErasedSpec, options: BindOptions): object {
  const ports: Record<string, unknown> = {};
  if (options.ports === "unconnected") return ports;
  for (const name of Object.keys(spec.ports ?? {})) {
    const capability = options.ports?.[spec.name]?.[name];
    if (capability === undefined) throw sdkError.appConfig(`port ${name} of module ${spec.name} is not connected`);
    ports[name] = capability;
  }
  return ports;
}

function bindHooks(spec: ErasedSpec, subscribers: Binding["subscribers"]): object {
  const emit: Record<string, (ctx: Ctx, ...args: readonly unknown[]) => void> = {};
  for (const name of Object.keys(spec.hooks ?? {})) {
    const list: ((ctx: Ctx, ...args: readonly unknown[]) => void)[] = [];
    subscribers.set(`${spec.name}.${name}`, list);
    emit[name] = (ctx, ...args) => {
      for (const subscriber of list) subscriber(ctx, ...args);
    };
  }
  return emit;
}

function subscribe(spec: ErasedSpec, parts: object, subscribers: Binding["subscribers"]): void {
  for (const [needName, handlers] of Object.entries(spec.on?.(parts) ?? {})) {
    const module = spec.needs?.[needName]?.module ?? needName;
    for (const [hookName, handler] of Object.entries(handlers)) {
      const list = subscribers.get(`${module}.${hookName}`);
      if (list === undefined) throw sdkError.appConfig(`module ${spec.name} subscribes to ${module}.${hookName}, which does not exist`);
      list.push(handler);
    }
  }
}

function bindParams(spec: ErasedSpec, store: string, address: AddressCodec): BoundModule["params"] {
  if (spec.params === undefined) return undefined;
  const { type, default: initial, prefix = 0, validate } = spec.params;
  const item = bindItem(store, `${spec.name}.params`, coll.item(prefix, memoized(valueCodec(type)), initial));
  return { type, item, default: initial, validate: (p) => validate?.(p, address) };
}

function setParams(params: BoundModule["params"], ctx: Ctx, value: unknown): void {
  if (params === undefined) throw sdkError.logic("the module declares no params");
  params.validate(value);
  params.item.set(ctx, value);
}

interface Auto {
  readonly authority: string;
  readonly params: BoundModule["params"];
}

function bindMsgs(
  module: string,
  declared: ErasedService | undefined,
  checks: { readonly check?: ErasedChecks; readonly foresee?: ErasedChecks },
  parts: object,
  auto: Auto,
  env: { address: AddressCodec; err: object },
): BoundMethod[] {
  if (declared === undefined) return [];
  const [service, factory] = declared;
  const handlers = factory(parts);
  return Object.entries(service.methods).map(([name, method]) => {
    const request = method.requestType as ProtoCodec<unknown>;
    const handle = handlers[name] ?? (name === "updateParams" ? updateParams(auto) : undefined);
    if (handle === undefined) throw sdkError.appConfig(`module ${module} has no handler for ${name}`);
    const bound = (check: ErasedChecks[string] | undefined) =>
      check === undefined ? undefined : (req: unknown) => check(req, env as { address: AddressCodec; err: ErrorTable & never });
    const check = bound(checks.check?.[name]);
    const foresee = bound(checks.foresee?.[name]);
    return {
      path: `/${request.$type}`,
      module,
      request,
      response: method.responseType as ProtoCodec<unknown>,
      handle,
      ...(check === undefined ? {} : { check }),
      ...(foresee === undefined ? {} : { foresee }),
    };
  });
}

function bindQueries(module: string, declared: ErasedService | undefined, parts: object, auto: Auto): BoundMethod[] {
  if (declared === undefined) return [];
  const [service, factory] = declared;
  const handlers = factory(parts);
  return Object.entries(service.methods).map(([name, method]) => {
    const handle = handlers[name] ?? (name === "params" ? (ctx: Ctx) => ({ params: auto.params?.item.get(ctx) }) : undefined);
    if (handle === undefined) throw sdkError.appConfig(`module ${module} has no handler for query ${name}`);
    return {
      path: `/${service.fullName}/${method.name}`,
      module,
      request: method.requestType as ProtoCodec<unknown>,
      response: method.responseType as ProtoCodec<unknown>,
      handle,
    };
  });
}

/** The governed parameter update that every module with `params` has. */
function updateParams({ authority, params }: Auto): ErasedHandler {
  return (ctx, req) => {
    const { authority: sender, params: next } = req as { readonly authority: string; readonly params?: unknown };
    requireAuthority(authority, sender);
    if (next === undefined) throw sdkError.invalidRequest("params must be set");
    setParams(params, ctx, next);
    return {};
  };
}

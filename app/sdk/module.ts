import type { AddressCodec } from "./address.ts";
import type { MethodDefinition, ProtoCodec, ServiceDefinition } from "./codec.ts";
import type { BoundState, CollDef } from "./collections.ts";
import type { Ctx, ReadCtx } from "./ctx.ts";
import type { ErrorConstructors, ErrorTable } from "./errors.ts";
import type { Invariant } from "./invariant.ts";

/** What differs between chains that run the same modules. */
export interface ChainConfig {
  /** Bech32 prefix of accounts; validators use `<prefix>valoper` and `<prefix>valcons`. */
  readonly bech32Prefix: string;
  /** SLIP-44 coin type of the wallets' key path. */
  readonly coinType: number;
  /** Base denomination of fees and stake. */
  readonly baseDenom: string;
  /** Atomic units of stake to one unit of a validator's power (the SDK's PowerReduction, 10^6 where a coin has six decimals). */
  readonly powerReduction: bigint;
  /** Who may change parameters: a module, whose account it is (the SDK's `gov`), or an address (bech32), as in the SDK's own configuration. */
  readonly authorityModule: string;
}

/** A hook that a module offers: others subscribe with `on`. */
export interface HookDecl<A extends readonly unknown[]> {
  readonly decl: "hook";
  readonly args?: A;
}
/** Declares a hook with the given arguments. */
export const hook = <A extends readonly unknown[]>(): HookDecl<A> => ({ decl: "hook" });

/** A capability from outside the state machine (kernels, …), injected where the app is put together. */
export interface PortDecl<P> {
  readonly decl: "port";
  readonly of?: P;
}
/** Declares a port of type P. */
export const port = <P>(): PortDecl<P> => ({ decl: "port" });

/** Named sets of abilities that a module hands to others, so that a dependant asks for the least it needs. */
export type Facets = Readonly<Record<string, object>>;

/** A declared module; `facet` is how another module asks for some of its abilities. */
export interface Module<N extends string = string, A extends Facets = Facets, H = unknown> {
  readonly name: N;
  readonly version: number;
  readonly hooks: H;
  readonly api?: A;
  readonly spec: ErasedSpec;
  facet<K extends keyof A & string>(...names: readonly K[]): Need<Pick<A, K>, H>;
}

/** A dependency on facets of another module. */
export interface Need<A, H> {
  readonly decl: "need";
  readonly module: string;
  readonly facets: readonly string[];
  readonly api?: A;
  readonly hooks: H;
}

type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never;
type Apis<R> = { readonly [K in keyof R]: R[K] extends Need<infer A, unknown> ? UnionToIntersection<A[keyof A]> : never };
type Ports<O> = { readonly [K in keyof O]: O[K] extends PortDecl<infer P> ? P : never };
type Emit<H> = { readonly [K in keyof H]: H[K] extends HookDecl<infer A> ? (ctx: Ctx, ...args: A) => void : never };
type Subscriptions<R> = {
  readonly [K in keyof R]?: R[K] extends Need<infer _A, infer H>
    ? { readonly [E in keyof H]?: H[E] extends HookDecl<infer A> ? (ctx: Ctx, ...args: A) => void : never }
    : never;
};
type Handler<M, C> = M extends MethodDefinition<infer Q, infer R> ? (ctx: C, req: Q) => Partial<R> : never;
type Handlers<D extends ServiceDefinition, C, Auto extends string> = {
  readonly [K in Exclude<keyof D["methods"], Auto>]: Handler<D["methods"][K], C>;
} & {
  readonly [K in Extract<keyof D["methods"], Auto>]?: Handler<D["methods"][K], C>;
};

/** Handlers of a Msg service, for modules that keep them in files of their own; `UpdateParams` follows from `params`. */
export type MsgHandlers<D extends ServiceDefinition> = Handlers<D, Ctx, "updateParams">;
/** Handlers of a Query service, for modules that keep them in files of their own; `Params` follows from `params`. */
export type QueryHandlers<D extends ServiceDefinition> = Handlers<D, ReadCtx, "params">;

/** What stateless checks may use besides the request. */
export interface CheckEnv<E> {
  readonly address: AddressCodec;
  readonly err: ErrorConstructors<E>;
}
type Checks<D extends ServiceDefinition, E> = {
  readonly [K in keyof D["methods"]]?: D["methods"][K] extends MethodDefinition<infer Q, infer _R>
    ? (req: Q, env: CheckEnv<E>) => void
    : never;
};

/** A change of the validator set; power 0 removes (ABCI ValidatorUpdate). */
export interface ValidatorUpdate {
  readonly keyType: "ed25519" | "secp256k1";
  readonly publicKey: Uint8Array;
  readonly power: bigint;
}

/** What a block brings besides its transactions. */
export interface BlockInfo {
  /** Consensus address of the proposer. */
  readonly proposer: Uint8Array;
  readonly hash: Uint8Array;
  /** Of the validators of the next block, as the header has it. */
  readonly nextValidatorsHash: Uint8Array;
  /** Of the state before this block, as the header has it. */
  readonly appHash: Uint8Array;
  readonly lastCommit: readonly {
    readonly address: Uint8Array;
    readonly power: bigint /** 1 absent, 2 commit, 3 nil */;
    readonly flag: number;
  }[];
  readonly misbehavior: readonly {
    readonly type: number;
    readonly address: Uint8Array;
    readonly power: bigint;
    readonly height: bigint;
    readonly timeNs: bigint;
    readonly totalPower: bigint;
  }[];
}

/** What the functions of a declaration get. */
export interface Parts<S, R, O, P, H, E> {
  readonly state: BoundState<S>;
  readonly needs: Apis<R>;
  readonly ports: Ports<O>;
  /** Calls the subscribers of the module's own hooks, in the order of the app's module list. */
  readonly emit: Emit<H>;
  readonly params: { get(ctx: ReadCtx): P; set(ctx: Ctx, params: P): void };
  readonly err: ErrorConstructors<E>;
  readonly address: AddressCodec;
  readonly chain: ChainConfig;
  /** The module's own account: escrow, pools, fees. */
  readonly account: string;
  /** The account that may change parameters. */
  readonly authority: string;
  /** Names of all modules of the chain, in their order: their accounts are nobody's to sign for. */
  readonly modules: readonly string[];
  /** Version that the module's state has: below the module's own until the block of the upgrade, where `oldest` allows it. */
  stateVersion(ctx: ReadCtx): number;
}

/** Genesis of a module that has a wire format of its own; without it every collection is written and read generically. */
export interface GenesisHandlers<G> {
  default(): Partial<G>;
  /** What `hanzod genesis validate` and a first start ask for. @throws ModuleError naming the path that is wrong. */
  validate?(genesis: G): void;
  /** CONTRACT: checks by itself what the state cannot have. */
  init(ctx: Ctx, genesis: G): void | readonly ValidatorUpdate[];
  export(ctx: ReadCtx): G;
  /**
   * JSON of the part where it is not that of its message, as with gen_txs, whose bytes are JSON themselves.
   * `read` @throws sdk/17 with the path of what is unknown or malformed
   */
  readonly json?: { read(json: unknown): G; write(genesis: G): unknown };
  /**
   * Changes a copy of the state so that a chain can begin from its export at height 1 (the SDK's `--for-zero-height`); for modules whose state
   * names heights. The context stands at the last block, and the copies of the modules before it in the list are done.
   */
  prepareZeroHeight?(ctx: Ctx): void;
}

/** The declaration of a module. One object says everything that the chain, its APIs and its tools need to know. */
export interface Spec<
  N extends string,
  P,
  S,
  R,
  O,
  H,
  E extends ErrorTable,
  A extends Facets,
  M extends ServiceDefinition,
  Q extends ServiceDefinition,
  G,
  LM extends ServiceDefinition,
  LQ extends ServiceDefinition,
> {
  /** Store name (unless `store` differs), codespace, CLI noun. */
  readonly name: N;
  readonly version: number;
  /** Oldest version of the state whose rules the code still has, `version` when left out: its functions ask `stateVersion` which ones count. */
  readonly oldest?: number;
  /** Store name where it differs from the name (the SDK's auth keeps its accounts in `acc`). */
  readonly store?: string;
  readonly needs?: R;
  readonly ports?: O;
  readonly hooks?: H;
  readonly errors?: E;
  readonly state: S;
  /** `prefix` defaults to 0. Query `Params` and message `UpdateParams` follow by themselves. */
  readonly params?: {
    readonly type: ProtoCodec<P>;
    readonly default: P;
    readonly prefix?: number;
    validate?(params: P, address: AddressCodec): void;
  };
  readonly api?: (m: Parts<S, R, O, P, H, E>) => A;
  readonly msgs?: readonly [M, (m: Parts<S, R, O, P, H, E> & { readonly api: A }) => Handlers<M, Ctx, "updateParams">];
  readonly queries?: readonly [Q, (m: Parts<S, R, O, P, H, E> & { readonly api: A }) => Handlers<Q, ReadCtx, "params">];
  /** Stateless checks of messages: run in CheckTx and before the handler; throw to refuse. */
  readonly check?: Checks<M, E>;
  /**
   * Stateless checks that the handlers do themselves, where state is looked into first: run in CheckTx alone, so that what cannot succeed costs nothing
   * there, and in a block fails with what the Cosmos SDK finds first.
   */
  readonly foresee?: Checks<M, E>;
  /** Services of an older version of the module's wire, served beside the newer ones for clients that know no other. */
  readonly legacy?: {
    readonly msgs?: readonly [LM, (m: Parts<S, R, O, P, H, E> & { readonly api: A }) => Handlers<LM, Ctx, never>];
    readonly queries?: readonly [LQ, (m: Parts<S, R, O, P, H, E> & { readonly api: A }) => Handlers<LQ, ReadCtx, never>];
    readonly check?: Checks<LM, E>;
  };
  readonly on?: (m: Parts<S, R, O, P, H, E> & { readonly api: A }) => Subscriptions<R>;
  readonly beginBlock?: (m: Parts<S, R, O, P, H, E> & { readonly api: A }) => (ctx: Ctx, block: BlockInfo) => void;
  readonly endBlock?: (m: Parts<S, R, O, P, H, E> & { readonly api: A }) => (ctx: Ctx) => void | readonly ValidatorUpdate[];
  /** Each returns undefined while it holds, else what is wrong. */
  readonly invariants?: (m: Parts<S, R, O, P, H, E> & { readonly api: A }) => Readonly<Record<string, Invariant>>;
  /** Migrations by the version they lead to. */
  readonly migrate?: Readonly<Record<number, (m: Parts<S, R, O, P, H, E>, ctx: Ctx) => void>>;
  readonly genesis?: readonly [ProtoCodec<G>, (m: Parts<S, R, O, P, H, E> & { readonly api: A }) => GenesisHandlers<G>];
}

/** A handler whose request and response types are forgotten; the runtime pairs it with its codecs. */
export type ErasedHandler = (ctx: Ctx, req: unknown) => object;
type Factory<T> = (m: object) => T;

/** A service and what makes its handlers. */
export type ErasedService = readonly [ServiceDefinition, Factory<Readonly<Record<string, ErasedHandler>>>];
/** Stateless checks of a service's requests, by method. */
export type ErasedChecks = Readonly<Record<string, (req: unknown, env: CheckEnv<ErrorTable>) => void>>;

/** A declaration as the runtime sees it. */
export interface ErasedSpec {
  readonly name: string;
  readonly version: number;
  readonly oldest?: number;
  readonly store?: string;
  readonly needs?: Readonly<Record<string, Need<unknown, unknown>>>;
  readonly ports?: Readonly<Record<string, PortDecl<unknown>>>;
  readonly hooks?: Readonly<Record<string, HookDecl<readonly unknown[]>>>;
  readonly errors?: ErrorTable;
  readonly state: Readonly<Record<string, CollDef>>;
  readonly params?: {
    readonly type: ProtoCodec<unknown>;
    readonly default: unknown;
    readonly prefix?: number;
    validate?(params: unknown, address: AddressCodec): void;
  };
  readonly api?: Factory<Facets>;
  readonly msgs?: ErasedService;
  readonly queries?: ErasedService;
  readonly check?: ErasedChecks;
  readonly foresee?: ErasedChecks;
  readonly legacy?: {
    readonly msgs?: ErasedService;
    readonly queries?: ErasedService;
    readonly check?: ErasedChecks;
  };
  readonly on?: Factory<Readonly<Record<string, Readonly<Record<string, (ctx: Ctx, ...args: readonly unknown[]) => void>>>>>;
  readonly beginBlock?: Factory<(ctx: Ctx, block: BlockInfo) => void>;
  readonly endBlock?: Factory<(ctx: Ctx) => void | readonly ValidatorUpdate[]>;
  readonly invariants?: Factory<Readonly<Record<string, Invariant>>>;
  readonly migrate?: Readonly<Record<number, (m: object, ctx: Ctx) => void>>;
  readonly genesis?: readonly [ProtoCodec<unknown>, Factory<GenesisHandlers<unknown>>];
}

/** Declares a module. Wrong facets, missing handlers, wrong fields and unknown errors are compile errors; mutual needs are, too. */
export function defineModule<
  const N extends string,
  S extends Record<string, CollDef>,
  M extends ServiceDefinition = never,
  Q extends ServiceDefinition = never,
  P = never,
  const E extends ErrorTable = {},
  H extends Record<string, HookDecl<readonly unknown[]>> = {},
  O extends Record<string, PortDecl<unknown>> = {},
  R extends Record<string, Need<unknown, unknown>> = {},
  A extends Facets = {},
  G = never,
  LM extends ServiceDefinition = never,
  LQ extends ServiceDefinition = never,
>(spec: Spec<N, P, S, R, O, H, E, A, M, Q, G, LM, LQ>): Module<N, A, H> {
  const hooks = (spec.hooks ?? {}) as H;
  return {
    name: spec.name,
    version: spec.version,
    hooks,
    spec: spec as unknown as ErasedSpec,
    facet: (...facets) => ({ decl: "need", module: spec.name, facets, hooks }),
  };
}

/** Full names of the services whose requests are the messages of these modules, older versions behind the newer. */
export function msgServicesOf(modules: readonly Module[]): readonly string[] {
  return modules.flatMap(({ spec: { msgs, legacy } }) => [msgs, legacy?.msgs].flatMap((service) => service?.[0].fullName ?? []));
}

/** Full names of the services that answer queries of these modules, older versions behind the newer. */
export function queryServicesOf(modules: readonly Module[]): readonly string[] {
  return modules.flatMap(({ spec: { queries, legacy } }) => [queries, legacy?.queries].flatMap((service) => service?.[0].fullName ?? []));
}

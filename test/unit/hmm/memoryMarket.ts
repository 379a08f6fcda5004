// The market with its bank on a store in memory: what the tests of its transitions run on.
import assert from "node:assert/strict";
import type { GenesisState as BankGenesis } from "#proto/cosmos/bank/v1beta1/genesis";
import type { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import type { Params } from "#proto/hanzo/hmm/v1/types";
import {
  type BlockInfo,
  type BoundModule,
  bindModules,
  type ChainEvent,
  type Ctx,
  createAddressCodec,
  createCtx,
  createGasMeter,
  ModuleError,
  moduleAddress,
} from "#sdk";
import type { KVStore, Range } from "../../../app/store/kv.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { defaultHmmGenesis, type HmmGenesisOptions, hmm, LOCAL_CLASSES, type ResourceClass } from "../../../modules/hmm/index.ts";

/** Names of this test chain; none is a default of the market. */
export const CHAIN = {
  bech32Prefix: "test",
  coinType: 118,
  baseDenom: "atest",
  powerReduction: 1_000_000n,
  authorityModule: "gov",
} as const;
export const address = createAddressCodec(CHAIN.bech32Prefix);
/** The market's own account. */
export const ACCOUNT = address.format(moduleAddress("hmm"));
/** Account that receives the treasury share. */
export const TREASURY = address.format(moduleAddress("treasury"));
/** Account of a name. */
export const accountOf = (name: string): string => address.format(moduleAddress(`user/${name}`));
const E18 = 10n ** 18n;

/** Abilities of the bank that tests use. */
interface TestBank {
  balance(ctx: Ctx, owner: string, denom: string): bigint;
  supply(ctx: Ctx, denom: string): bigint;
  send(ctx: Ctx, from: string, to: string, denom: string, amount: bigint): void;
  mint(ctx: Ctx, to: string, denom: string, amount: bigint): void;
}

export interface MemoryMarket {
  readonly bank: TestBank;
  /** Calls a message handler as a transaction does: a failure leaves no trace. */
  send<R>(name: string, request: object): R;
  query<R>(name: string, request: object): R;
  /** Ends the block and begins the next. */
  endBlock(): void;
  readonly ctx: Ctx;
  readonly events: ChainEvent[];
  exportGenesis(): GenesisState;
  /** @throws AssertionError when an invariant is broken */
  requireInvariants(): void;
  /** Balance of a coin. */
  balance(owner: string, denom: string): bigint;
}

class MemoryStore implements KVStore {
  private rows: Map<string, readonly [Uint8Array, Uint8Array]> = new Map();
  get(key: Uint8Array): Uint8Array | undefined {
    return this.rows.get(hex(key))?.[1];
  }
  has(key: Uint8Array): boolean {
    return this.rows.has(hex(key));
  }
  set(key: Uint8Array, value: Uint8Array): void {
    this.rows.set(hex(key), [key.slice(), value.slice()]);
  }
  delete(key: Uint8Array): void {
    this.rows.delete(hex(key));
  }
  *iterate(range: Range = {}): IterableIterator<readonly [Uint8Array, Uint8Array]> {
    const names = [...this.rows.keys()].sort();
    if (range.reverse) names.reverse();
    const [start, end] = [range.start && hex(range.start), range.end && hex(range.end)];
    for (const name of names) {
      const row = this.rows.get(name);
      if (row !== undefined && (start === undefined || name >= start) && (end === undefined || name < end)) yield row;
    }
  }
  save(): () => void {
    const rows = new Map(this.rows);
    return () => {
      this.rows = rows;
    };
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Method of a bound module by the last part of its path. */
function method(module: BoundModule, kind: "msgs" | "queries", name: string): BoundModule["msgs"][number] {
  const path = kind === "msgs" ? `.Msg${name}` : `/${name}`;
  const found = module[kind].find((m) => m.path.endsWith(path));
  assert.ok(found !== undefined, `${kind} ${name}`);
  return found;
}

function bound(modules: readonly BoundModule[], name: string): BoundModule {
  const found = modules.find((m) => m.name === name);
  assert.ok(found !== undefined, name);
  return found;
}

export interface MemoryMarketOptions {
  /** Native base units of the accounts `alice` and `bob`. */
  readonly native?: bigint;
  readonly genesis?: Partial<HmmGenesisOptions>;
  /** Balances of the bank's genesis, instead of the planned ones. */
  readonly coins?: readonly (readonly [owner: string, denom: string, amount: bigint])[];
  /** Whether users may send credit to each other; a market refuses to open then. */
  readonly creditIsSendable?: boolean;
  /** Last change to the genesis before it is read. */
  readonly change?: (genesis: GenesisState) => GenesisState;
  /** Resource tokens of accounts, with the commitments that stand for them. */
  readonly holders?: readonly (readonly [owner: string, poolId: string, amount: bigint])[];
  /** First height; 1 when left out. */
  readonly height?: bigint;
  /** Parameters that differ from the defaults. */
  readonly params?: Partial<Params>;
}

/** A pool for tests: the local chain's pool for GPUs with other reserves. */
export function testClass(psi: bigint, theta: bigint): ResourceClass {
  const gpu = LOCAL_CLASSES.find(({ id }) => id === "gpu");
  assert.ok(gpu !== undefined);
  return { ...gpu, psi, theta };
}

/** Commitments of the provider for tokens that accounts hold. */
function withHolders(genesis: GenesisState, holders: NonNullable<MemoryMarketOptions["holders"]>): GenesisState {
  const [first] = genesis.commitments;
  assert.ok(first !== undefined);
  const more = holders.map(([, poolId, amount], i) => ({
    ...first,
    id: genesis.lastCommitmentId + BigInt(i + 1),
    worker: accountOf("provider"),
    poolId,
    outstanding: amount.toString(),
  }));
  return {
    ...genesis,
    commitments: [...genesis.commitments, ...more],
    lastCommitmentId: genesis.lastCommitmentId + BigInt(more.length),
  };
}

const NO_BLOCK: BlockInfo = {
  proposer: new Uint8Array(20),
  hash: new Uint8Array(32),
  nextValidatorsHash: new Uint8Array(32),
  appHash: new Uint8Array(32),
  lastCommit: [],
  misbehavior: [],
};

/** Genesis of the bank without balances: those are minted, which gives their owners accounts. */
function initBank(bankModule: BoundModule, ctx: Ctx, genesis: Partial<BankGenesis>): void {
  assert.ok(bankModule.genesis !== undefined);
  const { handlers, type } = bankModule.genesis;
  handlers.init(ctx, type.fromPartial({ ...handlers.default(), ...genesis } as never));
}

/** Blocks over stores in memory. */
interface MemoryChain {
  readonly ctx: Ctx;
  readonly events: ChainEvent[];
  nextBlock(): void;
  /** Runs with all changes and events undone when it throws. */
  atomically<R>(run: (ctx: Ctx) => R): R;
}

function createChain(modules: readonly BoundModule[], height: bigint): MemoryChain {
  const stores = new Map(modules.map((m) => [m.store, new MemoryStore()]));
  const events: ChainEvent[] = [];
  const open = (height: bigint): Ctx =>
    createCtx({
      height,
      timeNs: height * 1_000_000_000n,
      chainId: "test-1",
      gas: createGasMeter(),
      stores: (name) => stores.get(name) ?? assert.fail(name),
      events,
      formatEvent: (event, value) => ({
        type: event.$type,
        attributes: Object.entries(value as object).map(([key, v]) => ({ key, value: String(v) })),
      }),
    });
  let ctx = open(height);
  return {
    get ctx() {
      return ctx;
    },
    events,
    nextBlock() {
      ctx = open(ctx.height + 1n);
    },
    atomically(run) {
      const undo = [...stores.values()].map((store) => store.save());
      const before = events.length;
      try {
        return run(ctx);
      } catch (cause) {
        for (const restore of undo) restore();
        events.length = before;
        throw cause;
      }
    },
  };
}

/** Writes the genesis of bank and market. */
function initChain(modules: readonly BoundModule[], coins: TestBank, ctx: Ctx, options: MemoryMarketOptions): void {
  const { native = 10_000n * E18, genesis = {}, coins: balances, creditIsSendable = false, change = (g) => g } = options;
  const plan = defaultHmmGenesis({ account: ACCOUNT, nativeDenom: CHAIN.baseDenom, provider: accountOf("provider"), ...genesis });
  const bankGenesis = creditIsSendable ? {} : { sendEnabled: [...plan.sendEnabled], denomMetadata: [...plan.metadata] };
  initBank(bound(modules, "bank"), ctx, bankGenesis);
  const planned = [
    ...plan.funding.map(({ denom, amount }) => [ACCOUNT, denom, BigInt(amount)] as const),
    ...["alice", "bob"].map((name) => [accountOf(name), CHAIN.baseDenom, native] as const),
  ];
  for (const [owner, denom, amount] of balances ?? planned) coins.mint(ctx, owner, denom, amount);
  const { holders = [], params = {} } = options;
  for (const [owner, poolId, amount] of holders) {
    coins.mint(ctx, owner, plan.genesis.pools.find(({ id }) => id === poolId)?.denom ?? assert.fail(poolId), amount);
  }
  const { genesis: market } = bound(modules, "hmm");
  assert.ok(market !== undefined && plan.genesis.params !== undefined);
  const withParams = { ...plan.genesis, params: { ...plan.genesis.params, ...params } };
  const opened = change(holders.length === 0 ? withParams : withHolders(withParams, holders));
  market.handlers.init(ctx, market.type.decode(market.type.encode(opened).finish()));
}

/** Opens a market. Unless told otherwise Alice and Bob own native tokens, the provider owns nearly all first shares, and the market's account is funded as planned. */
export function openMarket(options: MemoryMarketOptions = {}): MemoryMarket {
  const modules = bindModules({ modules: [auth, bank, hmm], chain: CHAIN });
  const chain = createChain(modules, options.height ?? 1n);
  const market = bound(modules, "hmm");
  const coins = Object.assign({}, ...Object.values(bound(modules, "bank").api)) as TestBank;
  initChain(modules, coins, chain.ctx, options);
  market.beginBlock?.(chain.ctx, NO_BLOCK);
  chain.events.length = 0;
  return {
    bank: coins,
    get ctx() {
      return chain.ctx;
    },
    events: chain.events,
    send<R>(name: string, request: object): R {
      const m = method(market, "msgs", name);
      return chain.atomically((ctx) => {
        const decoded = m.request.decode(m.request.encode(m.request.fromPartial(request as never)).finish());
        m.check?.(decoded);
        return m.handle(ctx, decoded) as R;
      });
    },
    query<R>(name: string, request: object): R {
      const m = method(market, "queries", name);
      return m.handle(chain.ctx, m.request.fromPartial(request as never)) as R;
    },
    endBlock() {
      market.endBlock?.(chain.ctx);
      chain.nextBlock();
      market.beginBlock?.(chain.ctx, NO_BLOCK);
    },
    exportGenesis: () => market.genesis?.handlers.export(chain.ctx) as GenesisState,
    requireInvariants() {
      for (const [name, holds] of Object.entries(market.invariants)) assert.equal(holds(chain.ctx), undefined, name);
    },
    balance: (owner, denom) => coins.balance(chain.ctx, owner, denom),
  };
}

/** Matcher for an expected failure. */
export function refusal(codespace: string, code: number, text?: RegExp): (e: unknown) => boolean {
  return (e) => {
    assert.ok(e instanceof ModuleError, String(e));
    assert.deepEqual([e.codespace, e.code], [codespace, code], e.message);
    if (text !== undefined) assert.match(e.message, text);
    return true;
  };
}

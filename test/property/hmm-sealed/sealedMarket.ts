// Sealed orders on a market in memory, without the rest of the market: two pools, four accounts with credit, and blocks.
import assert from "node:assert/strict";
import type { MsgCommitOrderResponse, MsgRevealOrder, MsgRevealOrderResponse } from "#proto/hanzo/hmm/v1/tx";
import { Params, PoolService, PoolStatus, Side } from "#proto/hanzo/hmm/v1/types";
import {
  type BoundModule,
  bindModules,
  type ChainEvent,
  type Ctx,
  createAddressCodec,
  createCtx,
  createGasMeter,
  defineModule,
  ModuleError,
  moduleAddress,
} from "#sdk";
import type { KVStore, Range } from "../../../app/store/kv.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { HMM_ERRORS } from "../../../modules/hmm/errors.ts";
import { type Market, marketState } from "../../../modules/hmm/market.ts";
import { DEFAULT_PARAMS, validateParams } from "../../../modules/hmm/params.ts";
import type { PoolState } from "../../../modules/hmm/records.ts";
import { sealedChecks } from "../../../modules/hmm/sealed/check.ts";
import { commitOrder } from "../../../modules/hmm/sealed/commitOrder.ts";
import { endRound } from "../../../modules/hmm/sealed/endRound.ts";
import { sealedCoins } from "../../../modules/hmm/sealed/genesis.ts";
import { sealedOrderHash } from "../../../modules/hmm/sealed/hash.ts";
import { revealOrder } from "../../../modules/hmm/sealed/revealOrder.ts";
import { advanceRound } from "../../../modules/hmm/sealed/round.ts";
import { roundCountsSealed } from "../../../modules/hmm/sealed/roundCountsSealed.ts";

export const CHAIN_ID = "sealed-1";
const CHAIN = { bech32Prefix: "test", coinType: 118, baseDenom: "atest", powerReduction: 1_000_000n, authorityModule: "gov" } as const;
export const address = createAddressCodec(CHAIN.bech32Prefix);
export const accountOf = (name: string): string => address.format(moduleAddress(`user/${name}`));
/** The market's own account. */
export const ACCOUNT = address.format(moduleAddress("hmm"));
export const CREDIT = "credit";
export const E18 = 10n ** 18n;
/** Smallest deposit of the test chain. */
export const TIER = 1_000_000n;
/** Credit, and resource of each kind, of every account at the start, unless told otherwise. */
export const WEALTH = 10n ** 18n;
export const USERS = ["alice", "bob", "carol", "dave"] as const;

/** Parameters of the test chain: rounds of three and two blocks, deposits from a million base units. */
export const SEALED_PARAMS: Params = {
  ...DEFAULT_PARAMS,
  commitBlocks: 3n,
  revealBlocks: 2n,
  commitTier: TIER.toString(),
  maxSealedOrders: 8,
};

/** An order before it is sealed. */
export interface Terms {
  readonly sender: string;
  readonly poolId: string;
  readonly side: Side;
  readonly resource: bigint;
  readonly limitE18: bigint;
  readonly salt: Uint8Array;
}

export const SALT = new Uint8Array(32).fill(7);
/** A buy by Alice of a thousand base units at no more than 3 credit each. */
export const BUY: Terms = {
  sender: accountOf("alice"),
  poolId: "gpu",
  side: Side.SIDE_BUY,
  resource: 1000n,
  limitE18: 3n * E18,
  salt: SALT,
};
export const SALE: Terms = { ...BUY, side: Side.SIDE_SELL, limitE18: E18 };

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

interface TestBank {
  balance(ctx: Ctx, owner: string, denom: string): bigint;
  supply(ctx: Ctx, denom: string): bigint;
  mint(ctx: Ctx, to: string, denom: string, amount: bigint): void;
}

/** The market's state and bank under the market's name, with no messages of its own: the tests call the transitions. */
const probe = defineModule({
  name: "hmm",
  version: 1,
  needs: { bank: bank.facet("view", "transfer", "mint", "burn") },
  params: { type: Params, default: SEALED_PARAMS, validate: validateParams },
  state: marketState,
  errors: HMM_ERRORS,
  api: (m) => ({ probe: { market: m } }),
});

function createPool(id: string): PoolState {
  const psi = 10n ** 12n;
  const theta = 2n * psi;
  return {
    id,
    denom: `n${id}`,
    status: PoolStatus.POOL_STATUS_ACTIVE,
    psi,
    theta,
    centreE18: 2n * E18,
    wE18: E18,
    lambdaE18: E18 / 20n,
    marketFeeE18: (3n * E18) / 1000n,
    riskE18: E18 / 10n,
    psiRef: psi,
    shares: theta,
    feeGrowthQ128: 0n,
    feeCarryQ128: 0n,
    feesHeld: 0n,
    resourceClass: id,
    service: PoolService.create(),
    dynamicRisk: false,
    volatilityE18: 0n,
    block: { height: 0n, psi, fees: 0n, freshShares: 0n, burn: 0n, treasury: 0n },
    twap: { cumulativeE18: 0n, priceE18: 0n, height: 0n, count: 0n },
    ramp: undefined,
    resumeHeight: 0n,
  };
}

function bound(modules: readonly BoundModule[], name: string): BoundModule {
  return modules.find((m) => m.name === name) ?? assert.fail(name);
}

/** What of a commit differs from the order. */
export interface CommitChange {
  readonly round?: bigint;
  readonly chainId?: string;
  readonly deposit?: bigint;
  readonly poolId?: string;
  readonly hash?: Uint8Array;
}

export interface SealedMarket {
  readonly market: Market & { readonly params: { set(ctx: Ctx, params: Params): void } };
  readonly ctx: Ctx;
  readonly events: ChainEvent[];
  /** Commits to an order; fields of the message can be replaced. */
  commit(terms: Terms, change?: CommitChange): MsgCommitOrderResponse;
  /** Reveals an order; fields of the message can be replaced. */
  reveal(terms: Terms, change?: Partial<MsgRevealOrder>): MsgRevealOrderResponse;
  setParams(change: Partial<Params>): void;
  setPool(id: string, change: Partial<PoolState>): void;
  /** Ends the block and begins the next. */
  nextBlock(): void;
  /** Ends blocks until the next one is at a height. */
  goTo(height: bigint): void;
  balance(owner: string, denom?: string): bigint;
  supply(denom: string): bigint;
  /** @throws AssertionError unless the account holds exactly what the ledger says */
  requireLedger(): void;
}

/** The hash of an order in the round and on the chain named. */
export function hashOf(terms: Terms, round: bigint, chainId: string = CHAIN_ID): Uint8Array {
  return sealedOrderHash({ ...terms, sender: address.parse(terms.sender), chainId, round });
}

/** Opens a market in the first block of its first round. @param wealth base units of credit and of each resource of every account */
export function openSealedMarket(params: Partial<Params> = {}, wealth: bigint = WEALTH): SealedMarket {
  const modules = bindModules({ modules: [auth, bank, probe], chain: CHAIN });
  const market = (bound(modules, "hmm").api as { probe: { market: SealedMarket["market"] } }).probe.market;
  const coins = Object.assign({}, ...Object.values(bound(modules, "bank").api)) as TestBank;
  const stores = new Map(modules.map((m) => [m.store, new MemoryStore()]));
  const events: ChainEvent[] = [];
  const open = (height: bigint): Ctx =>
    createCtx({
      height,
      timeNs: height,
      chainId: CHAIN_ID,
      gas: createGasMeter(),
      stores: (name) => stores.get(name) ?? assert.fail(name),
      events,
      formatEvent: (event, value) => ({
        type: event.$type,
        attributes: Object.entries(value as object).map(([key, v]) => ({ key, value: String(v) })),
      }),
    });
  let ctx = open(1n);
  const atomically = <R>(run: () => R): R => {
    const undo = [...stores.values()].map((store) => store.save());
    const before = events.length;
    try {
      return run();
    } catch (cause) {
      for (const restore of undo) restore();
      events.length = before;
      throw cause;
    }
  };
  const bankModule = bound(modules, "bank");
  bankModule.genesis?.handlers.init(ctx, bankModule.genesis.type.fromPartial(bankModule.genesis.handlers.default() as never));
  fund(market, coins, ctx, { ...SEALED_PARAMS, ...params }, wealth);
  advanceRound(market, ctx);
  events.length = 0;
  const m: SealedMarket = {
    market,
    get ctx() {
      return ctx;
    },
    events,
    commit: (terms, { round, chainId, deposit = TIER, poolId = terms.poolId, hash } = {}) =>
      atomically(() => {
        const bound = hash ?? hashOf(terms, round ?? market.state.round.get(ctx).id, chainId);
        const request = { sender: terms.sender, poolId, hash: bound, deposit: deposit.toString() };
        sealedChecks.commitOrder(request);
        return commitOrder(market, ctx, request);
      }),
    reveal: (terms, change = {}) =>
      atomically(() => {
        const request = { ...terms, resource: terms.resource.toString(), limitE18: terms.limitE18.toString(), ...change };
        sealedChecks.revealOrder(request);
        return revealOrder(market, ctx, request);
      }),
    setParams: (change) => market.params.set(ctx, { ...market.params.get(ctx), ...change }),
    setPool: (id, change) => market.state.pools.set(ctx, id, { ...market.state.pools.get(ctx, id), ...change }),
    nextBlock() {
      endRound(market, ctx);
      ctx = open(ctx.height + 1n);
      advanceRound(market, ctx);
    },
    goTo(height) {
      while (ctx.height < height) m.nextBlock();
    },
    balance: (owner, denom = CREDIT) => coins.balance(ctx, owner, denom),
    supply: (denom) => coins.supply(ctx, denom),
    requireLedger: () => requireLedger(market, coins, ctx),
  };
  return m;
}

function fund(market: SealedMarket["market"], coins: TestBank, ctx: Ctx, params: Params, wealth: bigint): void {
  market.params.set(ctx, params);
  let credit = 0n;
  for (const id of ["gpu", "ram"]) {
    const pool = createPool(id);
    market.state.pools.set(ctx, id, pool);
    coins.mint(ctx, ACCOUNT, pool.denom, pool.psi);
    coins.mint(ctx, ACCOUNT, CREDIT, pool.theta);
    credit += pool.theta;
    for (const name of USERS) coins.mint(ctx, accountOf(name), pool.denom, wealth);
  }
  for (const name of USERS) coins.mint(ctx, accountOf(name), CREDIT, wealth);
  credit += wealth * BigInt(USERS.length);
  coins.mint(ctx, ACCOUNT, CHAIN.baseDenom, credit);
  market.state.vault.set(ctx, { creditDenom: CREDIT, locked: credit });
}

function requireLedger(market: Market, coins: TestBank, ctx: Ctx): void {
  const expected = new Map(sealedCoins(market, ctx));
  const add = (denom: string, amount: bigint): void => void expected.set(denom, (expected.get(denom) ?? 0n) + amount);
  const { locked } = market.state.vault.get(ctx);
  add(CHAIN.baseDenom, locked);
  for (const [, pool] of market.state.pools.entries(ctx)) {
    add(pool.denom, pool.psi);
    add(CREDIT, pool.theta + pool.feesHeld);
  }
  for (const [, order] of market.state.orders.entries(ctx)) {
    if (order.side === Side.SIDE_BUY) add(CREDIT, order.escrow);
    else add(`n${order.poolId}`, order.resource);
  }
  for (const [denom, amount] of expected) assert.equal(coins.balance(ctx, ACCOUNT, denom), amount, denom);
  assert.equal(coins.supply(ctx, CREDIT), locked);
  assert.equal(roundCountsSealed(market, ctx), undefined);
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

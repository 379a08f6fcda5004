// A small market for tests of capacity: one pool at a price of about 2, and the market's facet for other modules.
import assert from "node:assert/strict";
import type { Commitment, Order } from "#proto/hanzo/hmm/v1/types";
import { PoolStatus, Side } from "#proto/hanzo/hmm/v1/types";
import { bindModules, type Ctx, defineModule, moduleAddress } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import type { CapacityFacet } from "../../../modules/hmm/capacity/facet.ts";
import { hmm } from "../../../modules/hmm/index.ts";
import { ACCOUNT, accountOf, address, CHAIN, type MemoryMarket, type MemoryMarketOptions, openMarket, testClass } from "./memoryMarket.ts";

export const E18 = 10n ** 18n;
/** Reserves of the pool: 5·10¹¹ resource, 10¹² credit. */
export const PSI = 500_000_000_000n;
export const THETA = 1_000_000_000_000n;
/** Units of one commitment of the tests: 0.2 % of the reserve. */
export const UNITS = 1_000_000_000n;
/** Least bond of that many: 150 % of their value at a price of 2. */
export const BOND = 3_000_000_000n;

export const alice = accountOf("alice");
export const bob = accountOf("bob");
/** The account that may change pools. */
export const AUTHORITY = address.format(moduleAddress(CHAIN.authorityModule));

/** A default that the hook reported. */
export interface Default {
  readonly worker: string;
  readonly poolId: string;
  readonly lost: bigint;
}

export interface CapacityMarket extends MemoryMarket {
  /** What other modules get. Nothing undoes what it did before it failed. */
  readonly facet: CapacityFacet;
  /** Defaults reported while {@link CapacityMarket.endBlockHeard} ran. */
  readonly defaults: readonly Default[];
  /** Ends and begins blocks as a chain does; all invariants must hold after each. */
  blocks(count: number): void;
  /** Ends the block with a listener of the market's hooks, without beginning the next. */
  endBlockHeard(): void;
  /** Commits as Alice, with enough of a bond. @returns the commitment's identifier */
  commit(request?: object): bigint;
  /** Commits as Alice and sells all at any price. @returns the commitment's identifier */
  commitSold(units: bigint, bond: bigint, blocks: bigint): bigint;
  /** Buys as Bob in a batch, at any price. */
  buy(units: bigint): void;
  commitment(id: bigint): Commitment;
  find(id: bigint): Commitment | undefined;
  orders(): readonly Order[];
  setPaused(paused: boolean): void;
  /** Fields of the last event of a type. */
  lastEvent(type: string): Readonly<Record<string, string>>;
}

/** A market with `gpu` alone. Alice and Bob own native tokens, and credit for purchases when told. */
export function openCapacityMarket(options: MemoryMarketOptions = {}): CapacityMarket {
  const market = openMarket({ ...options, genesis: { classes: [testClass(PSI, THETA)], ...options.genesis } });
  const defaults: Default[] = [];
  const listener = defineModule({
    name: "listener",
    version: 1,
    state: {},
    needs: { hmm: hmm.facet("capacity") },
    on: () => ({
      hmm: { capacityDefaulted: (_ctx: Ctx, worker: string, poolId: string, lost: bigint) => void defaults.push({ worker, poolId, lost }) },
    }),
  });
  // A second binding of the same modules works on the same state, because that lies behind the context.
  const bound = bindModules({ modules: [auth, bank, hmm, listener], chain: CHAIN }).find(({ name }) => name === "hmm");
  assert.ok(bound !== undefined);
  const { capacity } = bound.api as { readonly capacity: CapacityFacet };
  const find = (id: bigint): Commitment | undefined =>
    market.query<{ commitments: Commitment[] }>("Commitments", { pagination: { limit: 1000n } }).commitments.find((c) => c.id === id);
  const helpers = {
    facet: capacity,
    defaults,
    blocks(count: number): void {
      for (let i = 0; i < count; i++) {
        market.endBlock();
        market.requireInvariants();
      }
    },
    endBlockHeard: () => void bound.endBlock?.(market.ctx),
    commit(request: object = {}): bigint {
      const whole = { sender: alice, poolId: "gpu", resource: `${UNITS}`, bond: `${BOND}`, blocks: 100n, askE18: "", ...request };
      return market.send<{ commitmentId: bigint }>("CommitCapacity", whole).commitmentId;
    },
    commitSold(units: bigint, bond: bigint, blocks: bigint): bigint {
      const id = helpers.commit({ resource: `${units}`, bond: `${bond}`, blocks, askE18: "1" });
      helpers.blocks(1);
      assert.equal(helpers.commitment(id).unsold, "0");
      return id;
    },
    buy(units: bigint): void {
      const cost = units * 40n + 1000n;
      market.send("MintCredit", { sender: bob, amount: `${cost}` });
      market.send("PlaceOrder", {
        sender: bob,
        poolId: "gpu",
        side: Side.SIDE_BUY,
        resource: `${units}`,
        limitE18: `${40n * E18}`,
        blocks: 1n,
      });
      helpers.blocks(1);
      assert.equal(market.balance(bob, "ngpu"), units);
    },
    find,
    commitment: (id: bigint): Commitment => find(id) ?? assert.fail(`commitment ${id}`),
    orders: (): readonly Order[] => market.query<{ orders: Order[] }>("Orders", { pagination: { limit: 1000n } }).orders,
    setPaused(paused: boolean): void {
      const status = paused ? PoolStatus.POOL_STATUS_PAUSED : PoolStatus.POOL_STATUS_ACTIVE;
      market.send("SetPoolStatus", { authority: AUTHORITY, poolId: "gpu", status });
    },
    lastEvent(type: string): Readonly<Record<string, string>> {
      const event = market.events.filter((e) => e.type === `hanzo.hmm.v1.${type}`).at(-1);
      assert.ok(event !== undefined, type);
      return Object.fromEntries(event.attributes.map(({ key, value }) => [key, value]));
    },
  };
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(market), ...Object.getOwnPropertyDescriptors(helpers) },
  ) as CapacityMarket;
}

/** Resource units on the market's account. */
export const heldUnits = (market: MemoryMarket): bigint => market.balance(ACCOUNT, "ngpu");

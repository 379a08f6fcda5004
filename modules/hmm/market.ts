import { Batch, type Params, PoolObservation, PoolStatus, Round, RouterAllowance } from "#proto/hanzo/hmm/v1/types";
import {
  type AddressCodec,
  type BoundItem,
  type BoundMap,
  type ChainConfig,
  type CoinAmount,
  type Ctx,
  coll,
  key,
  type ReadCtx,
  value,
} from "#sdk";
import { type CommitmentState, commitmentRecord } from "./capacity/record.ts";
import type { FeeSplit, Reserves } from "./curve/fees.ts";
import { hmmError } from "./errors.ts";
import { type OrderState, orderRecord } from "./orders/record.ts";
import { poolRecord } from "./poolRecord.ts";
import { type PoolState, type PositionState, positionRecord, type VaultState, vaultRecord } from "./records.ts";
import { type SealedState, sealedRecord } from "./sealed/record.ts";

/** Key of a sealed order: round and sender, then hash. */
export type SealedKey = readonly [readonly [round: bigint, sender: string], hash: Uint8Array];

/** Collections of the market. */
export const marketState = {
  /** By pool identifier. */
  pools: coll.map(1, key.string, poolRecord),
  /** By owner and pool identifier. */
  positions: coll.map(2, key.pair(key.address, key.string), positionRecord),
  vault: coll.item(3, vaultRecord),
  /** Pools with something left to do at the end of a block: only these are touched there. */
  moving: coll.map(4, key.string, value.bool),
  /** Waiting orders by identifier. */
  orders: coll.map(5, key.uint64, orderRecord, {
    pool: [6, key.string, (order: OrderState) => order.poolId],
    owner: [7, key.address, (order: OrderState) => order.owner],
  }),
  lastOrderId: coll.item(8, value.uint64, 0n),
  /** Number of waiting orders by pool; pools without any have no entry. */
  waiting: coll.map(9, key.string, value.uint64),
  /** Last batch by pool. */
  batches: coll.map(10, key.string, Batch),
  /** Pool after which the next block's batches begin. */
  batchCursor: coll.item(11, value.string),
  /** Capacity commitments by identifier. */
  commitments: coll.map(12, key.uint64, commitmentRecord, {
    pool: [13, key.string, (commitment: CommitmentState) => commitment.poolId],
    worker: [14, key.address, (commitment: CommitmentState) => commitment.worker],
  }),
  lastCommitmentId: coll.item(15, value.uint64, 0n),
  /** Commitments by the height at whose beginning they expire. */
  expiries: coll.map(16, key.pair(key.height, key.uint64), value.bool),
  round: coll.item(17, Round),
  /** Sealed orders of the present round. */
  sealed: coll.map(18, key.pair(key.pair(key.uint64, key.address), key.bytes), sealedRecord),
  /** By owner and router. */
  allowances: coll.map(19, key.pair(key.address, key.address), RouterAllowance),
  /** By pool and slot of the ring. */
  observations: coll.map(20, key.pair(key.string, key.uint64), PoolObservation),
  /** Positions with fresh shares, by pool and owner. */
  fresh: coll.map(21, key.pair(key.string, key.address), value.bool),
  /** Pools whose curve moves, or which resume by themselves: looked at at the beginning of every block. */
  scheduled: coll.map(22, key.string, value.bool),
} as const;

/** What the market asks of the bank. */
export interface MarketBank {
  balance(ctx: ReadCtx, owner: string, denom: string): bigint;
  supply(ctx: ReadCtx, denom: string): bigint;
  isSendEnabled(ctx: ReadCtx, denom: string): boolean;
  send(ctx: Ctx, from: string, to: string, denom: string, amount: bigint): void;
  exchange(ctx: Ctx, trader: string, module: string, given: CoinAmount, taken: CoinAmount): void;
  mint(ctx: Ctx, to: string, denom: string, amount: bigint): void;
  burn(ctx: Ctx, from: string, denom: string, amount: bigint): void;
}

/** What the market's transitions work with: the part of the module's declaration that they need. */
export interface Market {
  readonly state: {
    readonly pools: BoundMap<string, PoolState, {}>;
    readonly positions: BoundMap<readonly [owner: string, poolId: string], PositionState, {}>;
    readonly vault: BoundItem<VaultState>;
    readonly moving: BoundMap<string, boolean, {}>;
    readonly orders: BoundMap<bigint, OrderState, { pool: string; owner: string }>;
    readonly lastOrderId: BoundItem<bigint>;
    readonly waiting: BoundMap<string, bigint, {}>;
    readonly batches: BoundMap<string, Batch, {}>;
    readonly batchCursor: BoundItem<string>;
    readonly commitments: BoundMap<bigint, CommitmentState, { pool: string; worker: string }>;
    readonly lastCommitmentId: BoundItem<bigint>;
    readonly expiries: BoundMap<readonly [height: bigint, id: bigint], boolean, {}>;
    readonly round: BoundItem<Round>;
    readonly sealed: BoundMap<SealedKey, SealedState, {}>;
    readonly allowances: BoundMap<readonly [owner: string, router: string], RouterAllowance, {}>;
    readonly observations: BoundMap<readonly [poolId: string, slot: bigint], PoolObservation, {}>;
    readonly fresh: BoundMap<readonly [poolId: string, owner: string], boolean, {}>;
    readonly scheduled: BoundMap<string, boolean, {}>;
  };
  readonly needs: { readonly bank: MarketBank };
  readonly params: { get(ctx: ReadCtx): Params };
  readonly chain: ChainConfig;
  readonly address: AddressCodec;
  /** The market's own account: vault, reserves, fees, escrows, unsold capacity and bonds. */
  readonly account: string;
  /** The account that may change pools. */
  readonly authority: string;
  /** Hooks that other modules listen to. */
  readonly emit: { capacityDefaulted(ctx: Ctx, worker: string, poolId: string, lost: bigint): void };
}

/** @throws hmm/3 when there is no such pool */
export function getPool({ state }: Market, ctx: ReadCtx, poolId: string): PoolState {
  const pool = state.pools.find(ctx, poolId);
  if (pool === undefined) throw hmmError.unknownPool(`expected the identifier of a pool, got "${poolId}"`);
  return pool;
}

/** @throws hmm/3 when there is no such pool, hmm/4 when it does not trade */
export function getActivePool(market: Market, ctx: ReadCtx, poolId: string): PoolState {
  const pool = getPool(market, ctx, poolId);
  if (pool.status !== PoolStatus.POOL_STATUS_ACTIVE) throw hmmError.poolPaused(`pool "${poolId}" takes no orders and no liquidity now`);
  return pool;
}

/**
 * The pool as the block being executed sees it: with what happened in earlier blocks forgotten. Every change of a pool in a block goes out
 * from this.
 */
export function openBlock(pool: PoolState, height: bigint): PoolState {
  if (pool.block.height === height) return pool;
  return { ...pool, block: { height, psi: pool.psi, fees: 0n, freshShares: 0n, burn: 0n, treasury: 0n } };
}

/** Stores a changed pool and marks it for the end of the block. @param after a pool of {@link openBlock} at the context's height */
export function setPool({ state }: Market, ctx: Ctx, after: PoolState): void {
  state.pools.set(ctx, after.id, after);
  if (!state.moving.has(ctx, after.id)) state.moving.set(ctx, after.id, true);
}

/** Books fees of liquidity providers: spread over the shares that were there before the block, at its end. @param lp credit base units */
export function bookFees(pool: PoolState, lp: bigint): PoolState {
  return { ...pool, feesHeld: pool.feesHeld + lp, block: { ...pool.block, fees: pool.block.fees + lp } };
}

/**
 * Books a trade: its reserves, and its fees. What is burned and what the treasury gets is paid at the end of the block, once for all trades.
 * @param after reserves that the trade leaves
 * @param split credit base units that lie on the market's account
 */
export function bookTrade(pool: PoolState, { psi, theta }: Reserves, { burn, treasury, lp }: FeeSplit): PoolState {
  const { height, psi: first, fees, freshShares, burn: burned, treasury: paid } = pool.block;
  const block = { height, psi: first, fees: fees + lp, freshShares, burn: burned + burn, treasury: paid + treasury };
  return { ...pool, psi, theta, feesHeld: pool.feesHeld + lp, block };
}

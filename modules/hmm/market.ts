import type { Params } from "#proto/hanzo/hmm/v1/types";
import { PoolStatus } from "#proto/hanzo/hmm/v1/types";
import { type AddressCodec, type BoundItem, type BoundMap, type ChainConfig, type Ctx, coll, key, type ReadCtx, value } from "#sdk";
import { hmmError } from "./errors.ts";
import { type PoolState, type PositionState, poolRecord, positionRecord, type VaultState, vaultRecord } from "./records.ts";

/** Collections of the market. */
export const marketState = {
  /** By pool identifier. */
  pools: coll.map(1, key.string, poolRecord),
  /** By owner and pool identifier. */
  positions: coll.map(2, key.pair(key.address, key.string), positionRecord),
  vault: coll.item(3, vaultRecord),
  /** Pools whose reference inventory differs from their reserve: only these are touched at the end of a block. */
  displaced: coll.map(4, key.string, value.bool),
} as const;

/** What the market asks of the bank. */
export interface MarketBank {
  balance(ctx: ReadCtx, owner: string, denom: string): bigint;
  supply(ctx: ReadCtx, denom: string): bigint;
  isSendEnabled(ctx: ReadCtx, denom: string): boolean;
  send(ctx: Ctx, from: string, to: string, denom: string, amount: bigint): void;
  mint(ctx: Ctx, to: string, denom: string, amount: bigint): void;
  burn(ctx: Ctx, from: string, denom: string, amount: bigint): void;
}

/** What the market's transitions work with: the part of the module's declaration that they need. */
export interface Market {
  readonly state: {
    readonly pools: BoundMap<string, PoolState, {}>;
    readonly positions: BoundMap<readonly [owner: string, poolId: string], PositionState, {}>;
    readonly vault: BoundItem<VaultState>;
    readonly displaced: BoundMap<string, boolean, {}>;
  };
  readonly needs: { readonly bank: MarketBank };
  readonly params: { get(ctx: ReadCtx): Params };
  readonly chain: ChainConfig;
  readonly address: AddressCodec;
  /** The market's own account: vault, reserves and fees. */
  readonly account: string;
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

/** Stores a changed pool. INVARIANT: `displaced` holds exactly the pools with psi ≠ psiRef. */
export function setPool({ state }: Market, ctx: Ctx, before: PoolState | undefined, after: PoolState): void {
  const was = before !== undefined && before.psi !== before.psiRef;
  const is = after.psi !== after.psiRef;
  state.pools.set(ctx, after.id, after);
  if (is && !was) state.displaced.set(ctx, after.id, true);
  if (was && !is) state.displaced.delete(ctx, after.id);
}

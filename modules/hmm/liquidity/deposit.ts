import { EventLiquidityAdded } from "#proto/hanzo/hmm/v1/events";
import { type Params, PoolStatus } from "#proto/hanzo/hmm/v1/types";
import type { Ctx, ReadCtx } from "#sdk";
import { takeUnsold } from "../capacity/takeUnsold.ts";
import type { Reserves } from "../curve/fees.ts";
import { requireReserveSize, requireReserves } from "../curve/limits.ts";
import { AMOUNT_BITS, RESERVE_BITS } from "../curve/math.ts";
import { hmmError } from "../errors.ts";
import { getPool, type Market, openBlock } from "../market.ts";
import { minReserveOf } from "../params.ts";
import { storePool } from "../pool/storePool.ts";
import type { PoolState } from "../records.ts";
import { openPosition, setPosition } from "./position.ts";
import { firstShares, LOCKED_SHARES, MIN_FIRST_SHARES, type Proportion, scaledReference } from "./shares.ts";

/** A deposit as responses and events show it. */
export interface ShownDeposit {
  readonly shares: string;
  readonly resource: string;
  readonly credit: string;
  /** First height at which shares of the position can be removed. */
  readonly unlockHeight: bigint;
}

/** A pool that takes liquidity, with its block open. @throws hmm/3 unknown, hmm/4 paused */
export function getOpenPool(market: Market, ctx: ReadCtx, poolId: string): PoolState {
  const pool = getPool(market, ctx, poolId);
  if (pool.status !== PoolStatus.POOL_STATUS_ACTIVE) throw hmmError.poolPaused(`pool "${poolId}" takes no liquidity now`);
  return openBlock(pool, ctx.height);
}

/** The same with reserves, to whose proportion deposits keep. @throws hmm/3, hmm/4 */
export function getStockedPool(market: Market, ctx: ReadCtx, poolId: string): PoolState {
  const pool = getOpenPool(market, ctx, poolId);
  if (pool.shares === 0n) throw hmmError.poolPaused(`pool "${poolId}" has no reserves yet: MsgAddLiquidity brings the first`);
  return pool;
}

/**
 * The first deposit of a pool: both amounts whole. They decide where on its curve the pool begins.
 * @throws hmm/9 when they give too few shares
 */
export function firstDeposit(pool: PoolState, amounts: Reserves): Proportion {
  const shares = firstShares({ ...pool, ...amounts });
  if (shares < MIN_FIRST_SHARES)
    throw hmmError.reserveLimit(`first deposit: expected at least ${MIN_FIRST_SHARES} shares, got ${shares}; deposit more`);
  return { ...amounts, shares };
}

/**
 * Takes a deposit and issues its shares: fresh ones, which earn from the next block on. Those of a pool's first deposit earn at once, for
 * there is nobody to take from, and 1000 of them stay with the market for ever. The owner's whole position is locked from this height on.
 * @param pool with the block open
 * @param added in the proportion of the reserves; all of them for a first deposit
 * @param commitmentId commitment of the owner whose unsold units are taken; 0 for the owner's own units
 * @returns the stored pool and the deposit
 * @throws hmm/5 no shares, hmm/9 reserves, sdk/5 too few coins; hmm/20, hmm/31, hmm/34 for the commitment
 */
export function deposit(
  market: Market,
  ctx: Ctx,
  owner: string,
  pool: PoolState,
  added: Proportion,
  commitmentId = 0n,
): { readonly pool: PoolState; readonly shown: ShownDeposit } {
  if (added.shares === 0n) throw hmmError.zeroOutput(`the deposit buys 0 shares of pool "${pool.id}"`);
  const params = market.params.get(ctx);
  const after = grown(pool, added);
  requireRoom(params, pool, after);
  const { account, needs, state } = market;
  if (commitmentId === 0n) needs.bank.send(ctx, owner, account, pool.denom, added.psi);
  else takeUnits(market, ctx, owner, pool, added.psi, commitmentId);
  needs.bank.send(ctx, owner, account, state.vault.get(ctx).creditDenom, added.theta);
  storePool(market, ctx, after);
  const unlockHeight = ctx.height + params.liquidityLockBlocks;
  const issued = issueShares(market, ctx, owner, pool, added.shares, unlockHeight);
  const shown = { shares: issued.toString(), resource: added.psi.toString(), credit: added.theta.toString(), unlockHeight };
  ctx.emit(EventLiquidityAdded, { poolId: pool.id, owner, ...shown });
  return { pool: after, shown };
}

function grown(pool: PoolState, added: Proportion): PoolState {
  const psi = pool.psi + added.psi;
  const shares = pool.shares + added.shares;
  const first = pool.shares === 0n;
  const scale = (psiRef: bigint): bigint => (first ? psi : scaledReference({ psi: pool.psi, psiRef }, psi, pool.shares, shares));
  const freshShares = pool.block.freshShares + (first ? 0n : added.shares);
  const block = { ...pool.block, psi: scale(pool.block.psi), freshShares };
  return { ...pool, psi, theta: pool.theta + added.theta, shares, psiRef: scale(pool.psiRef), block };
}

function requireRoom(params: Params, before: PoolState, after: PoolState): void {
  if (before.shares === 0n) requireReserves(after, after, minReserveOf(params));
  else requireReserveSize(after, minReserveOf(params));
  const { shares, psiRef, block } = after;
  const wide = [
    ["shares", shares, AMOUNT_BITS],
    ["psi_ref", psiRef, RESERVE_BITS],
    ["block.psi", block.psi, RESERVE_BITS],
  ] as const;
  for (const [name, amount, bits] of wide) {
    if (amount >> BigInt(bits) !== 0n) throw hmmError.reserveLimit(`${name}: expected less than 2^${bits} afterwards, got ${amount}`);
  }
}

/** The units of a commitment lie on the market's account already: only the ledger changes. */
function takeUnits(market: Market, ctx: Ctx, owner: string, pool: PoolState, units: bigint, commitmentId: bigint): void {
  const poolId = market.state.commitments.find(ctx, commitmentId)?.poolId;
  if (poolId !== undefined && poolId !== pool.id)
    throw hmmError.unknownCommitment(`expected a commitment for pool "${pool.id}", got ${commitmentId} for pool "${poolId}"`);
  takeUnsold(market, ctx, commitmentId, owner, units);
}

/** @returns shares that the owner got */
function issueShares(market: Market, ctx: Ctx, owner: string, pool: PoolState, shares: bigint, unlockHeight: bigint): bigint {
  const position = { ...openPosition(market, ctx, owner, pool), unlockHeight };
  if (pool.shares === 0n) {
    const locked = openPosition(market, ctx, market.account, pool);
    setPosition(market, ctx, { ...locked, shares: LOCKED_SHARES });
    ctx.emit(EventLiquidityAdded, {
      poolId: pool.id,
      owner: market.account,
      shares: LOCKED_SHARES.toString(),
      resource: "0",
      credit: "0",
      unlockHeight: 0n,
    });
    setPosition(market, ctx, { ...position, shares: shares - LOCKED_SHARES });
    return shares - LOCKED_SHARES;
  }
  setPosition(market, ctx, { ...position, freshShares: position.freshShares + shares });
  const at = [pool.id, owner] as const;
  if (!market.state.fresh.has(ctx, at)) market.state.fresh.set(ctx, at, true);
  return shares;
}

import type { Params } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { accrueFees } from "../curve/fees.ts";
import { priceE18 } from "../curve/math.ts";
import { activateShares, setPosition } from "../liquidity/position.ts";
import { nextAverage } from "../liquidity/shares.ts";
import { getPool, type Market } from "../market.ts";
import type { PoolState } from "../records.ts";
import { payFees } from "../trade.ts";
import { isSettled } from "./settled.ts";
import { observe } from "./twap.ts";
import { blockMoveE18, nextRisk } from "./volatility.ts";

/**
 * End of a block, after its batches: burned fees and the treasury's part are paid once for all trades, the others are spread over the shares that were there before the block, the block's own shares begin to
 * earn, and reference inventory, volatility, risk fee and average price move on. Pools with nothing left to do are not looked at again
 * until they are touched.
 */
export function closePools(market: Market, ctx: Ctx): void {
  const ids = market.state.moving.keys(ctx);
  if (ids.length === 0) return;
  const params = market.params.get(ctx);
  let [burn, treasury] = [0n, 0n];
  for (const id of ids) {
    const pool = getPool(market, ctx, id);
    burn += pool.block.burn;
    treasury += pool.block.treasury;
    if (pool.shares === 0n) market.state.moving.delete(ctx, id);
    else closePool(market, ctx, params, pool);
  }
  payFees(market, ctx, { burn, treasury });
}

function closePool(market: Market, ctx: Ctx, params: Params, stored: PoolState): void {
  const pool = spreadFees(stored);
  if (stored.block.freshShares > 0n) activateFresh(market, ctx, pool);
  const spot = priceE18(pool);
  const move = pool.block.height === ctx.height ? blockMoveE18(pool, spot) : 0n;
  const psiRef = nextAverage(pool.psiRef, pool.psi, params.referenceBlocks);
  const moved = { ...pool, psiRef, ...nextRisk(pool, move, params.volatilityBlocks) };
  const closed = observe(market, ctx, moved, spot, BigInt(params.twapClampBps));
  market.state.pools.set(ctx, closed.id, closed);
  if (isSettled(closed)) market.state.moving.delete(ctx, closed.id);
}

/** Spreads the block's fees over all shares but the block's own; at least the permanently locked ones are among them. */
function spreadFees(pool: PoolState): PoolState {
  const { fees, freshShares, burn, treasury } = pool.block;
  // Nobody has traded: its price still moves.
  if (fees === 0n && freshShares === 0n && burn === 0n && treasury === 0n) return pool;
  const growth = fees === 0n ? {} : accrueFees(pool, fees, pool.shares - freshShares);
  return { ...pool, ...growth, block: { ...pool.block, fees: 0n, freshShares: 0n, burn: 0n, treasury: 0n } };
}

function activateFresh(market: Market, ctx: Ctx, pool: PoolState): void {
  const { state } = market;
  for (const [at] of [...state.fresh.under(ctx, pool.id)]) {
    const [poolId, owner] = at;
    const position = state.positions.get(ctx, [owner, poolId]);
    setPosition(market, ctx, activateShares(position, pool));
    state.fresh.delete(ctx, at);
  }
}

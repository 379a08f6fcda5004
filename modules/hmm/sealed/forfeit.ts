import { bytesToHex } from "@noble/hashes/utils.js";
import { EventDepositForfeited } from "#proto/hanzo/hmm/v1/events";
import { BPS, type Ctx } from "#sdk";
import { burnBacked } from "../credit/vault.ts";
import { bookFees, getPool, type Market, openBlock, setPool } from "../market.ts";
import type { PoolState } from "../records.ts";
import type { SealedState } from "./record.ts";

/** Where the deposit of an order goes that was not revealed, in credit base units. The three add up to the deposit. */
export interface Forfeit {
  readonly burned: bigint;
  readonly lp: bigint;
  readonly returned: bigint;
}

/**
 * Divides the deposit of an order that was not revealed.
 * @param forfeitBps part of the deposit that is lost, rounded down
 * @param hasProviders whether somebody can earn the half (rounded up) that is not burned; otherwise all that is lost is burned
 */
export function splitDeposit(deposit: bigint, forfeitBps: number, hasProviders: boolean): Forfeit {
  const lost = (deposit * BigInt(forfeitBps)) / BPS;
  const burned = hasProviders ? lost / 2n : lost;
  return { burned, lp: lost - burned, returned: deposit - lost };
}

/** Punishes orders that were not revealed in their round: without a price for silence, whoever dislikes the market's move would keep silent. */
export function forfeitDeposits(market: Market, ctx: Ctx, silent: readonly SealedState[]): void {
  const { state, needs, account } = market;
  const { forfeitBps } = market.params.get(ctx);
  const { creditDenom } = state.vault.get(ctx);
  const pools = new Map<string, PoolState>();
  let burned = 0n;
  for (const { round, poolId, sender, hash, deposit } of silent) {
    const pool = pools.get(poolId) ?? openBlock(getPool(market, ctx, poolId), ctx.height);
    const forfeit = splitDeposit(deposit, forfeitBps, pool.shares > pool.block.freshShares);
    burned += forfeit.burned;
    if (forfeit.lp > 0n) pools.set(poolId, bookFees(pool, forfeit.lp));
    needs.bank.send(ctx, account, sender, creditDenom, forfeit.returned);
    ctx.emit(EventDepositForfeited, {
      round,
      poolId,
      sender,
      hash: bytesToHex(hash),
      burned: forfeit.burned.toString(),
      lp: forfeit.lp.toString(),
      returned: forfeit.returned.toString(),
    });
  }
  burnBacked(market, ctx, burned);
  for (const pool of pools.values()) setPool(market, ctx, pool);
}

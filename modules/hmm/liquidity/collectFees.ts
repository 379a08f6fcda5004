import { EventFeesCollected } from "#proto/hanzo/hmm/v1/events";
import type { MsgCollectFees, MsgCollectFeesResponse } from "#proto/hanzo/hmm/v1/tx";
import { type Ctx, subUint } from "#sdk";
import { hmmError } from "../errors.ts";
import { getPool, type Market } from "../market.ts";
import { storePool } from "../pool/storePool.ts";
import { countFees, getPosition, setPosition } from "./position.ts";

/**
 * Pays out what a position has earned up to the end of the last block; works while the pool is paused.
 * @throws hmm/3 unknown pool, hmm/11 unknown position, hmm/14 nothing to collect
 */
export function collectFees(market: Market, ctx: Ctx, { sender, poolId }: MsgCollectFees): MsgCollectFeesResponse {
  const pool = getPool(market, ctx, poolId);
  const position = countFees(getPosition(market, ctx, sender, poolId), pool);
  const owed = position.feesOwed;
  if (owed === 0n) throw hmmError.nothingToCollect(`position of ${sender} in pool "${poolId}" has earned less than 1 credit base unit`);
  setPosition(market, ctx, { ...position, feesOwed: 0n });
  storePool(market, ctx, { ...pool, feesHeld: subUint(pool.feesHeld, owed, "fees_held") });
  market.needs.bank.send(ctx, market.account, sender, market.state.vault.get(ctx).creditDenom, owed);
  const credit = owed.toString();
  ctx.emit(EventFeesCollected, { poolId, owner: sender, credit });
  return { credit };
}

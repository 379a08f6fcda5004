import type { MsgSetPoolStatus, MsgSetPoolStatusResponse } from "#proto/hanzo/hmm/v1/tx";
import { type Ctx, requireAuthority } from "#sdk";
import { getPool, type Market } from "../market.ts";
import { changeStatus } from "./status.ts";
import { storePool } from "./storePool.ts";

/**
 * Pauses a pool until the authority resumes it, or resumes it.
 * @throws gov/13 when the sender is not the authority, hmm/3 unknown pool, hmm/17 for another status
 */
export function setPoolStatus(market: Market, ctx: Ctx, { authority, poolId, status }: MsgSetPoolStatus): MsgSetPoolStatusResponse {
  requireAuthority(market.authority, authority);
  const pool = getPool(market, ctx, poolId);
  storePool(market, ctx, changeStatus(market, ctx, pool, { status, reason: "authority", resumeHeight: 0n }));
  return {};
}

import { EventPoolStatus } from "#proto/hanzo/hmm/v1/events";
import { PoolStatus } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import type { Market } from "../market.ts";
import type { PoolState } from "../records.ts";
import { markScheduled } from "./storePool.ts";

/** Why a pool pauses or resumes. */
type StatusReason = "authority" | "breaker" | "resumed";

/** A change of a pool's status. */
export interface StatusChange {
  readonly status: PoolStatus;
  readonly reason: StatusReason;
  /** Height at whose beginning the pool resumes; 0 when it does not by itself. */
  readonly resumeHeight: bigint;
  /** What tripped the breaker. */
  readonly detail?: string;
}

/** Changes a pool's status, marks it for the beginning of blocks and emits the event. @returns the pool, which the caller stores */
export function changeStatus(market: Market, ctx: Ctx, pool: PoolState, change: StatusChange): PoolState {
  const { status, reason, resumeHeight, detail = "" } = change;
  const after = { ...pool, status, resumeHeight };
  markScheduled(market, ctx, after);
  const shown = status === PoolStatus.POOL_STATUS_ACTIVE ? "active" : "paused";
  ctx.emit(EventPoolStatus, { poolId: pool.id, status: shown, reason, detail });
  return after;
}

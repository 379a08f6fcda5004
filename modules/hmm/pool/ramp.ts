// Scheduled changes of pools, one step at the beginning of every block: curves move toward their targets, tripped pools resume. Steps are so
// small that nobody earns by trading around one: at most 2 bps of the price, far less than two market fees.

import { PoolStatus } from "#proto/hanzo/hmm/v1/types";
import { BPS, type Ctx, E18, minOf } from "#sdk";
import { maxReserveRatio } from "../curve/limits.ts";
import { type Curve, priceE18 } from "../curve/math.ts";
import { getPool, type Market } from "../market.ts";
import type { PoolRampState, PoolState } from "../records.ts";
import { changeStatus } from "./status.ts";
import { markScheduled, storePool } from "./storePool.ts";

/** Most that one step may move the price, in bps. */
const MAX_MOVE_BPS = 2n;
/** A step is at worst this often halved until it moves the price little enough; if it still does not, the curve waits. */
const MAX_HALVINGS = 16n;

/** Beginning of a block: one step for every pool whose curve moves, and an end to pauses that are over. */
export function advanceScheduled(market: Market, ctx: Ctx): void {
  if (market.state.scheduled.first(ctx) === undefined) return;
  const { rampBps } = market.params.get(ctx);
  // The keys are read first: a finished schedule leaves the collection that is being walked.
  for (const [id] of [...market.state.scheduled.entries(ctx)]) {
    const pool = getPool(market, ctx, id);
    const ramped = stepRamp(pool, BigInt(rampBps));
    const after = resumeIfDue(market, ctx, ramped);
    if (after !== pool) storePool(market, ctx, after);
    markScheduled(market, ctx, after);
  }
}

function resumeIfDue(market: Market, ctx: Ctx, pool: PoolState): PoolState {
  if (pool.resumeHeight === 0n || pool.resumeHeight > ctx.height) return pool;
  return changeStatus(market, ctx, pool, { status: PoolStatus.POOL_STATUS_ACTIVE, reason: "resumed", resumeHeight: 0n });
}

/**
 * One step of a pool's ramp: c by at most the given part of itself, w and λ by at most that part of w, less where the price would move by
 * more than 2 bps. Reserves stay, so κ changes with the curve.
 * @param rampBps 1 to 10
 * @returns the same object when there is no ramp, or when the curve must wait
 */
export function stepRamp(pool: PoolState, rampBps: bigint): PoolState {
  const { ramp } = pool;
  if (ramp === undefined) return pool;
  const price = priceE18(pool);
  for (let halvings = 0n; halvings <= MAX_HALVINGS; halvings++) {
    const stepped = { ...pool, ...nextShape(pool, ramp, (of) => largestStep(of, rampBps, halvings)) };
    const then = priceE18(stepped);
    const distance = then > price ? then - price : price - then;
    if (distance * BPS > MAX_MOVE_BPS * price) continue;
    // A pool inside its range never leaves it by a step; one that is outside may come back.
    if (isInRange(pool) && !isInRange(stepped)) return pool;
    return { ...stepped, ramp: hasArrived(stepped, ramp) ? undefined : ramp };
  }
  return pool;
}

type Shape = Pick<Curve, "centreE18" | "wE18" | "lambdaE18">;

function nextShape(from: Shape, to: PoolRampState, most: (of: bigint) => bigint): Shape {
  const wE18 = toward(from.wE18, to.wE18, most(from.wE18));
  const lambdaE18 = toward(from.lambdaE18, to.lambdaE18, most(from.wE18));
  // Where both rise, λ waits for w: it never exceeds w/2. Every other path keeps that by itself, because both ends do.
  return { centreE18: toward(from.centreE18, to.centreE18, most(from.centreE18)), wE18, lambdaE18: minOf(lambdaE18, wE18 / 2n) };
}

function hasArrived(at: Shape, to: PoolRampState): boolean {
  return at.centreE18 === to.centreE18 && at.wE18 === to.wE18 && at.lambdaE18 === to.lambdaE18;
}

/** At least one unit, so that every ramp arrives. */
function largestStep(of: bigint, rampBps: bigint, halvings: bigint): bigint {
  const step = ((of * rampBps) / BPS) >> halvings;
  return step > 0n ? step : 1n;
}

function toward(from: bigint, to: bigint, most: bigint): bigint {
  return from < to ? minOf(from + most, to) : from - minOf(most, from - to);
}

/** Whether Θ/(cΨ) is within the limits of the curve. */
function isInRange(curve: Curve): boolean {
  const { num, den } = maxReserveRatio(curve);
  const x = curve.centreE18 * curve.psi;
  const t = E18 * curve.theta;
  return t * den <= num * x && x * den <= num * t;
}

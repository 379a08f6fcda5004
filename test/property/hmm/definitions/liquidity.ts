// P2 and P3 with liquidity: one actor trades, deposits, withdraws, collects and sends batches on a pool whose first shares stay with others.
import assert from "node:assert/strict";
import { minOf } from "#sdk";
import { type BatchOrder, clearBatch } from "../../../../modules/hmm/curve/batch.ts";
import { accrueFees, type FeeGrowth, feesEarned, type QuotePool, splitFees } from "../../../../modules/hmm/curve/fees.ts";
import { h2, priceE18 } from "../../../../modules/hmm/curve/math.ts";
import { type Quote, quoteBuyExactIn, quoteBuyExactOut, quoteSell } from "../../../../modules/hmm/curve/quote.ts";
import {
  firstShares,
  nextAverage,
  proportionalAdd,
  proportionalRemove,
  scaledReference,
} from "../../../../modules/hmm/liquidity/shares.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { anyPool, part, ppm } from "../pools.ts";
import { define, type Property } from "./property.ts";

const KINDS = ["buy", "offer", "sell", "add", "remove", "collect", "batch", "block"] as const;
type Kind = (typeof KINDS)[number];

interface Run {
  readonly pool: QuotePool;
  readonly steps: readonly (readonly [Kind, bigint])[];
}

/** A pool with its shares and fees, and what one actor has of it. What the actor had before is zero. */
interface World {
  pool: QuotePool;
  shares: bigint;
  growth: FeeGrowth;
  psi: bigint;
  theta: bigint;
  held: bigint;
  /** Growth up to which the actor's fees are collected. */
  since: bigint;
}

function open(pool: QuotePool): World {
  const shares = firstShares(pool);
  fc.pre(shares > 0n);
  return { pool, shares, growth: { feeGrowthQ128: 0n, feeCarryQ128: 0n }, psi: 0n, theta: 0n, held: 0n, since: 0n };
}

function book(world: World, marketFee: bigint, risk: bigint): void {
  world.growth = accrueFees(world.growth, splitFees(marketFee, risk, 2500n, 2000n).lp, world.shares);
}

function trade(world: World, { psi, credit, curve, marketFee, riskFee }: Quote, buy: boolean): void {
  // The market refuses orders that move or bring nothing.
  if (psi === 0n || curve === 0n || credit <= 0n) return;
  const sign = buy ? 1n : -1n;
  world.pool = { ...world.pool, psi: world.pool.psi - sign * psi, theta: world.pool.theta + sign * curve };
  world.psi += sign * psi;
  world.theta -= sign * credit;
  book(world, marketFee, riskFee);
}

function collect(world: World): void {
  world.theta += feesEarned(world.held, world.since, world.growth.feeGrowthQ128);
  world.since = world.growth.feeGrowthQ128;
}

function add(world: World, m: bigint): void {
  const { pool, shares } = world;
  const { shares: issued, psi, theta } = proportionalAdd(pool, shares, { psi: part(pool.psi, m), theta: part(pool.theta, m) });
  if (issued === 0n) return;
  collect(world);
  const after = pool.psi + psi;
  const psiRef = scaledReference(pool, after, shares, shares + issued);
  world.pool = { ...pool, psi: after, theta: pool.theta + theta, psiRef };
  world.shares += issued;
  world.held += issued;
  world.psi -= psi;
  world.theta -= theta;
}

function remove(world: World, redeemed: bigint): void {
  const { pool, shares } = world;
  if (redeemed === 0n) return;
  const { psi, theta } = proportionalRemove(pool, shares, redeemed);
  collect(world);
  const after = pool.psi - psi;
  world.pool = { ...pool, psi: after, theta: pool.theta - theta, psiRef: scaledReference(pool, after, shares, shares - redeemed) };
  world.shares -= redeemed;
  world.held -= redeemed;
  world.psi += psi;
  world.theta += theta;
}

/** Three orders of the actor against each other and the pool. */
function batch(world: World, m: bigint): void {
  const { pool } = world;
  const price = priceE18(pool) + 1n;
  const orders: BatchOrder[] = [
    { id: 1n, side: m % 2n === 0n ? "buy" : "sell", psi: part(pool.psi, m), limitE18: price },
    { id: 2n, side: "buy", psi: part(pool.psi, m / 3n + 1n), limitE18: (price * 11n) / 10n },
    { id: 3n, side: "sell", psi: part(pool.psi, m / 2n + 1n), limitE18: (price * 9n) / 10n + 1n },
  ];
  const { fills, netPsi, curve, marketFees, lpSurplus } = clearBatch(pool, orders);
  for (const { id, psi, theta } of fills) {
    const buys = orders.find((order) => order.id === id)?.side === "buy";
    world.psi += buys ? psi : -psi;
    world.theta -= buys ? theta : -theta;
  }
  world.pool = { ...pool, psi: pool.psi - netPsi, theta: pool.theta + (netPsi < 0n ? -curve : curve) };
  book(world, marketFees, lpSurplus);
}

function step(world: World, kind: Kind, m: bigint): void {
  const { pool } = world;
  // Once either reserve is down to little, trades wait: a market keeps its reserves above a minimum.
  const small = pool.psi < 64n || pool.theta < 64n || pool.psi >> 105n > 0n || pool.theta >> 105n > 0n;
  if (kind === "buy" && !small) trade(world, quoteBuyExactOut(pool, part(pool.psi, m / 3n + 1n)), true);
  else if (kind === "offer" && !small) trade(world, quoteBuyExactIn(pool, part(pool.theta, m / 6n + 1n)), true);
  else if (kind === "sell" && !small) trade(world, quoteSell(pool, part(pool.psi, m / 6n + 1n)), false);
  else if (kind === "batch" && !small) batch(world, m / 6n + 1n);
  else if (kind === "add" && pool.psi >> 105n === 0n && pool.theta >> 105n === 0n) add(world, m);
  else if (kind === "remove") remove(world, (world.held * m) / 300_000n);
  else if (kind === "collect") collect(world);
  else if (kind === "block") world.pool = { ...pool, psiRef: nextAverage(pool.psiRef, pool.psi, 300n) };
}

/** Kinds of steps that can drain or refuse are drawn around the middle of the band only. */
const middle = anyPool.filter(({ psi, theta, centreE18: c, lambdaE18, wE18 }) => {
  const [x, t] = [c * psi, theta * 10n ** 18n];
  const most = 10n * lambdaE18 > wE18 ? 1n : 6n;
  return psi > 1n << 12n && theta > 1n << 12n && 2n * x < (most + 2n) * t && 2n * t < (most + 2n) * x;
});

const run: fc.Arbitrary<Run> = fc.record({
  pool: middle,
  steps: fc.array(fc.tuple(fc.constantFrom(...KINDS), ppm), { minLength: 1, maxLength: 14 }),
});

/** Walks that end where a swap is refused for draining are walks of the steps before. */
function each({ pool, steps }: Run, look: (world: World, before: World, kind: Kind) => void): World {
  const world = open(pool);
  for (const [kind, m] of steps) {
    const before = { ...world };
    try {
      step(world, kind, m);
    } catch (cause) {
      if (!(cause instanceof Error) || !/drain the pool/.test(cause.message)) throw cause;
      return world;
    }
    look(world, before, kind);
  }
  return world;
}

function sharesKeepInvariant(case_: Run): void {
  each(case_, (world, before, kind) => {
    // √H per share never falls: H'·N² ≥ H·N'².
    assert.ok(h2(world.pool) * before.shares ** 2n >= h2(before.pool) * world.shares ** 2n, kind);
    if (kind !== "remove") assert.ok(h2(world.pool) >= h2(before.pool), kind);
  });
}

function addsMoveNoPrice(case_: Run): void {
  each(case_, (world, before, kind) => {
    if (kind !== "add" && kind !== "remove") return;
    const [price, was] = [priceE18(world.pool), priceE18(before.pool)];
    const least = [world.pool.psi, world.pool.theta, before.pool.psi, before.pool.theta].reduce(minOf);
    const distance = price < was ? was - price : price - was;
    assert.ok(distance * least <= 2n * was + 2n * least, `${kind}: from ${was} to ${price}`);
  });
}

function nothingForNothing(case_: Run): void {
  const world = each(case_, () => undefined);
  remove(world, world.held);
  assert.ok(world.psi < 0n || world.theta < 0n || (world.psi === 0n && world.theta === 0n), `left with ${world.psi} and ${world.theta}`);
}

function noCycleProfit(case_: Run): void {
  const world = each(case_, () => undefined);
  remove(world, world.held);
  const { pool } = world;
  fc.pre(world.psi < pool.psi && -world.psi * 2n < pool.psi);
  if (world.psi > 0n) trade(world, quoteSell(pool, world.psi), false);
  else if (world.psi < 0n) trade(world, quoteBuyExactOut(pool, -world.psi), true);
  // A remainder too small to sell is worth nothing here.
  fc.pre(world.psi >= 0n);
  assert.ok(world.theta <= 0n, `gained ${world.theta}`);
}

/** Claims about sequences with liquidity. */
export const liquidityProperties: readonly Property[] = [
  define("P2.4", "over any sequence of operations no share loses invariant, and only withdrawals lower it", 300, run, sharesKeepInvariant),
  define("P2.5", "proportional deposits and withdrawals keep the price, to the rounding of a unit", 300, run, addsMoveNoPrice),
  define("P3.2", "no sequence of operations ends with more of one and no less of the other", 300, run, nothingForNothing),
  define("P3.3", "no sequence that returns the resource and all shares gains credit, its own fees included", 300, run, noCycleProfit),
];

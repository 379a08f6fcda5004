// Average prices over random paths, and ramps of random curves.
import assert from "node:assert/strict";
import { priceE18 } from "../../../../modules/hmm/curve/math.ts";
import { stepRamp } from "../../../../modules/hmm/pool/ramp.ts";
import type { PoolState } from "../../../../modules/hmm/records.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { createRing } from "../../../unit/hmm/priceRing.ts";
import { define, type Property } from "../../hmm/definitions/property.ts";
import { anyPool, spread } from "../../hmm/pools.ts";

interface Path {
  /** Blocks of rest before each, and the spot price at its end. */
  readonly moves: readonly (readonly [rest: number, spot: bigint])[];
  readonly clampBps: bigint;
  readonly rest: number;
  readonly windows: readonly number[];
}

const path: fc.Arbitrary<Path> = fc.record({
  moves: fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), spread(1, 90)), { minLength: 1, maxLength: 60 }),
  clampBps: fc.bigInt({ min: 1n, max: 10_000n }),
  rest: fc.integer({ min: 0, max: 9 }),
  windows: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }),
});

/** The same by brute force: one price per block. */
function averagesAgree({ moves, clampBps, rest, windows }: Path): void {
  const ring = createRing();
  /** Price that held in each block, from the one after the first observation on. */
  const held: bigint[] = [];
  let height = 10n;
  let recorded: bigint | undefined;
  for (const [wait, spot] of moves) {
    for (let i = 0; i <= wait; i++) {
      height++;
      if (recorded !== undefined) held.push(recorded);
    }
    ring.observe(spot, height, clampBps);
    const was: bigint = recorded ?? spot;
    const most = recorded === undefined ? 0n : (was * clampBps + 9999n) / 10_000n;
    recorded = spot > was + most ? was + most : spot < was - most ? was - most : spot;
  }
  for (let i = 0; i < rest; i++) {
    height++;
    if (recorded !== undefined) held.push(recorded);
  }
  for (const window of windows) {
    const covered = held.slice(-window);
    const naive = covered.length === 0 ? recorded : covered.reduce((a, b) => a + b, 0n) / BigInt(covered.length);
    assert.deepEqual(ring.average(BigInt(window), height), { priceE18: naive, blocks: BigInt(covered.length) });
  }
}

const ramped = fc.record({
  pool: anyPool,
  centre: fc.bigInt({ min: 900n, max: 1100n }),
  weight: fc.bigInt({ min: 900n, max: 1100n }),
  lambda: fc.bigInt({ min: 0n, max: 500n }),
  rampBps: fc.bigInt({ min: 1n, max: 10n }),
});

type Ramped = typeof ramped extends fc.Arbitrary<infer T> ? T : never;

function rampsAreGentle({ pool, centre, weight, lambda, rampBps }: Ramped): void {
  // Prices and centres of few digits move in steps that are large for them: real pools have many.
  fc.pre(pool.centreE18 > 10n ** 9n && priceE18(pool) > 10n ** 9n);
  const wE18 = (pool.wE18 * weight) / 1000n;
  const near = pool.lambdaE18 + ((wE18 * lambda) / 1000n - pool.lambdaE18) / 20n;
  const target = { centreE18: (pool.centreE18 * centre) / 1000n, wE18, lambdaE18: near > wE18 / 2n ? wE18 / 2n : near };
  let now: PoolState = { ...(pool as PoolState), ramp: target };
  const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);
  for (let blocks = 0; now.ramp !== undefined; blocks++) {
    assert.ok(blocks < 20_000, "a ramp arrives");
    const next = stepRamp(now, rampBps);
    // It waits at the end of its range.
    if (next === now) return;
    assert.ok(2n * next.lambdaE18 <= next.wE18);
    assert.ok(distance(priceE18(next), priceE18(now)) * 10_000n <= 2n * priceE18(now));
    assert.ok(distance(next.centreE18, now.centreE18) * 10_000n <= now.centreE18 * rampBps);
    assert.ok(distance(next.wE18, now.wE18) * 10_000n <= now.wE18 * rampBps);
    assert.ok(distance(next.centreE18, target.centreE18) <= distance(now.centreE18, target.centreE18));
    assert.deepEqual([next.psi, next.theta], [now.psi, now.theta]);
    now = next;
  }
  assert.deepEqual({ centreE18: now.centreE18, wE18: now.wE18, lambdaE18: now.lambdaE18 }, target);
}

/** Claims about prices over time. */
export const priceProperties: readonly Property[] = [
  define("L9", "the average is the mean of the clamped price of every block", 300, path, averagesAgree),
  define(
    "L10",
    "a ramp moves the price by at most 2 bps a block, keeps λ ≤ w/2, and arrives or waits at the end of its range",
    60,
    ramped,
    rampsAreGentle,
  ),
];

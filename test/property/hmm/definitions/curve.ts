// P1, P4, P7 to P10 and the swaps' part of P2: the curve without fees.
import assert from "node:assert/strict";
import { minOf } from "#sdk";
import type { QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import { type Curve, h2, inPsi, inTheta, outPsi, outTheta, priceE18, priceFraction, thetaAt } from "../../../../modules/hmm/curve/math.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { anyPool, part, ppm } from "../pools.ts";
import { define, type Property } from "./property.ts";

const E18 = 10n ** 18n;

interface Move {
  readonly pool: QuotePool;
  readonly m: bigint;
}
interface TwoMoves extends Move {
  readonly n: bigint;
}

const move: fc.Arbitrary<Move> = fc.record({ pool: anyPool, m: ppm });
const twoMoves: fc.Arbitrary<TwoMoves> = fc.record({ pool: anyPool, m: ppm, n: ppm });

function outputsAreExtreme({ pool, m }: Move): void {
  const h = h2(pool);
  const d = part(pool.theta, m);
  const y = outPsi(pool, d);
  assert.ok(h2(pool, pool.psi - y, pool.theta + d) >= h);
  assert.ok(y + 1n > pool.psi || h2(pool, pool.psi - y - 1n, pool.theta + d) < h, "one more unit would lower H");
  const x = part(pool.psi, m);
  const t = outTheta(pool, x);
  assert.ok(h2(pool, pool.psi + x, pool.theta - t) >= h);
  assert.ok(t + 1n > pool.theta || h2(pool, pool.psi + x, pool.theta - t - 1n) < h, "one more unit would lower H");
}

function inputsAreExtreme({ pool, m }: Move): void {
  const h = h2(pool);
  const y = part(pool.psi, m);
  const d = inTheta(pool, y);
  assert.ok(h2(pool, pool.psi - y, pool.theta + d) >= h && h2(pool, pool.psi - y, pool.theta + d - 1n) < h);
  const t = part(pool.theta, m);
  const x = inPsi(pool, t);
  assert.ok(h2(pool, pool.psi + x, pool.theta - t) >= h && h2(pool, pool.psi + x - 1n, pool.theta - t) < h);
}

function inputsInvertOutputs({ pool, m }: Move): void {
  const y = part(pool.psi, m);
  const d = inTheta(pool, y);
  assert.ok(outPsi(pool, d) >= y && outPsi(pool, d - 1n) < y);
  const t = part(pool.theta, m);
  const x = inPsi(pool, t);
  assert.ok(outTheta(pool, x) >= t && outTheta(pool, x - 1n) < t);
}

function referenceIsExtreme({ pool }: Move): void {
  const t = thetaAt(pool, pool.psiRef);
  assert.ok(h2(pool, pool.psiRef, t) >= h2(pool));
  assert.ok(t === 0n || h2(pool, pool.psiRef, t - 1n) < h2(pool));
}

/** A walk of swaps in all four directions; every one keeps H, and nothing returns what was not put in. */
function swapsKeepInvariant({ pool, steps }: { readonly pool: QuotePool; readonly steps: readonly (readonly [number, bigint])[] }): void {
  let at = pool;
  for (const [kind, m] of steps) {
    const before = h2(at);
    at = swapped(at, kind, m);
    assert.ok(h2(at) >= before, "H does not fall");
  }
  assert.ok(at.psi > pool.psi || at.theta > pool.theta || (at.psi === pool.psi && at.theta === pool.theta), "nothing left for nothing");
}

function swapped(pool: QuotePool, kind: number, m: bigint): QuotePool {
  const [y, t] = [part(pool.psi, m / 3n + 1n), part(pool.theta, m / 3n + 1n)];
  if (kind === 0) return { ...pool, psi: pool.psi - y, theta: pool.theta + inTheta(pool, y) };
  if (kind === 1) return { ...pool, psi: pool.psi + inPsi(pool, t), theta: pool.theta - t };
  // Exact inputs can reach the end of the band, where they are refused: then the step is not made.
  const h = h2(pool);
  const { psi, theta, centreE18, lambdaE18 } = pool;
  if (kind === 2) return lambdaE18 * (E18 * (theta + t)) ** 2n >= h ? pool : { ...pool, psi: psi - outPsi(pool, t), theta: theta + t };
  return lambdaE18 * (centreE18 * (psi + y)) ** 2n >= h ? pool : { ...pool, psi: psi + y, theta: theta - outTheta(pool, y) };
}

const walk = fc.record({ pool: anyPool, steps: fc.array(fc.tuple(fc.nat({ max: 3 }), ppm), { minLength: 1, maxLength: 16 }) });

function quotesAreConcave({ pool, m, n }: TwoMoves): void {
  const [first, second] = [part(pool.theta, m), part(pool.theta, n)];
  // Offers that would buy the whole reserve are refused: not what this claim is about.
  fc.pre(pool.lambdaE18 * (E18 * (pool.theta + first + second)) ** 2n < h2(pool));
  const [y1, y2, y12] = [outPsi(pool, first), outPsi(pool, second), outPsi(pool, first + second)];
  assert.ok(y12 >= y1 && y12 >= y2);
  assert.ok(y12 <= y1 + y2 + 1n, "concave: together at most what both get apart");
  const [a, b] = [part(pool.psi, m), part(pool.psi, n)];
  const [d1, d2, d12] = [inTheta(pool, a), inTheta(pool, b), inTheta(pool, a + b)];
  assert.ok(d12 >= d1 && d12 >= d2);
  assert.ok(d12 + 1n >= d1 + d2, "convex: together at least what both cost apart");
}

function scales({ pool, m, k }: Move & { readonly k: bigint }): void {
  const d = part(pool.theta, m);
  const y = outPsi(pool, d);
  const scaled = outPsi({ ...pool, psi: pool.psi * k, theta: pool.theta * k }, d * k);
  assert.ok(scaled >= k * y && scaled < k * (y + 1n));
}

function mirrors({ pool, m }: Move): void {
  const curve: Curve = { ...pool, centreE18: E18 };
  const mirrored: Curve = { ...curve, psi: pool.theta, theta: pool.psi };
  const d = part(minOf(pool.theta, pool.psi), m);
  // Beyond the band's end both directions refuse alike.
  if (curve.lambdaE18 * (E18 * (curve.theta + d)) ** 2n >= h2(curve)) {
    assert.throws(() => outPsi(curve, d), /would buy all/);
    assert.throws(() => outTheta(mirrored, d), /would take all/);
    return;
  }
  assert.equal(outPsi(curve, d), outTheta(mirrored, d));
  if (d < curve.psi) assert.equal(inTheta(curve, d), inPsi(mirrored, d));
}

function isConstantProduct({ pool, m }: Move): void {
  const curve = { ...pool, lambdaE18: 0n };
  const { psi, theta } = pool;
  const [d, y] = [part(theta, m), part(psi, m)];
  assert.equal(outPsi(curve, d), (psi * d) / (theta + d));
  assert.equal(outTheta(curve, y), (theta * y) / (psi + y));
  const up = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
  assert.equal(inTheta(curve, y), up(theta * y, psi - y));
  assert.equal(inPsi(curve, d), up(psi * d, theta - d));
}

function liesInBand({ pool }: Move): void {
  const { centreE18: c, wE18: w, lambdaE18: l } = pool;
  const { num, den } = priceFraction(pool);
  assert.ok(num * w * E18 >= c * l * den && num * l * E18 <= c * w * den, "c·λ/w ≤ p ≤ c·w/λ");
  assert.equal(priceE18(pool), (num * E18) / den);
}

/** H is quadratic: the average price of a swap is the marginal price in the middle of its reserves, but for the unit that credit rounds by. */
function isMiddlePrice({ pool, m }: Move): void {
  const y = part(pool.psi, m);
  const d = inTheta(pool, y);
  const { num, den } = priceFraction({ ...pool, psi: 2n * pool.psi - y, theta: 2n * pool.theta + d });
  const { num: less, den: lessDen } = priceFraction({ ...pool, psi: 2n * pool.psi - y, theta: 2n * pool.theta + d - 1n });
  // d is the least integer at or above the real amount, and the middle's price grows with it.
  assert.ok(d * den >= num * y - den, "at least the middle's price, less a unit");
  assert.ok((d - 1n) * lessDen <= less * y, "one unit less would be below the middle's price");
}

/** Eq. (3) as −dΘ/dΨ: a small step either way brackets the marginal price. */
function isSlope({ pool, m }: Move): void {
  const y = part(pool.psi, m / 1000n + 1n);
  const { num, den } = priceFraction(pool);
  assert.ok(inTheta(pool, y) * den >= num * y, "buying costs at least the marginal price");
  assert.ok(outTheta(pool, y) * den <= num * y, "selling brings at most the marginal price");
  // Both stay within the price's change over the step, plus a unit: elasticity 1/(1 − step) at most, twice.
  const gap = inTheta(pool, y) - outTheta(pool, y);
  const widest = (num * y * 8n * y) / (den * pool.psi) + (num * y * 8n * inTheta(pool, y)) / (den * pool.theta) + 2n;
  assert.ok(gap <= widest, `buy ${inTheta(pool, y)}, sale ${outTheta(pool, y)}`);
}

/** Claims about the curve. */
export const curveProperties: readonly Property[] = [
  define("P1.1", "a swap's output is the extreme integer for which the invariant does not fall", 1200, move, outputsAreExtreme),
  define("P1.2", "a swap's input is the least integer that keeps the invariant", 1200, move, inputsAreExtreme),
  define("P1.3", "inputs invert outputs", 800, move, inputsInvertOutputs),
  define("P1.4", "the reference reserve is the least one on the curve", 1000, move, referenceIsExtreme),
  define("P2.1", "no walk of swaps lowers the invariant or takes something for nothing", 400, walk, swapsKeepInvariant),
  define("P4.1", "more buys more and each further unit buys less, to one unit", 1000, twoMoves, quotesAreConcave),
  define(
    "P7.1",
    "scaling reserves and input by a whole number scales the output, to that number",
    1000,
    fc.record({ pool: anyPool, m: ppm, k: fc.bigInt({ min: 2n, max: 1000n }) }),
    scales,
  ),
  define("P8.1", "at centre price one the two sides are exchangeable", 1000, move, mirrors),
  define("P9.1", "without curvature swaps are the constant product to the unit", 1000, move, isConstantProduct),
  define("P10.1", "the price lies in its band", 1000, move, liesInBand),
  define("P10.2", "a swap's average price is the marginal price in the middle of its reserves", 1000, move, isMiddlePrice),
  define("P10.3", "the price is the slope of the curve", 800, move, isSlope),
];

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { minOf } from "../../../app/math/minOf.ts";
import type { Curve } from "../../../modules/hmm/math.ts";
import { h2, inPsi, inTheta, outPsi, outTheta, priceE18, thetaAt } from "../../../modules/hmm/math.ts";
import { anyPool, part, ppm } from "./pools.ts";

const RUNS = { seed: 20261124, numRuns: 1500 } as const;

test("a swap's output is the extreme integer for which the invariant does not fall", () => {
  fc.assert(
    fc.property(anyPool, ppm, (pool, m) => {
      const h = h2(pool);
      const d = part(pool.theta, m);
      const y = outPsi(pool, d);
      assert.ok(h2(pool, pool.psi - y, pool.theta + d) >= h);
      assert.ok(y + 1n > pool.psi || h2(pool, pool.psi - y - 1n, pool.theta + d) < h, "one more unit would lower H");
      const x = part(pool.psi, m);
      const t = outTheta(pool, x);
      assert.ok(h2(pool, pool.psi + x, pool.theta - t) >= h);
      assert.ok(t + 1n > pool.theta || h2(pool, pool.psi + x, pool.theta - t - 1n) < h);
    }),
    RUNS,
  );
});

test("a swap's input is the least integer that keeps the invariant, and inverts the output", () => {
  fc.assert(
    fc.property(anyPool, ppm, (pool, m) => {
      const h = h2(pool);
      const y = part(pool.psi, m);
      const d = inTheta(pool, y);
      assert.ok(h2(pool, pool.psi - y, pool.theta + d) >= h && h2(pool, pool.psi - y, pool.theta + d - 1n) < h);
      assert.ok(outPsi(pool, d) >= y && (d === 0n || outPsi(pool, d - 1n) < y));
      const t = part(pool.theta, m);
      const x = inPsi(pool, t);
      assert.ok(h2(pool, pool.psi + x, pool.theta - t) >= h && h2(pool, pool.psi + x - 1n, pool.theta - t) < h);
    }),
    RUNS,
  );
});

test("the reference reserve is the least one on the curve", () => {
  fc.assert(
    fc.property(anyPool, (pool) => {
      const t = thetaAt(pool, pool.psiRef);
      assert.ok(h2(pool, pool.psiRef, t) >= h2(pool));
      assert.ok(t === 0n || h2(pool, pool.psiRef, t - 1n) < h2(pool));
    }),
    RUNS,
  );
});

test("more credit buys more, and each further unit buys less, to one unit", () => {
  fc.assert(
    fc.property(anyPool, ppm, ppm, (pool, a, b) => {
      const [first, second] = [part(pool.theta, a), part(pool.theta, b)];
      const [y1, y2, y12] = [outPsi(pool, first), outPsi(pool, second), outPsi(pool, first + second)];
      assert.ok(y12 >= y1 && y12 >= y2);
      assert.ok(y12 <= y1 + y2 + 1n, "concave: together at most what both get apart");
    }),
    RUNS,
  );
});

test("scaling reserves and input by a whole number scales the output, to that number", () => {
  fc.assert(
    fc.property(anyPool, ppm, fc.bigInt({ min: 2n, max: 1000n }), (pool, m, k) => {
      const d = part(pool.theta, m);
      const y = outPsi(pool, d);
      const scaled = outPsi({ ...pool, psi: pool.psi * k, theta: pool.theta * k }, d * k);
      assert.ok(scaled >= k * y && scaled < k * (y + 1n));
    }),
    RUNS,
  );
});

test("at centre price one the two sides are exchangeable", () => {
  fc.assert(
    fc.property(anyPool, ppm, (pool, m) => {
      const curve: Curve = { ...pool, centreE18: 10n ** 18n };
      const mirrored: Curve = { ...curve, psi: pool.theta, theta: pool.psi };
      const d = part(minOf(pool.theta, pool.psi), m);
      // Skip amounts beyond the band's end: both directions refuse them alike.
      if (curve.lambdaE18 * (10n ** 18n * (curve.theta + d)) ** 2n >= h2(curve)) {
        assert.throws(() => outPsi(curve, d), /would buy all/);
        assert.throws(() => outTheta(mirrored, d), /would take all/);
        return;
      }
      assert.equal(outPsi(curve, d), outTheta(mirrored, d));
      if (d < curve.psi) assert.equal(inTheta(curve, d), inPsi(mirrored, d));
    }),
    RUNS,
  );
});

test("without curvature the swap is the constant product to the unit", () => {
  fc.assert(
    fc.property(anyPool, ppm, (pool, m) => {
      const curve = { ...pool, lambdaE18: 0n };
      const d = part(pool.theta, m);
      assert.equal(outPsi(curve, d), (pool.psi * d) / (pool.theta + d));
    }),
    RUNS,
  );
});

test("the price lies in its band and is the slope of the curve at the middle of a swap", () => {
  fc.assert(
    fc.property(anyPool, ppm, (pool, m) => {
      const { centreE18: c, wE18: w, lambdaE18: l } = pool;
      const p = priceE18(pool);
      assert.ok((p + 1n) * w >= c * l && p * l <= c * w, "c·λ/w ≤ p ≤ c·w/λ");
      // H is quadratic, so the average price of a swap equals the marginal price at the middle of its reserves: exact up to one unit of credit.
      const y = part(pool.psi, m);
      const d = inTheta(pool, y);
      const middle = priceE18({ ...pool, psi: 2n * pool.psi - y, theta: 2n * pool.theta + d });
      const value = middle * y;
      const paid = d * 10n ** 18n;
      const slack = 2n * 10n ** 18n + y + (c * y) / (pool.psi + 1n);
      assert.ok(paid - value < slack + y && value - paid < slack + y, `paid ${paid}, value ${value}`);
    }),
    RUNS,
  );
});

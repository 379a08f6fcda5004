import assert from "node:assert/strict";
import { test } from "node:test";
import { isqrtDown, isqrtUp } from "../../../app/math/isqrt.ts";
import { MathError } from "../../../app/math/mathError.ts";
import { fc } from "../../harness/fastCheck.ts";

test("the square root down is the largest whose square fits, and up the smallest whose square covers", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 640n }), fc.nat(640), (wide, shift) => {
      const n = wide >> BigInt(shift);
      const down = isqrtDown(n);
      assert.ok(down * down <= n && n < (down + 1n) * (down + 1n));
      const up = isqrtUp(n);
      assert.ok(up * up >= n && (up === 0n || (up - 1n) * (up - 1n) < n));
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("squares and their neighbours have exact roots", () => {
  for (const r of [0n, 1n, 2n, 3n, 15n, 16n, 255n, 10n ** 18n, 2n ** 300n - 1n, 2n ** 300n]) {
    assert.equal(isqrtDown(r * r), r);
    assert.equal(isqrtUp(r * r), r);
    if (r > 1n) {
      assert.equal(isqrtDown(r * r - 1n), r - 1n);
      assert.equal(isqrtUp(r * r + 1n), r + 1n);
    }
  }
});

test("every small number has its root", () => {
  let root = 0n;
  for (let n = 0n; n < 70_000n; n++) {
    if ((root + 1n) * (root + 1n) <= n) root++;
    assert.equal(isqrtDown(n), root);
  }
});

test("a negative number has no square root", () => {
  assert.throws(
    () => isqrtDown(-1n),
    (e) => e instanceof MathError && e.code === 2,
  );
});

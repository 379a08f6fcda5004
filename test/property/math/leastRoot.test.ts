import assert from "node:assert/strict";
import { test } from "node:test";
import { leastRoot } from "../../../app/math/leastRoot.ts";
import { fc } from "../../harness/fastCheck.ts";

/** Integers of any length up to some bits. */
const wide = (bits: number): fc.Arbitrary<bigint> =>
  fc.tuple(fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }), fc.nat(bits)).map(([n, shift]) => n >> BigInt(shift));

test("the least root is the smallest argument that reaches the value, whatever was guessed", () => {
  fc.assert(
    fc.property(wide(200), wide(300), wide(620), wide(300), (a, less, c, near) => {
      const b = less + 1n;
      const n = leastRoot(a, b, c, near);
      const at = (x: bigint): bigint => x * (b + a * x);
      assert.ok(n >= 0n && at(n) >= c && (n === 0n || at(n - 1n) < c), `${a} ${b} ${c} from ${near}: ${n}`);
      assert.equal(leastRoot(a, b, c, 0n), n);
    }),
    { seed: 1, numRuns: 5000 },
  );
});

test("values that nothing must reach have the root 0", () => {
  for (const c of [0n, -1n, -(10n ** 40n)]) assert.equal(leastRoot(3n, 5n, c, 10n ** 30n), 0n);
});

test("every small quadratic has its root", () => {
  for (let a = 0n; a < 6n; a++)
    for (let b = 1n; b < 6n; b++)
      for (let c = 0n, n = 0n; c < 400n; c++) {
        if (n * (b + a * n) < c) n++;
        for (const near of [0n, n, 1000n]) assert.equal(leastRoot(a, b, c, near), n);
      }
});

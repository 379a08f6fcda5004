import assert from "node:assert/strict";
import { test } from "node:test";
import { divUp, mulDivUp } from "../../../app/math/division.ts";
import { MathError } from "../../../app/math/mathError.ts";

test("division rounds in the direction that its name says", () => {
  for (const [a, b, up] of [
    [0n, 5n, 0n],
    [10n, 5n, 2n],
    [11n, 5n, 3n],
    [1n, 10n ** 40n, 1n],
  ] as const)
    assert.equal(divUp(a, b), up, `${a}/${b} up`);
});

test("a product is not truncated before it is divided", () => {
  const big = 2n ** 300n;
  assert.equal(mulDivUp(big, 3n, big), 3n);
  assert.equal(mulDivUp(big + 1n, 3n, big), 4n);
});

test("division by zero and negative operands are refused with their codes", () => {
  const code = (expected: number) => (e: unknown) => e instanceof MathError && e.codespace === "math" && e.code === expected;
  assert.throws(() => divUp(1n, 0n), code(3));
  assert.throws(() => mulDivUp(1n, 1n, 0n), code(3));
  assert.throws(() => divUp(-1n, 2n), code(2));
  assert.throws(() => mulDivUp(1n, 1n, -2n), code(2));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decCeil,
  decMul,
  decMulTruncate,
  decMulUp,
  decQuo,
  decQuoTruncate,
  decQuoUp,
  decRound,
  decTruncate,
} from "../../../app/math/dec.ts";
import { E18 } from "../../../app/math/fixedPoint.ts";
import { MathError } from "../../../app/math/mathError.ts";

const HALF = E18 / 2n;

test("products round halves to even, cut or go up, as their names say", () => {
  // 0.000…001 × 0.5 lies between two decimals: the even one is 0; of 3 × 0.5 it is 2.
  assert.deepEqual(
    [1n, 3n, -1n, -3n].map((n) => decMul(n, HALF)),
    [0n, 2n, 0n, -2n],
  );
  assert.deepEqual(
    [1n, 3n, -1n, -3n].map((n) => decMulTruncate(n, HALF)),
    [0n, 1n, 0n, -1n],
  );
  assert.deepEqual(
    [1n, 3n, -1n, -3n].map((n) => decMulUp(n, HALF)),
    [1n, 2n, 0n, -1n],
  );
  assert.equal(decMul(2n, HALF + 1n), 1n);
  assert.equal(decMul(1n, HALF + 1n), 1n);
});

test("quotients round halves to even of what 36 places show, cut or go up", () => {
  assert.deepEqual(
    [1n, 3n, -1n, -3n].map((n) => decQuo(n, 2n * E18)),
    [0n, 2n, 0n, -2n],
  );
  assert.deepEqual(
    [1n, 3n, -1n, -3n].map((n) => decQuoTruncate(n, 2n * E18)),
    [0n, 1n, 0n, -1n],
  );
  assert.deepEqual(
    [1n, 3n, -1n, -3n].map((n) => decQuoUp(n, 2n * E18)),
    [1n, 2n, 0n, -1n],
  );
  assert.equal(decQuo(2n * E18, 3n * E18), 666_666_666_666_666_667n);
  assert.equal(decQuoTruncate(2n * E18, 3n * E18), 666_666_666_666_666_666n);
  assert.equal(decQuoUp(E18, 3n * E18), 333_333_333_333_333_334n);
});

test("whole numbers of decimals", () => {
  const decimals = [HALF, 3n * HALF, 5n * HALF, -HALF, -3n * HALF, E18 + 1n, -E18 - 1n];
  assert.deepEqual(decimals.map(decTruncate), [0n, 1n, 2n, 0n, -1n, 1n, -1n]);
  assert.deepEqual(decimals.map(decRound), [0n, 2n, 2n, 0n, -2n, 1n, -1n]);
  assert.deepEqual(decimals.map(decCeil), [1n, 2n, 3n, 0n, -1n, 2n, -1n]);
});

test("divisors of zero and results beyond 2^315 are refused", () => {
  for (const divide of [decQuo, decQuoTruncate, decQuoUp])
    assert.throws(
      () => divide(E18, 0n),
      (error: unknown) => error instanceof MathError && error.code === 3,
    );
  const large = 1n << 314n;
  for (const multiply of [decMul, decMulTruncate, decMulUp])
    assert.throws(
      () => multiply(large, 2n * E18),
      (error: unknown) => error instanceof MathError && error.code === 2,
    );
  assert.equal(decMul(large, E18), large);
});

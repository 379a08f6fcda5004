import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUint, requireUint, subUint } from "../../../app/math/checkedUint.ts";
import { MathError } from "../../../app/math/mathError.ts";

const code = (expected: number) => (e: unknown) => e instanceof MathError && e.code === expected;

test("a value fits a width up to the last unit", () => {
  assert.equal(requireUint(255n, 8, "v"), 255n);
  assert.equal(requireUint(0n, 1, "v"), 0n);
  assert.throws(() => requireUint(256n, 8, "v"), code(2));
  assert.throws(() => requireUint(-1n, 8, "v"), code(2));
});

test("differences are checked", () => {
  assert.equal(subUint(5n, 5n, "v"), 0n);
  assert.throws(() => subUint(5n, 6n, "v"), /cannot take 6 from 5/);
});

test("only canonical decimal text is an integer", () => {
  assert.equal(parseUint("0", 8, "v"), 0n);
  assert.equal(parseUint("255", 8, "v"), 255n);
  for (const text of ["", "00", "017", "+1", "-1", " 1", "1 ", "0x11", "1_7", "1e3", "1.0", "١", "9".repeat(194)]) {
    assert.throws(() => parseUint(text, 640, "v"), code(4), JSON.stringify(text));
  }
  assert.throws(() => parseUint("256", 8, "v"), code(2));
});

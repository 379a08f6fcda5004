import assert from "node:assert/strict";
import { test } from "node:test";
import { createGasMeter, MAX_GAS } from "#sdk";

/** Uses up units one by one, as numbers and as bigints. @returns what was used after each, and what was thrown at the end */
function spend(limit: bigint | undefined, units: readonly number[], asNumber: (i: number) => boolean): readonly unknown[] {
  const gas = createGasMeter(limit);
  const seen: unknown[] = [];
  for (const [i, unit] of units.entries()) {
    try {
      if (asNumber(i)) gas.count(unit, `step ${i}`);
      else gas.consume(BigInt(unit), `step ${i}`);
    } catch (error) {
      seen.push((error as Error).message);
    }
    seen.push(gas.used);
  }
  return seen;
}

test("gas counted as numbers and as bigints is one sum with one limit", () => {
  const small = Array.from({ length: 200 }, (_, i) => (i * 7919) % 4001);
  const large = [2 ** 52, 2 ** 52 - 1, 5, Number.MAX_SAFE_INTEGER, 1, 2 ** 51, 2 ** 52, 0, 3];
  for (const units of [small, large]) {
    const sum = units.reduce((total, unit) => total + BigInt(unit), 0n);
    for (const limit of [undefined, 0n, 1n, sum - 1n, sum, sum / 2n, MAX_GAS]) {
      const expected = spend(limit, units, () => false);
      assert.deepEqual(expected.at(-1), sum);
      for (const asNumber of [() => true, (i: number) => i % 2 === 0, (i: number) => i % 5 !== 0])
        assert.deepEqual(spend(limit, units, asNumber), expected, `limit ${limit}`);
    }
  }
});

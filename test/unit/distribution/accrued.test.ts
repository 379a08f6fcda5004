import assert from "node:assert/strict";
import { test } from "node:test";
import { addDecCoins, type DecCoins, E18 } from "#sdk";
import { type Accrual, Accruals, accruedValue, type Parts } from "../../../modules/distribution/accrued.ts";
import { fc } from "../../harness/fastCheck.ts";
import { operatorOf } from "../../harness/stakingBench.ts";

const DENOMS = ["atest", "ibc/0123456789ABCDEF", "photon"];
const amounts = fc.oneof(fc.bigInt(0n, 1n << 64n), fc.bigInt(0n, 1n << 315n));
const coins = fc.array(amounts, { minLength: DENOMS.length, maxLength: DENOMS.length }).map(listOf);
const parts = fc.record({ commission: coins, shared: coins });
const accruals = fc.array(parts, { maxLength: 5 });

function listOf(amountsE18: readonly bigint[]): DecCoins {
  return amountsE18.map((amountE18, i) => ({ denom: DENOMS[i] ?? "", amountE18 })).filter(({ amountE18 }) => amountE18 !== 0n);
}

const named = (list: readonly Parts[]): Map<string, Accrual> =>
  new Map(list.map((parts, place) => [operatorOf(`validator ${place}`), { place, ...parts }]));
const encoded = (list: readonly Parts[]): Uint8Array => accruedValue.encode(Accruals.of(named(list)));

/** Of bytes in an array of their own, so that nothing is remembered. */
const decoded = (bytes: Uint8Array): readonly (readonly [string, Accrual])[] => [...accruedValue.decode(bytes.slice())];

const sum = (a: Parts, b: Parts): Parts => ({
  commission: addDecCoins(a.commission, b.commission),
  shared: addDecCoins(a.shared, b.shared),
});

test("accruals come back from their bytes, in their order, and the same ones have the same bytes", () => {
  fc.assert(
    fc.property(accruals, (list) => {
      const bytes = encoded(list);
      assert.deepEqual(decoded(bytes), [...named(list)]);
      assert.deepEqual(accruedValue.encode(Accruals.of(new Map(decoded(bytes)))), bytes);
      for (const [operator, accrual] of named(list)) assert.deepEqual(Accruals.of(named(list)).find(operator), accrual);
    }),
  );
});

test("what a block gives is added to the bytes as to the numbers, or they take another shape", () => {
  let added = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(parts, parts), { maxLength: 5 }), (pairs) => {
      const before = pairs.map(([a]) => a);
      const rewards = pairs.map(([, b], place) => [operatorOf(`validator ${place}`), b] as const);
      const bytes = encoded(before);
      const after = Accruals.of(named(before)).plus(rewards);
      assert.deepEqual(encoded(before), bytes, "what was there stays");
      const expected = encoded(pairs.map(([a, b]) => sum(a, b)));
      if (after !== undefined) assert.deepEqual([after.bytes, [...after]], [expected, decoded(expected)]);
      else assert.notEqual(expected.length, bytes.length);
      added += after === undefined ? 0 : 1;
    }),
  );
  assert.ok(added > 10, `${added}`);
});

test("nothing is added for others than are there", () => {
  const one = { commission: listOf([1n]), shared: listOf([2n]) };
  const accruals = Accruals.of(named([one, one]));
  const [first, second] = [...named([one, one]).keys()] as [string, string];
  assert.notEqual(
    accruals.plus([
      [first, one],
      [second, one],
    ]),
    undefined,
  );
  assert.equal(
    accruals.plus([
      [second, one],
      [first, one],
    ]),
    undefined,
  );
  assert.equal(accruals.plus([[first, one]]), undefined);
});

test("the record of a hundred validators takes less than nine kilobytes", () => {
  const parts = { commission: listOf([123_456n * E18]), shared: listOf([1_234_567n * E18]) };
  const bytes = encoded(Array.from({ length: 100 }, () => parts));
  assert.ok(bytes.length < 9000, `${bytes.length}`);
});

test("its bytes are texts, then numbers with their lowest byte first", () => {
  const one = { commission: listOf([1n]), shared: listOf([(1n << 64n) + 2n]) };
  const text = Buffer.from(`atest\n${operatorOf("validator 0")}`).toString("hex");
  const [number, zero] = ["0100000000000000", "0000000000000000"];
  assert.equal(
    Buffer.from(encoded([one])).toString("hex"),
    `000000${(text.length / 2).toString(16)}02${text}${number}${zero}02${"00".repeat(7)}${number}`,
  );
});

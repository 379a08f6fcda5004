import assert from "node:assert/strict";
import { test } from "node:test";
import { type DecCoins, E18 } from "#sdk";
import { type Accrual, accruedValue } from "../../../modules/distribution/accrued.ts";
import { fc } from "../../harness/fastCheck.ts";
import { operatorOf } from "../../harness/stakingBench.ts";

const DENOMS = ["atest", "ibc/0123456789ABCDEF", "photon"];
const amounts = fc.oneof(fc.bigInt(0n, 1n << 64n), fc.bigInt(0n, 1n << 315n));
const coins = fc.array(amounts, { minLength: DENOMS.length, maxLength: DENOMS.length }).map(listOf);
const accruals = fc.array(fc.record({ commission: coins, shared: coins }), { maxLength: 5 });

function listOf(amountsE18: readonly bigint[]): DecCoins {
  return amountsE18.map((amountE18, i) => ({ denom: DENOMS[i] ?? "", amountE18 })).filter(({ amountE18 }) => amountE18 !== 0n);
}

const named = (list: readonly Omit<Accrual, "place">[]): Map<string, Accrual> =>
  new Map(list.map((parts, place) => [operatorOf(`validator ${place}`), { place, ...parts }]));

/** Of bytes in an array of their own, so that nothing is remembered. */
const decoded = (bytes: Uint8Array): readonly (readonly [string, Accrual])[] => [...accruedValue.decode(bytes.slice())];

test("accruals come back from their bytes, in their order, and the same ones have the same bytes", () => {
  fc.assert(
    fc.property(accruals, (list) => {
      const bytes = accruedValue.encode(named(list));
      assert.deepEqual(decoded(bytes), [...named(list)]);
      assert.deepEqual(accruedValue.encode(new Map(decoded(bytes))), bytes);
    }),
  );
});

test("the record of a hundred validators takes less than nine kilobytes", () => {
  const parts = { commission: listOf([123_456n * E18]), shared: listOf([1_234_567n * E18]) };
  const bytes = accruedValue.encode(named(Array.from({ length: 100 }, () => parts)));
  assert.ok(bytes.length < 9000, `${bytes.length}`);
});

test("its bytes are texts, then numbers with their lowest byte first", () => {
  const one = { commission: listOf([1n]), shared: listOf([(1n << 64n) + 2n]) };
  const text = Buffer.from(`atest\n${operatorOf("validator 0")}`).toString("hex");
  const [number, zero] = ["0100000000000000", "0000000000000000"];
  assert.equal(
    Buffer.from(accruedValue.encode(named([one]))).toString("hex"),
    `000000${(text.length / 2).toString(16)}02${text}${number}${zero}02${"00".repeat(7)}${number}`,
  );
});

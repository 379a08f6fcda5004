import assert from "node:assert/strict";
import { test } from "node:test";
import { ValidatorCurrentRewards, ValidatorOutstandingRewards } from "#proto/cosmos/distribution/v1beta1/distribution";
import { encodeDecCoins } from "#sdk";
import { encodeCoinRecord } from "../../../modules/distribution/coinRecord.ts";
import { currentValue, outstandingValue } from "../../../modules/distribution/records.ts";
import { fc } from "../../harness/fastCheck.ts";

const coins = fc.array(fc.record({ denom: fc.stringMatching(/^[a-z][a-z0-9/]{2,127}$/), amountE18: fc.bigInt(0n, 1n << 315n) }), {
  maxLength: 4,
});

test("records of coins are the bytes that protobuf gives", () => {
  fc.assert(
    fc.property(coins, fc.bigInt(0n, (1n << 64n) - 1n), (list, period) => {
      const rewards = encodeDecCoins(list);
      const current = ValidatorCurrentRewards.encode({ rewards, period }).finish();
      const expected = current.length === 0 ? Uint8Array.of(0) : current;
      assert.deepEqual(encodeCoinRecord({ coins: list, number: period }), expected);
      assert.deepEqual(currentValue.encode({ rewards: list, period }), expected);
      if (list.length > 0) assert.deepEqual(outstandingValue.encode(list), ValidatorOutstandingRewards.encode({ rewards }).finish());
    }),
    { numRuns: 300 },
  );
});

test("nothing is one zero byte, as every message of defaults in state", () => {
  assert.deepEqual(outstandingValue.encode([]), Uint8Array.of(0));
  assert.deepEqual(outstandingValue.decode(Uint8Array.of(0)), []);
});

test("a denomination that is no ASCII text is refused", () => {
  assert.throws(() => encodeCoinRecord({ coins: [{ denom: "é", amountE18: 1n }] }), /ASCII/);
});

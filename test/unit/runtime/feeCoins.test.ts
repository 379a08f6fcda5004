import assert from "node:assert/strict";
import { test } from "node:test";
import {
  areValidCoins,
  formatFeeCoins,
  formatGasPrices,
  isZeroFee,
  parseFeeCoins,
  parseGasPrices,
  requiredFee,
} from "../../../app/runtime/feeCoins.ts";
import { fc } from "../../harness/fastCheck.ts";

test("amounts of a fee are canonical decimals of at most 256 bits", () => {
  const parse = (amount: string) => parseFeeCoins([{ denom: "aai", amount }])[0]?.amount;
  assert.equal(parse("17"), 17n);
  assert.equal(parse("-5"), -5n);
  assert.equal(parse(""), undefined);
  assert.equal(parse(String((1n << 256n) - 1n)), (1n << 256n) - 1n);
  for (const amount of ["017", "0x11", "+17", "1_7", "-0", "abc", " 1", "1.0", String(1n << 256n), "9".repeat(100_000)]) {
    assert.throws(() => parse(amount), { codespace: "sdk", code: 2 }, amount.slice(0, 20));
  }
});

test("valid coins are positive, named and strictly ascending", () => {
  const valid = (...coins: [string, bigint][]) => areValidCoins(coins.map(([denom, amount]) => ({ denom, amount })));
  assert.equal(valid(["aai", 1n], ["credit", 2n]), true);
  assert.equal(valid(), true);
  assert.equal(valid(["credit", 1n], ["aai", 2n]), false);
  assert.equal(valid(["aai", 1n], ["aai", 2n]), false);
  assert.equal(valid(["aai", 0n]), false);
  assert.equal(valid(["1a", 1n]), false);
  assert.equal(valid(["x", 1n]), false);
});

test("the required fee is the price times the gas, rounded up to whole units", () => {
  const price = parseGasPrices("0.01stake");
  assert.equal(formatFeeCoins(requiredFee(price, 400_000n)), "4000stake");
  assert.equal(formatFeeCoins(requiredFee(price, 1n)), "1stake");
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.bigInt({ min: 0n, max: 10n ** 30n }), (gas, priceE18) => {
      const [coin] = requiredFee([{ denom: "aai", priceE18 }], gas);
      const amount = coin?.amount ?? -1n;
      assert.ok(amount * 10n ** 18n >= gas * priceE18);
      assert.ok((amount - 1n) * 10n ** 18n < gas * priceE18);
    }),
    { seed: 3, numRuns: 200 },
  );
});

test("gas prices read and show as decimal coins", () => {
  assert.equal(formatGasPrices(parseGasPrices("0.025stake,1photon")), "0.025000000000000000stake,1.000000000000000000photon");
  assert.deepEqual(parseGasPrices(""), []);
  for (const text of ["stake", "0.01", "-1stake", "1.0000000000000000001stake", "01stake", "1stake;2photon"])
    assert.throws(() => parseGasPrices(text), { code: 2 }, text);
});

test("a fee of nothing is no fee", () => {
  assert.equal(isZeroFee([]), true);
  assert.equal(isZeroFee([{ denom: "aai", amount: 0n }]), true);
  assert.equal(isZeroFee([{ denom: "aai", amount: 1n }]), false);
});

// Figures G25 and G27 of the market's specification: a batch with a rationed marginal order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clearBatch } from "../../../modules/hmm/curve/batch.ts";

const E18 = 10n ** 18n;
const A = {
  psi: 500000000000n,
  theta: 1000000000000n,
  centreE18: 2n * E18,
  wE18: E18,
  lambdaE18: E18 / 20n,
  marketFeeE18: 3n * 10n ** 15n,
  riskE18: 10n ** 17n,
  psiRef: 500000000000n,
};
const batch = (first: bigint, second: bigint) =>
  clearBatch(A, [
    { id: 1n, side: "buy", psi: 2n * 10n ** 10n, limitE18: first },
    { id: 2n, side: "buy", psi: 10n ** 10n, limitE18: second },
    { id: 3n, side: "sell", psi: 5n * 10n ** 9n, limitE18: 19n * 10n ** 17n },
    { id: 4n, side: "buy", psi: 10n ** 10n, limitE18: 2n * E18 },
  ]);

test("G25: the marginal buy is rationed, the better one is whole, the worse one waits", () => {
  assert.deepEqual(batch(21n * 10n ** 17n, 2205n * 10n ** 15n), {
    fills: [
      { id: 1n, psi: 17371152373n, theta: 36479419984n },
      { id: 2n, psi: 10000000000n, theta: 21000000000n },
      { id: 3n, psi: 5000000000n, theta: 10437094500n },
    ],
    priceNum: 20937n * 10n ** 14n,
    priceDen: E18,
    netPsi: 22371152373n,
    curve: 46629849031n,
    lpSurplus: 208632693n,
    marketFees: 203843760n,
  });
});

test("G27: the same batch with lower limits", () => {
  assert.deepEqual(batch(209n * 10n ** 16n, 211n * 10n ** 16n), {
    fills: [
      { id: 1n, psi: 15077099328n, theta: 31511137596n },
      { id: 2n, psi: 10000000000n, theta: 20900000000n },
      { id: 3n, psi: 5000000000n, theta: 10387394050n },
    ],
    priceNum: 208373n * 10n ** 13n,
    priceDen: E18,
    netPsi: 20077099328n,
    curve: 41667939908n,
    lpSurplus: 167314275n,
    marketFees: 188489363n,
  });
});

// Batches made to break a pool or an order's limit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type BatchOrder, clearBatch } from "../../../modules/hmm/curve/batch.ts";
import { h2 } from "../../../modules/hmm/curve/math.ts";

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
const WIDEST_SIZE = (1n << 128n) - 1n;
const WIDEST_LIMIT = (1n << 192n) - 1n;
const order = (id: bigint, side: BatchOrder["side"], psi: bigint, limitE18: bigint): BatchOrder => ({ id, side, psi, limitE18 });

test("a difference of one unit between buyers and sellers cannot carry the price past their limits", () => {
  // At half a credit per unit the pool asks a whole credit for one unit. Buyers of 10¹² units at most pay 0.6 each.
  const pool = { ...A, theta: 250000000000n, centreE18: E18 / 2n, marketFeeE18: 0n, riskE18: 0n };
  const buyers = order(1n, "buy", 10n ** 12n, (6n * E18) / 10n);
  const sellers = order(2n, "sell", 10n ** 12n - 1n, (4n * E18) / 10n);
  const { fills, netPsi, curve, lpSurplus } = clearBatch(pool, [buyers, sellers]);
  assert.equal(netPsi, 1n);
  assert.equal(curve, 1n);
  assert.ok(lpSurplus >= 0n);
  assert.deepEqual(fills, [
    { id: 1n, psi: 10n ** 12n, theta: 600000000000n },
    { id: 2n, psi: 10n ** 12n - 1n, theta: 599999999999n },
  ]);
});

test("an order for more than the pool gets what may leave, at its own limit, and leaves the rest to others", () => {
  const huge = order(1n, "buy", WIDEST_SIZE, 3n * E18);
  const seller = order(2n, "sell", 10n ** 9n, E18);
  const maxOut = A.psi / 20n;
  const result = clearBatch(A, [huge, seller], { maxOut });
  assert.equal(result.netPsi, maxOut);
  assert.deepEqual(
    result.fills.map(({ id, psi }) => [id, psi]),
    [
      [1n, maxOut + 10n ** 9n],
      [2n, 10n ** 9n],
    ],
  );
  assert.equal((result.priceNum * 1000n) / result.priceDen, 2991n, "three credits less the market fee");
  assert.ok(result.lpSurplus > 0n, "what the order pays above the curve is the providers'");
});

test("the widest orders at the widest limits leave both reserves and the invariant", () => {
  for (const side of ["buy", "sell"] as const) {
    const limits = side === "buy" ? [WIDEST_LIMIT, 1n, 2n] : [1n, 2n, WIDEST_LIMIT];
    const orders = limits.map((limitE18, i) => order(BigInt(i), side, WIDEST_SIZE, limitE18));
    const { netPsi, curve } = clearBatch(A, orders);
    const after = side === "buy" ? { psi: A.psi - netPsi, theta: A.theta + curve } : { psi: A.psi - netPsi, theta: A.theta - curve };
    assert.ok(after.psi > 0n && after.theta > 0n);
    assert.ok(h2(A, after.psi, after.theta) >= h2(A));
  }
});

test("orders that cannot trade have no fill: none at all, of no size, at a limit that the fee rounds away, with no room", () => {
  assert.deepEqual(clearBatch(A, []), {
    fills: [],
    priceNum: clearBatch(A, []).priceNum,
    priceDen: clearBatch(A, []).priceDen,
    netPsi: 0n,
    curve: 0n,
    lpSurplus: 0n,
    marketFees: 0n,
  });
  assert.deepEqual(clearBatch(A, [order(1n, "buy", 1000n, 1n)]).fills, []);
  assert.deepEqual(clearBatch(A, [order(1n, "buy", 0n, 3n * E18)]).fills, []);
  assert.deepEqual(clearBatch(A, [order(1n, "buy", 1000n, 3n * E18)], { maxOut: 0n }).fills, []);
  assert.deepEqual(clearBatch(A, [order(1n, "sell", 1000n, E18)], { maxIn: 0n }).fills, []);
});

test("G25 with η = ½: the pool sells half as far, and its invariant grows", () => {
  const orders = [
    order(1n, "buy", 2n * 10n ** 10n, 21n * 10n ** 17n),
    order(2n, "buy", 10n ** 10n, 2205n * 10n ** 15n),
    order(3n, "sell", 5n * 10n ** 9n, 19n * 10n ** 17n),
    order(4n, "buy", 10n ** 10n, 2n * E18),
  ];
  const whole = clearBatch({ ...A, riskE18: 0n }, orders);
  const half = clearBatch({ ...A, riskE18: 0n }, orders, { etaE18: E18 / 2n });
  assert.equal(whole.priceNum, half.priceNum);
  assert.ok(half.netPsi * 2n - whole.netPsi <= 1n && whole.netPsi - half.netPsi * 2n <= 1n);
  const after = (n: typeof half): bigint => h2(A, A.psi - n.netPsi, A.theta + n.curve);
  assert.ok((after(half) - h2(A)) * 10_000n > h2(A), "by more than a part in ten thousand");
  assert.ok((after(whole) - h2(A)) * 10n ** 9n < h2(A), "the whole trade keeps it but for rounding");
});

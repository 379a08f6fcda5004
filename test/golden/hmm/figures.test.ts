// Figures G1 to G24 of the market's specification, computed with 60-digit arithmetic and integers of any size.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type QuotePool, splitFees, thetaReference } from "../../../modules/hmm/curve/fees.ts";
import { h2, inTheta, outPsi, priceE18, thetaAt } from "../../../modules/hmm/curve/math.ts";
import { type Quote, quoteBuyExactIn, quoteBuyExactOut, quoteSell } from "../../../modules/hmm/curve/quote.ts";
import { firstShares, proportionalAdd, proportionalRemove } from "../../../modules/hmm/liquidity/shares.ts";

const E18 = 10n ** 18n;
const A: QuotePool = {
  psi: 500000000000n,
  theta: 1000000000000n,
  centreE18: 2n * E18,
  wE18: E18,
  lambdaE18: E18 / 20n,
  marketFeeE18: 3n * 10n ** 15n,
  riskE18: 10n ** 17n,
  psiRef: 500000000000n,
};
const B: QuotePool = { ...A, psi: 200000000000n, theta: 3000000000000n };

/** [curve, marketFee, riskFee] of a quote. */
const fees = ({ curve, marketFee, riskFee }: Quote): bigint[] => [curve, marketFee, riskFee];
const bought = (pool: QuotePool, { psi, curve }: Quote): QuotePool => ({ ...pool, psi: pool.psi - psi, theta: pool.theta + curve });
const sold = (pool: QuotePool, { psi, curve }: Quote): QuotePool => ({ ...pool, psi: pool.psi + psi, theta: pool.theta - curve });

test("G1 to G3: price, invariant, first shares and bare swaps", () => {
  assert.equal(priceE18(A), 2000000000000000000n);
  assert.equal(h2(A), 21n * 10n ** 77n);
  assert.equal(firstShares(A), 1000000000000n);
  assert.equal(outPsi(A, 1_000_000_000n), 499548027n);
  assert.equal(inTheta(A, 500_000_000n), 1000905582n);
});

test("G4 to G8: buys for an exact amount of credit", () => {
  for (const [gross, psi, charged, ...rest] of [
    [1_000_000_000n, 498001177n, 999999999n, 996900707n, 3000000n, 99292n],
    [10n ** 10n, 4935606530n, 10000000000n, 9960168105n, 30000000n, 9831895n],
    [10n ** 11n, 45348808060n, 99999999998n, 98803872428n, 300000000n, 896127570n],
    [10n ** 12n, 256420306287n, 999999999995n, 948364040450n, 3000000000n, 48635959545n],
  ] as const) {
    const quote = quoteBuyExactIn(A, gross);
    assert.deepEqual([quote.psi, quote.credit, ...fees(quote)], [psi, charged, ...rest], `gross ${gross}`);
  }
  for (const gross of [1n, 3n]) assert.equal(quoteBuyExactIn(A, gross).psi, 0n);
});

test("G9 to G11 and G16: buys of an exact amount", () => {
  for (const [pool, psi, ...expected] of [
    [A, 5n * 10n ** 9n, 10131788729n, 10091302059n, 30395367n, 10091303n],
    [A, 5n * 10n ** 10n, 111378641341n, 109945054867n, 334135925n, 1099450549n],
    [A, 25n * 10n ** 10n, 954037055949n, 905880899791n, 2862111168n, 45294044990n],
  ] as const) {
    const quote = quoteBuyExactOut(pool, psi);
    assert.deepEqual([quote.credit, ...fees(quote)], expected, `psi ${psi}`);
  }
  for (const [riskE18, gross, risk] of [
    [5n * 10n ** 16n, 110827261928n, 549725275n],
    [2n * 10n ** 17n, 112481400166n, 2198901098n],
  ] as const) {
    const quote = quoteBuyExactOut({ ...A, riskE18 }, 5n * 10n ** 10n);
    assert.deepEqual([quote.credit, quote.riskFee], [gross, risk]);
  }
});

test("G12 and G13: sales of an exact amount", () => {
  for (const [psi, ...expected] of [
    [5n * 10n ** 9n, 9870693911n, 9910335253n, 29731006n, 9910336n],
    [5n * 10n ** 10n, 90512399993n, 91704559264n, 275113678n, 917045593n],
  ] as const) {
    const quote = quoteSell(A, psi);
    assert.deepEqual([quote.credit, ...fees(quote)], expected);
  }
});

test("G14 and G15: two halves cost what the whole costs, and the way back pays no risk fee", () => {
  const one = quoteBuyExactOut(A, 25n * 10n ** 9n);
  const half = bought(A, one);
  const two = quoteBuyExactOut(half, 25n * 10n ** 9n);
  assert.deepEqual([one.credit, two.credit, one.credit + two.credit], [52789149496n, 58589491845n, 111378641341n]);
  const state = bought(half, two);
  assert.deepEqual([state.psi, state.theta], [450000000000n, 1109945054867n]);
  const back = quoteSell(state, 5n * 10n ** 10n);
  assert.deepEqual([back.credit, back.marketFee, back.riskFee], [109615219701n, 329835165n, 0n]);
  const end = sold(state, back);
  assert.deepEqual([end.psi, end.theta], [500000000000n, 1000000000001n]);
});

test("G17: without curvature and risk fee the pool is a constant product", () => {
  assert.equal(quoteBuyExactIn({ ...A, lambdaE18: 0n, riskE18: 0n }, 10n ** 10n).psi, 4935790171n);
});

test("G18 and G19: proportional liquidity", () => {
  assert.deepEqual(proportionalAdd(A, 10n ** 12n, { psi: 10n ** 10n, theta: 3n * 10n ** 10n }), {
    shares: 20000000000n,
    psi: 10000000000n,
    theta: 20000000000n,
  });
  assert.deepEqual(proportionalRemove(A, 10n ** 12n, 10n ** 11n), { shares: 10n ** 11n, psi: 50000000000n, theta: 100000000000n });
});

test("G20: a pool far from its reference", () => {
  assert.equal(priceE18(B), 10981818181818181818n);
  assert.equal(thetaReference(B), 1357902518740n);
  const buy = quoteBuyExactOut(B, 10n ** 10n);
  assert.deepEqual([buy.credit, ...fees(buy)], [124020662676n, 113337481850n, 372061989n, 10311118837n]);
  const sale = quoteSell(B, 10n ** 11n);
  assert.deepEqual([sale.credit, ...fees(sale)], [827119507866n, 829608332865n, 2488824999n, 0n]);
});

test("G21: fee split", () => {
  assert.deepEqual(splitFees(300000000n, 896127570n, 2500n, 2000n), { burn: 75000000n, treasury: 45000000n, lp: 1076127570n });
});

test("G22: the credit that would drain the pool is refused, one unit less is not", () => {
  const most = 5480740698407n;
  // Θ at Ψ = 0 lies between the bound and the next unit: λ(Θ+δ)² < 2κ.
  assert.ok(outPsi(A, most) < A.psi);
  assert.throws(() => outPsi(A, most + 1n), /would buy all of 500000000000/);
  assert.equal(thetaAt(A, 1n) <= 6480740698407n, true);
});

test("G23 and G24: very large and very small pools", () => {
  const large: QuotePool = {
    ...A,
    psi: 10n ** 30n + 7n,
    theta: 3n * 10n ** 29n + 11n,
    centreE18: 314159265358979323n,
    psiRef: 10n ** 30n + 7n,
  };
  assert.equal(priceE18(large), 301320947779095588n);
  const quote = quoteBuyExactIn(large, 10n ** 27n + 3n);
  assert.deepEqual(
    [quote.psi, quote.credit, quote.marketFee, quote.riskFee],
    [3297783546650849925181359284n, 10n ** 27n + 3n, 3000000000000000000000001n, 328680627844428914652127n],
  );
  const small = quoteBuyExactIn({ ...A, psi: 1000n, theta: 2000n, psiRef: 1000n }, 100n);
  assert.deepEqual([small.psi, small.credit, ...fees(small)], [46n, 98n, 96n, 1n, 1n]);
});

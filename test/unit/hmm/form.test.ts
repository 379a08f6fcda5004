import assert from "node:assert/strict";
import { test } from "node:test";
import { formOf } from "../../../modules/hmm/curve/form.ts";
import { h2, levelOf, outPsi } from "../../../modules/hmm/curve/math.ts";

const E18 = 10n ** 18n;
const reserves = { psi: 20_000_000_000_000_000n, theta: 1_000_000_000_000_000_000_007n };
const curves = [
  { centreE18: 50_000n * E18, wE18: E18, lambdaE18: E18 / 20n },
  { centreE18: 50_000n * E18, wE18: E18, lambdaE18: E18 / 4n },
  { centreE18: 50_000n * E18, wE18: 3n * E18, lambdaE18: E18 / 4n },
  { centreE18: 50_000n * E18, wE18: E18, lambdaE18: 0n },
  { centreE18: 314_159_265_358_979_323n, wE18: E18 + 1n, lambdaE18: 7n },
].map((terms) => ({ ...terms, ...reserves }));

test("a form without common factors is H over a constant, whichever curve of the same centre came before", () => {
  for (const curve of [...curves, ...curves.toReversed()]) {
    const { form, h } = levelOf(curve);
    for (const [psi, theta] of [
      [1n, 0n],
      [0n, 1n],
      [12_345n, 678n],
    ] as const)
      assert.equal(
        (form.psiPsi * psi * psi + form.psiTheta * psi * theta + form.thetaTheta * theta * theta) * h2(curve),
        h2(curve, psi, theta) * h,
      );
  }
});

test("what is swapped is what H says, from curve to curve of the same centre", () => {
  const credit = 10n ** 15n;
  for (const curve of [...curves, ...curves.toReversed()]) {
    const psi = curve.psi - outPsi(curve, credit);
    assert.ok(h2(curve, psi, curve.theta + credit) >= h2(curve) && h2(curve, psi - 1n, curve.theta + credit) < h2(curve));
  }
});

test("common factors are left out", () => {
  assert.deepEqual(formOf({ centreE18: 50_000n * E18, wE18: E18, lambdaE18: E18 / 20n }), {
    psiPsi: 2_500_000_000n,
    psiTheta: 2_000_000n,
    thetaTheta: 1n,
  });
  assert.deepEqual(formOf({ centreE18: E18 / 2n, wE18: E18, lambdaE18: 0n }), { psiPsi: 0n, psiTheta: 4n, thetaTheta: 0n });
});

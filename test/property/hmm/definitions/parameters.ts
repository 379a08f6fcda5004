// P18, pure part: which shapes are refused, and that small changes of parameters change prices and costs by little.
import assert from "node:assert/strict";
import type { QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import { priceE18, priceFraction } from "../../../../modules/hmm/curve/math.ts";
import { quoteBuyExactOut } from "../../../../modules/hmm/curve/quote.ts";
import { stepRamp } from "../../../../modules/hmm/pool/ramp.ts";
import { validateFees, validateShape } from "../../../../modules/hmm/pool/validatePool.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { anyPool, part, ppm, spread } from "../pools.ts";
import { define, type Property } from "./property.ts";

const E18 = 10n ** 18n;
type Ramped = Parameters<typeof stepRamp>[0];

interface Change {
  readonly pool: QuotePool;
  readonly m: bigint;
  /** Millionths by which a parameter grows. */
  readonly by: bigint;
}

const change: fc.Arbitrary<Change> = fc.record({ pool: anyPool, m: ppm, by: fc.bigInt({ min: 1n, max: 1000n }) });

type Limited = "lambdaE18" | "riskE18" | "marketFeeE18" | "wE18";

interface Excess {
  readonly pool: QuotePool;
  readonly field: Limited;
  /** By how much the field is above its largest value. */
  readonly more: bigint;
}

const largest = ({ wE18 }: QuotePool): Readonly<Record<Limited, bigint>> => ({
  lambdaE18: wE18 / 2n,
  riskE18: E18 / 3n,
  marketFeeE18: E18 / 20n,
  wE18: 100n * E18,
});
const SAID: Readonly<Record<Limited, RegExp>> = {
  lambdaE18: /lambda_e18/,
  riskE18: /risk_e18/,
  marketFeeE18: /market_fee_e18/,
  wE18: /w_e18/,
};

function refuses({ pool, field, more }: Excess): void {
  const check = (checked: QuotePool): void => {
    validateShape(checked, "pool");
    validateFees(checked, "pool");
  };
  const least = { ...pool, lambdaE18: 0n };
  const most = largest(pool)[field];
  check({ ...(field === "wE18" ? least : pool), riskE18: 0n, [field]: most });
  assert.throws(() => check({ ...pool, riskE18: 0n, [field]: most + more }), SAID[field]);
}

interface Ramp {
  readonly pool: QuotePool;
  readonly target: Pick<QuotePool, "centreE18" | "wE18" | "lambdaE18">;
  readonly rampBps: bigint;
}

/** A ramp's steps are continuous: none moves the price by more than 2 bps, none passes the target, and all shapes between are allowed. */
function rampsSmoothly({ pool, target, rampBps }: Ramp): void {
  // A ramp looks at the curve and its target only.
  let at = { ...pool, ramp: target } as unknown as Ramped;
  for (let i = 0; i < 5; i++) {
    const next = stepRamp(at, rampBps);
    const [a, b] = [priceE18(at), priceE18(next)];
    assert.ok((b > a ? b - a : a - b) * 10_000n <= 2n * a, `price from ${a} to ${b}`);
    validateShape(next, "pool");
    for (const name of ["centreE18", "wE18", "lambdaE18"] as const) {
      const [from, to, end] = [at[name], next[name], target[name]];
      assert.ok(from <= end ? from <= to && to <= end : end <= to && to <= from, `${name} from ${from} to ${to}, target ${end}`);
    }
    if (next.ramp === undefined) return;
    at = next;
  }
}

/** Elasticity of the price with respect to c lies in [0, 1]. */
function centreMovesLess({ pool, by }: Change): void {
  const centreE18 = pool.centreE18 + (pool.centreE18 * by) / 1_000_000n + 1n;
  const [a, b] = [priceFraction(pool), priceFraction({ ...pool, centreE18 })];
  assert.ok(b.num * a.den >= a.num * b.den, "a higher centre, no lower price");
  assert.ok(b.num * a.den * pool.centreE18 <= a.num * b.den * centreE18, "by no more than the centre");
}

/** |dp/p| ≤ dλ/w · max(r, 1/r); with the exponential's curve at most twice that for steps this small. */
function curvatureMovesLittle({ pool, by }: Change): void {
  const step = (pool.wE18 * by) / 1_000_000n / 10n;
  const [a, b] = [priceFraction(pool), priceFraction({ ...pool, lambdaE18: pool.lambdaE18 + step })];
  const [x, t] = [pool.centreE18 * pool.psi, E18 * pool.theta];
  const [more, less] = x > t ? [x, t] : [t, x];
  const difference = b.num * a.den - a.num * b.den;
  const size = difference < 0n ? -difference : difference;
  assert.ok(size * pool.wE18 * less <= 2n * step * more * a.num * b.den, "continuous in λ");
}

function balancedPriceIsCentre({ psi, times, pool }: { readonly psi: bigint; readonly times: bigint; readonly pool: QuotePool }): void {
  assert.equal(priceE18({ ...pool, psi, theta: psi * times, centreE18: times * E18 }), times * E18);
}

function feesMoveCostsLittle({ pool, m, by }: Change): void {
  const psi = part(pool.psi, m);
  const before = quoteBuyExactOut(pool, psi);
  const step = (E18 * by) / 1_000_000n;
  const dearer = quoteBuyExactOut({ ...pool, marketFeeE18: pool.marketFeeE18 + step }, psi);
  assert.ok(dearer.credit >= before.credit);
  assert.ok(
    (dearer.credit - before.credit - 1n) * (E18 - pool.marketFeeE18 - step) <= before.credit * step,
    "continuous in the market fee",
  );
  const riskE18 = pool.riskE18 + step;
  const riskier = quoteBuyExactOut({ ...pool, riskE18 }, psi);
  // The potential is a multiple of ρ; before and after round by less than a unit each.
  assert.ok(riskier.riskFee + 1n >= before.riskFee);
  assert.ok((riskier.riskFee - 1n) * pool.riskE18 <= (before.riskFee + 1n) * riskE18, "continuous in ρ");
}

const excess: fc.Arbitrary<Excess> = fc.record({
  pool: anyPool,
  field: fc.constantFrom<Limited>("lambdaE18", "riskE18", "marketFeeE18", "wE18"),
  more: fc.oneof(fc.constant(1n), fc.bigInt({ min: 1n, max: 10n ** 20n })),
});

const ramp: fc.Arbitrary<Ramp> = fc
  .record({ pool: anyPool, centre: fc.bigInt({ min: 200n, max: 5000n }), shape: anyPool, rampBps: fc.bigInt({ min: 1n, max: 10n }) })
  .map(({ pool, centre, shape: { wE18, lambdaE18 }, rampBps }) => {
    const centreE18 = (pool.centreE18 * centre) / 1000n;
    return { pool, target: { centreE18: centreE18 >> 112n === 0n ? centreE18 : pool.centreE18, wE18, lambdaE18 }, rampBps };
  });

/** Claims about parameters. */
export const parameterProperties: readonly Property[] = [
  define("P18.1", "a pool with λ above w/2, ρ from 1/3, f_m above 5 % or w above 100 is refused", 500, excess, refuses),
  define("P18.2", "a step of the centre price moves the price the same way and by no larger part", 800, change, centreMovesLess),
  define(
    "P18.3",
    "a step of the curvature moves the price by its part of the weight times the imbalance",
    800,
    change,
    curvatureMovesLittle,
  ),
  define(
    "P18.4",
    "at balance the price is the centre whatever the curvature",
    500,
    fc.record({ psi: spread(10, 90), times: fc.bigInt({ min: 1n, max: 1000n }), pool: anyPool }),
    balancedPriceIsCentre,
  ),
  define("P18.5", "a step of a fee rate moves costs up and by little", 500, change, feesMoveCostsLittle),
  define("P18.6", "no step of a ramp moves the price by more than 2 bps or leaves the allowed shapes", 400, ramp, rampsSmoothly),
];

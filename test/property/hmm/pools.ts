import type { QuotePool } from "../../../modules/hmm/curve/fees.ts";
import { fc } from "../../harness/fastCheck.ts";

const E18 = 10n ** 18n;

/** Integers spread evenly over their lengths, so that small and large ones are equally likely. */
export function spread(minBits: number, maxBits: number): fc.Arbitrary<bigint> {
  return fc
    .integer({ min: minBits, max: maxBits })
    .chain((bits) => fc.bigInt({ min: 1n << BigInt(bits - 1), max: (1n << BigInt(bits)) - 1n }));
}

/**
 * Pools over the space in which orders are allowed: reserves of 10 to 100 bits, λ from 0 to w/2, reference inventory up to three times either
 * way, Θ/(cΨ) within 20 (within 2.5 when λ > w/10, where the curve ends early), so that 60 % of a reserve can enter without draining.
 */
export const anyPool: fc.Arbitrary<QuotePool> = fc
  .record({
    psi: spread(10, 100),
    theta: spread(10, 100),
    tilt: fc.integer({ min: -1000, max: 1000 }),
    lambda: fc.oneof(fc.constant(0n), fc.constant(E18 / 20n), fc.constant(E18 / 2n), fc.bigInt({ min: 1n, max: E18 / 2n })),
    weight: fc.integer({ min: 1, max: 100 }),
    marketFee: fc.oneof(fc.constant(0n), fc.constant(3n * 10n ** 15n), fc.bigInt({ min: 0n, max: E18 / 20n })),
    risk: fc.oneof(fc.constant(0n), fc.constant(10n ** 17n), fc.bigInt({ min: 0n, max: E18 / 3n })),
    reference: fc.oneof(fc.constant(1000), fc.integer({ min: 333, max: 3000 })),
  })
  .map(({ psi, theta, tilt, lambda, weight, marketFee, risk, reference }) => {
    const most = lambda > E18 / 10n ? 1500n : 19_000n;
    const stretch = 1000n + (most * BigInt(tilt < 0 ? -tilt : tilt)) / 1000n;
    const centreE18 = tilt < 0 ? (theta * E18 * stretch) / (psi * 1000n) : (theta * E18 * 1000n) / (psi * stretch);
    return {
      psi,
      theta,
      centreE18,
      wE18: E18 * BigInt(weight),
      lambdaE18: lambda * BigInt(weight),
      marketFeeE18: marketFee,
      riskE18: risk,
      psiRef: (psi * BigInt(reference)) / 1000n,
    };
  })
  .filter(({ centreE18 }) => centreE18 >= 1000n && centreE18 < 1n << 112n);

/** A part of a reserve in parts per million. */
export const ppm: fc.Arbitrary<bigint> = fc.oneof(fc.bigInt({ min: 1n, max: 300_000n }), fc.bigInt({ min: 1n, max: 1000n }));

/** That part, at least one unit. */
export function part(of: bigint, millionths: bigint): bigint {
  const amount = (of * millionths) / 1_000_000n;
  return amount > 0n ? amount : 1n;
}

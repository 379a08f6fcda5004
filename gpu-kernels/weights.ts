// Weights of a round (specification §3): capped stake times quality, scaled so that every sum is exact in float32.
import { minOf } from "../app/math/minOf.ts";
import { KernelError } from "./kernelError.ts";
import { MAX_SUM, requireLength } from "./shape.ts";

const BPS = 10_000n;
const QUALITY_ONE = 65_536n;

export interface WeightParams {
  /** Largest part of all stake that counts for one contributor, 1…10000 hundredths of a per cent. */
  readonly capBps: number;
  /** Contributors of a lower quality get no weight, 0…65535. */
  readonly qMin: number;
}

export const DEFAULT_WEIGHT_PARAMS: WeightParams = { capBps: 1000, qMin: 0 };

/**
 * Weights w with Σ w ≤ 2^24 − 1. Floors everywhere; a weight of 0 is legal and changes nothing.
 * @param stakes base units, ≥ 0
 * @param quality for each stake, 0…65535
 * @throws KernelError `params`, `length`, `range`
 */
export function weights(stakes: readonly bigint[], quality: readonly number[], params: WeightParams = DEFAULT_WEIGHT_PARAMS): Int32Array {
  const { capBps, qMin } = params;
  if (!Number.isInteger(capBps) || capBps < 1 || capBps > 10_000)
    throw new KernelError("params", `capBps: expected 1 to 10000, got ${capBps}`);
  requireUint16("params", "qMin", qMin);
  requireLength("qualities", quality.length, stakes.length);
  for (const [i, value] of quality.entries()) requireUint16("range", `quality ${i}`, value);
  const negative = stakes.findIndex((stake) => stake < 0n);
  if (negative >= 0) throw new KernelError("range", `stake ${negative}: expected at least 0, got ${stakes[negative]}`);
  const cap = (stakes.reduce((sum, stake) => sum + stake, 0n) * BigInt(capBps)) / BPS;
  const counted = stakes.map((stake, i) => {
    const q = quality[i] as number;
    return q < qMin ? 0n : (minOf(stake, cap) * BigInt(q)) / QUALITY_ONE;
  });
  const sum = counted.reduce((total, value) => total + value, 0n);
  return Int32Array.from(counted, (value) => (sum === 0n ? 0 : Number((value * BigInt(MAX_SUM)) / sum)));
}

function requireUint16(kind: "params" | "range", what: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new KernelError(kind, `${what}: expected 0 to 65535, got ${value}`);
}

/**
 * @returns Σ weights
 * @throws KernelError `weights` when one is no integer of at least 0 or they sum to more than 2^24 − 1
 */
export function requireWeights(w: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < w.length; i++) {
    const weight = w[i] as number;
    if (!Number.isInteger(weight) || weight < 0)
      throw new KernelError("weights", `weight ${i}: expected an integer of at least 0, got ${weight}`);
    sum += weight;
  }
  if (sum > MAX_SUM) throw new KernelError("weights", `expected a sum of at most ${MAX_SUM}, got ${sum}`);
  return sum;
}

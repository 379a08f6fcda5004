// Weighted quantiles of columns (specification §4): over matrices of integers, and over shards.
import { KernelError } from "./kernelError.ts";
import type { Kernels } from "./kernels.ts";
import { type Fraction, MEDIAN, thresholdOf } from "./quantile.ts";
import { q8Magnitudes } from "./scaleTable.ts";
import { requireContributors, requireLength, requireShape, type Shape } from "./shape.ts";
import { parseShard, type Shard } from "./shard.ts";
import { requireWeights } from "./weights.ts";

/**
 * Lower weighted quantile of every column.
 * @param values n × d, |v| < 2^24
 * @param w n weights, sum < 2^24
 * @returns d values
 * @throws KernelError `count`, `length`, `weights`, `params`
 */
export async function medianQ(kernels: Kernels, values: Int32Array, w: Int32Array, q: Fraction = MEDIAN): Promise<Int32Array> {
  requireContributors(w.length);
  if (values.length % w.length !== 0) throw new KernelError("length", `values: expected a multiple of ${w.length}, got ${values.length}`);
  return kernels.medianQ(values, w.length, values.length / w.length, w, thresholdOf(requireWeights(w), q));
}

/**
 * Lower weighted quantile of every element of shards, in Q8 (§1.5); rows that abstain count as 0.
 * @param shards one for each weight
 * @returns rows × cols
 * @throws KernelError what {@link parseShard} throws, `count`, `length`, `weights`, `params`
 */
export async function medianQ1bit(
  kernels: Kernels,
  shards: readonly Uint8Array[],
  w: Int32Array,
  shape: Shape,
  q: Fraction = MEDIAN,
): Promise<Int32Array> {
  requireShape(shape);
  requireContributors(shards.length);
  requireLength("weights", w.length, shards.length);
  const threshold = thresholdOf(requireWeights(w), q);
  const parsed = shards.map((bytes) => parseShard(bytes, shape));
  const magnitudes = new Int32Array(shards.length * shape.rows);
  parsed.forEach(({ codes }, i) => {
    magnitudes.set(q8Magnitudes(codes), i * shape.rows);
  });
  return kernels.medianQ1bit(joinSigns(parsed), magnitudes, shards.length, shape, w, threshold);
}

/** Sign bytes of all shards one behind the other. */
export function joinSigns(shards: readonly Shard[]): Uint8Array {
  const size = shards[0]?.signs.length ?? 0;
  const signs = new Uint8Array(shards.length * size);
  shards.forEach((shard, i) => {
    signs.set(shard.signs, i * size);
  });
  return signs;
}

// Rules that aggregate shards: the chain's, and the three that it is compared with. All see the same shards with equal weights.
import {
  type Aggregate,
  aggregate,
  decompressQ8,
  type Kernels,
  medianQ1bit,
  parseShard,
  quantile,
  SCALE_TABLE,
  type Shape,
  weights,
} from "#kernels";

/** Rules by name, in the table's order. */
export const RULES = ["mean", "median", "vote", "ours"] as const;
export type Rule = (typeof RULES)[number];

/** The matrix that a rule makes of shards, up to a factor. */
export type Ruling = Int16Array | Int32Array | Float64Array;

/** Weights of n equal stakes. */
export function equalWeights(n: number): Int32Array {
  return weights(
    Array.from({ length: n }, () => 10n ** 24n),
    Array.from({ length: n }, () => 65_535),
    { capBps: 10_000, qMin: 0 },
  );
}

/** The chain's rule. */
export function ours(kernels: Kernels, shards: readonly Uint8Array[], shape: Shape): Promise<Aggregate> {
  return aggregate(kernels, shards, equalWeights(shards.length), shape);
}

/** What a rule makes of shards. */
export async function rule(name: Rule, kernels: Kernels, shards: readonly Uint8Array[], shape: Shape): Promise<Ruling> {
  switch (name) {
    case "ours":
      return (await ours(kernels, shards, shape)).e;
    case "mean":
      return sum(shards, shape, () => Number.POSITIVE_INFINITY);
    case "median":
      return medianQ1bit(kernels, shards, equalWeights(shards.length), shape);
    case "vote":
      return sum(shards, shape, (scales) => medianScale(scales));
  }
}

/** Sum of ±scale with scales cut at `capOf` the row's. */
function sum(shards: readonly Uint8Array[], shape: Shape, capOf: (scales: readonly number[]) => number): Float64Array {
  const parsed = shards.map((bytes) => parseShard(bytes, shape));
  const caps = Array.from({ length: shape.rows }, (_, row) => capOf(parsed.map(({ codes }) => SCALE_TABLE[codes[row] ?? 0] ?? 0)));
  const total = new Float64Array(shape.rows * shape.cols);
  for (const shard of parsed) {
    const values = decompressQ8(shard, shape);
    for (let at = 0; at < total.length; at++) {
      const cap = caps[Math.floor(at / shape.cols)] ?? 0;
      total[at] = (total[at] ?? 0) + Math.max(-cap, Math.min(cap, values[at] ?? 0));
    }
  }
  return total;
}

function medianScale(scales: readonly number[]): number {
  return quantile(scales, equalWeights(scales.length));
}

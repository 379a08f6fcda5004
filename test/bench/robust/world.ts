// A round in which honest contributors see one truth through their own noise, as in kernels-spec §8 (aggregateWorld).
import { compressSync, type Shape } from "#kernels";
import { Prng } from "./prng.ts";

/** Standard deviation of the noise over that of the truth is 1.5: what a contributor learns from little data. */
const TRUTH_AMP = 1000;
const NOISE_AMP = 1060;
/** Rows have scales 1, 2, 3, 4, 1, … times. */
const ROW_SCALES = 4;

/** A matrix in units of 2⁻¹² of a logit, not rounded. */
export type Matrix = Float32Array;

/** What honest contributors, and attackers, have to do with. */
export interface World {
  readonly shape: Shape;
  readonly truth: Matrix;
  /** Noise that has nothing to do with the truth, of the honest contributors' size: what a group could push. */
  readonly other: Matrix;
  /** Matrices of n honest contributors. */
  readonly honest: readonly Matrix[];
  /** What another honest contributor would have learned: one more for each call. */
  draw(): Matrix;
}

/** @param n honest contributors that there are without an attack */
export function createWorld(n: number, shape: Shape, seed: number): World {
  const random = new Prng(seed);
  const truth = make(shape, () => random.amp(TRUTH_AMP));
  const other = make(shape, () => random.amp(NOISE_AMP) + random.amp(NOISE_AMP));
  const draw = (): Matrix => {
    const drawn = make(shape, () => random.amp(NOISE_AMP) + random.amp(NOISE_AMP));
    for (let at = 0; at < drawn.length; at++) drawn[at] = (drawn[at] ?? 0) + (truth[at] ?? 0);
    return drawn;
  };
  return { shape, truth, other, honest: Array.from({ length: n }, draw), draw };
}

function make({ rows, cols }: Shape, number: () => number): Matrix {
  return Float32Array.from({ length: rows * cols }, number);
}

/** The shard of a matrix; rows get their scales, numbers are rounded and clamped. */
export function shardOf(matrix: Matrix, shape: Shape): Uint8Array {
  const e = new Int16Array(matrix.length);
  for (let at = 0; at < e.length; at++) {
    const scaled = Math.round((matrix[at] ?? 0) * rowScale(at, shape));
    e[at] = Math.max(-32_767, Math.min(32_767, scaled));
  }
  return compressSync(e, shape).bytes;
}

/** Factor of the row that holds an element. */
export function rowScale(at: number, { cols }: Shape): number {
  return 1 + (Math.floor(at / cols) % ROW_SCALES);
}

/** Mean of matrices. */
export function meanOf(matrices: readonly Matrix[]): Matrix {
  const mean = new Float32Array(matrices[0]?.length ?? 0);
  for (const matrix of matrices) for (let at = 0; at < mean.length; at++) mean[at] = (mean[at] ?? 0) + (matrix[at] ?? 0) / matrices.length;
  return mean;
}

/** Standard deviation of each element over matrices around their mean. */
export function deviationOf(matrices: readonly Matrix[], mean: Matrix): Matrix {
  const squares = new Float32Array(mean.length);
  for (const matrix of matrices)
    for (let at = 0; at < mean.length; at++) squares[at] = (squares[at] ?? 0) + ((matrix[at] ?? 0) - (mean[at] ?? 0)) ** 2;
  return squares.map((sum) => Math.sqrt(sum / matrices.length));
}

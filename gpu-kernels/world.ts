// Made-up contributors of a round (specification §8): honest ones around a common mean, and Byzantine ones of several kinds.
import { Xorshift } from "./prng.ts";

export const WORLD_KINDS = ["honest", "inverse", "flip", "random", "common", "row", "copy"] as const;
export type WorldKind = (typeof WORLD_KINDS)[number];

export interface World {
  /** Amplitude of each of the two noises of a contributor. */
  readonly noise: number;
  /** Contributor i leaves row r out when (i + r) mod skip = 0; 0: never. */
  readonly skip: number;
  /** The first so many contributors are of `kind`, all others honest. */
  readonly byz: number;
  readonly kind: WorldKind;
  readonly seed: number;
  readonly n: number;
  readonly rows: number;
  readonly cols: number;
}

/**
 * Matrices of the contributors.
 * @returns n matrices of rows × cols, −32767…32767
 */
export function worldMatrices({ noise, skip, byz, kind, seed, n, rows, cols }: World): Int16Array[] {
  const random = new Xorshift(seed);
  const draw = (amplitude: number): Int32Array => Int32Array.from({ length: rows * cols }, () => random.amp(amplitude));
  const [mean, common] = [draw(1000), draw(1000)];
  return Array.from({ length: n }, (_, i) => {
    const [first, second] = [draw(noise), draw(noise)];
    const matrix = new Int16Array(rows * cols);
    for (let row = 0; row < rows; row++) {
      if (skip > 0 && (i + row) % skip === 0) continue;
      for (let at = row * cols; at < (row + 1) * cols; at++) {
        const z = (first[at] as number) + (second[at] as number);
        const value = elementOf(i < byz ? kind : "honest", row, mean[at] as number, common[at] as number, z);
        matrix[at] = Math.max(-32767, Math.min(32767, value * (1 + (row % 4))));
      }
    }
    return matrix;
  });
}

function elementOf(kind: WorldKind, row: number, mean: number, common: number, z: number): number {
  switch (kind) {
    case "honest":
      return mean + z;
    case "inverse":
      return -10 * mean;
    case "flip":
      return -(mean + z);
    case "random":
      return z;
    case "common":
      return common;
    case "row":
      return row === 0 ? -10 * mean : mean + z;
    case "copy":
      return mean;
  }
}

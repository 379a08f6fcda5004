// Sign bits in plain TypeScript: taken from a matrix, and spread to ±magnitude.
import type { Shape } from "../../shape.ts";

/** {@link import("../../kernels.ts").Kernels.signsAndSums} */
export function referenceSignsAndSums(e: Int16Array, { rows, cols }: Shape): { signs: Uint8Array; sums: Int32Array } {
  const signs = new Uint8Array((rows * cols) / 8);
  const sums = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * cols; i < (row + 1) * cols; i++) {
      const element = e[i] as number;
      // All ones for a negative number. Signs are as good as random: a branch on them would be guessed wrong every other time.
      const sign = element >> 31;
      sum += (element ^ sign) - sign;
      signs[i >> 3] = (signs[i >> 3] as number) | ((sign & 1) << (i & 7));
    }
    sums[row] = sum;
  }
  return { signs, sums };
}

/** {@link import("../../kernels.ts").Kernels.spread} */
export function referenceSpread(signs: Uint8Array, magnitudes: Int32Array, { rows, cols }: Shape): Int32Array {
  const values = new Int32Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const magnitude = magnitudes[row] as number;
    for (let i = row * cols; i < (row + 1) * cols; i++) values[i] = ((signs[i >> 3] as number) >> (i & 7)) & 1 ? -magnitude : magnitude;
  }
  return values;
}

/** {@link import("../../kernels.ts").Kernels.applyPriors} */
export function referenceApplyPriors(
  base: Int32Array,
  signs: Uint8Array,
  magnitudes: Int32Array,
  tenants: number,
  shape: Shape,
): Int32Array {
  const { rows, cols } = shape;
  const size = rows * cols;
  const values = new Int32Array(tenants * size);
  for (let tenant = 0; tenant < tenants; tenant++) {
    const own = signs.subarray((tenant * size) / 8, ((tenant + 1) * size) / 8);
    const spread = referenceSpread(own, magnitudes.subarray(tenant * rows, (tenant + 1) * rows), shape);
    for (let i = 0; i < size; i++) values[tenant * size + i] = (base[i] as number) + (spread[i] as number);
  }
  return values;
}

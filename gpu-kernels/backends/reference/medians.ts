// Lower weighted quantiles of columns in plain TypeScript: one selection for each.
import { Selection } from "../../quantile.ts";
import type { Shape } from "../../shape.ts";

/** {@link import("../../kernels.ts").Kernels.medianQ} */
export function referenceMedianQ(values: Int32Array, n: number, d: number, weights: Int32Array, threshold: number): Int32Array {
  const selection = new Selection(n);
  const result = new Int32Array(d);
  for (let c = 0; c < d; c++) {
    for (let i = 0; i < n; i++) selection.add(values[i * d + c] as number, weights[i] as number);
    result[c] = selection.take(threshold);
  }
  return result;
}

/** {@link import("../../kernels.ts").Kernels.medianQ1bit} */
export function referenceMedianQ1bit(
  signs: Uint8Array,
  magnitudes: Int32Array,
  n: number,
  shape: Shape,
  weights: Int32Array,
  threshold: number,
): Int32Array {
  const { rows, cols } = shape;
  const selection = new Selection(n);
  const result = new Int32Array(rows * cols);
  for (let at = 0; at < result.length; at++) {
    const row = Math.floor(at / cols);
    for (let i = 0; i < n; i++) {
      const magnitude = magnitudes[i * rows + row] as number;
      const bit = ((signs[(i * rows * cols + at) >> 3] as number) >> (at & 7)) & 1;
      selection.add(bit ? -magnitude : magnitude, weights[i] as number);
    }
    result[at] = selection.take(threshold);
  }
  return result;
}

// Sums in plain TypeScript: votes and dot products.
import type { Shape } from "../../shape.ts";

/** {@link import("../../kernels.ts").Kernels.vote} */
export function referenceVote(signs: Uint8Array, votes: Int32Array, n: number, { rows, cols }: Shape): Int32Array {
  const sums = new Int32Array(rows * cols);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < n; i++) {
      const vote = votes[row * n + i] as number;
      if (vote === 0) continue;
      const from = i * rows * cols;
      for (let at = row * cols; at < (row + 1) * cols; at++) {
        const bit = ((signs[(from + at) >> 3] as number) >> (at & 7)) & 1;
        sums[at] = (sums[at] as number) + (bit ? -vote : vote);
      }
    }
  return sums;
}

/** {@link import("../../kernels.ts").Kernels.dots} */
export function referenceDots(e: Int16Array, u: Int8Array, { rows, cols }: Shape): Int32Array {
  const dots = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let dot = 0;
    for (let c = 0; c < cols; c++) dot += (e[row * cols + c] as number) * (u[c] as number);
    dots[row] = dot;
  }
  return dots;
}

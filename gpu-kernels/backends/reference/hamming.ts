// Hamming distances in plain TypeScript.
import type { Shape } from "../../shape.ts";

/** Number of set bits of every byte. */
const BITS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

/** {@link import("../../kernels.ts").Kernels.pairDistances} */
export function referencePairDistances(signs: Uint8Array, n: number, { rows, cols }: Shape): Int16Array {
  const rowBytes = cols / 8;
  const distances = new Int16Array(rows * n * n);
  for (let row = 0; row < rows; row++)
    for (let i = 1; i < n; i++)
      for (let j = 0; j < i; j++) {
        const distance = distanceOf(signs, (i * rows + row) * rowBytes, signs, (j * rows + row) * rowBytes, rowBytes);
        distances[(row * n + i) * n + j] = distance;
        distances[(row * n + j) * n + i] = distance;
      }
  return distances;
}

/** {@link import("../../kernels.ts").Kernels.distances} */
export function referenceDistances(query: Uint8Array, codes: Uint8Array, bytes: number): Uint16Array {
  const distances = new Uint16Array(codes.length / bytes);
  for (let id = 0; id < distances.length; id++) distances[id] = distanceOf(query, 0, codes, id * bytes, bytes);
  return distances;
}

function distanceOf(a: Uint8Array, fromA: number, b: Uint8Array, fromB: number, bytes: number): number {
  let distance = 0;
  for (let k = 0; k < bytes; k++) distance += BITS[(a[fromA + k] as number) ^ (b[fromB + k] as number)] as number;
  return distance;
}

// The expert of a prior (specification §6.3): for every byte the projection of its row on the direction of the context's features.
import { referenceDots } from "./backends/reference/sums.ts";
import type { Kernels } from "./kernels.ts";
import { requireLength, SCHEMA_V1 } from "./shape.ts";
import { requireMatrix } from "./shard.ts";

/**
 * h of every byte: ⟨E_b, u⟩ / ‖u‖ in units of 2^−20 of a logit, rounded toward zero; all 0 without features.
 * @param e 256 × 384
 * @param u features, 384
 * @returns 256 int32
 * @throws KernelError `length`, `range`
 */
export async function expert(kernels: Kernels, e: Int16Array, u: Int8Array): Promise<Int32Array> {
  requireExpert(e, u);
  return projections(await kernels.dots(e, u, SCHEMA_V1), u);
}

/** As {@link expert}, in plain TypeScript and at once. */
export function expertSync(e: Int16Array, u: Int8Array): Int32Array {
  requireExpert(e, u);
  return projections(referenceDots(e, u, SCHEMA_V1), u);
}

function requireExpert(e: Int16Array, u: Int8Array): void {
  requireMatrix(e, SCHEMA_V1);
  requireLength("features", u.length, SCHEMA_V1.cols);
}

function projections(dots: Int32Array, u: Int8Array): Int32Array {
  const length = rootDown(65_536 * u.reduce((sum, value) => sum + value * value, 0));
  return dots.map((dot) => (length === 0 ? 0 : Math.trunc((65_536 * dot) / length)));
}

/** ⌊√n⌋ for 0 ≤ n < 2^50, whatever the last digit of the engine's root. */
function rootDown(n: number): number {
  let root = Math.floor(Math.sqrt(n));
  while (root * root > n) root--;
  while ((root + 1) * (root + 1) <= n) root++;
  return root;
}

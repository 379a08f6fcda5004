// Decoding with an expert, and how many cases of a holdout it gets right (specification §6.4; whitepaper's product of experts in integers).
import { expert, expertSync } from "./expert.ts";
import { features } from "./features.ts";
import { KernelError } from "./kernelError.ts";
import type { Kernels } from "./kernels.ts";
import { requireLength } from "./shape.ts";

const BYTES = 256;
const MAX_BASE = 2 ** 30;
/** 1.0 of alpha. */
const ALPHA_ONE = 256;

export interface DecodeParams {
  /** Weight of the expert in 1/256, 0…65535. */
  readonly alpha: number;
  /** How far below the best base score a byte may be to be chosen at all, ≥ 0. */
  readonly mask: number;
}

/** One byte to be decoded. */
export interface Step {
  readonly context: Uint8Array;
  /** Base scores of the 256 bytes in units of 2^−20 of a logit, |z| ≤ 2^30. */
  readonly base: Int32Array;
  /** The byte that is right. */
  readonly target: number;
}

/** A case of a holdout: right when every step is. */
export type HoldoutCase = readonly Step[];

/**
 * The byte with the greatest z + ⌊alpha·h/256⌋ of those with z ≥ max z − mask; the smallest of equal ones.
 * @param base 256 base scores, |z| ≤ 2^30
 * @param h 256 values of an expert
 * @throws KernelError `length`, `range`, `params`
 */
export function decode(base: Int32Array, h: Int32Array, { alpha, mask }: DecodeParams): number {
  requireLength("base scores", base.length, BYTES);
  requireLength("values of the expert", h.length, BYTES);
  if (!Number.isInteger(alpha) || alpha < 0 || alpha > 65_535) throw new KernelError("params", `alpha: expected 0 to 65535, got ${alpha}`);
  if (!Number.isSafeInteger(mask) || mask < 0) throw new KernelError("params", `mask: expected an integer of at least 0, got ${mask}`);
  const wide = base.findIndex((z) => Math.abs(z) > MAX_BASE);
  if (wide >= 0) throw new KernelError("range", `base score ${wide}: expected at most 2^30, got ${base[wide]}`);
  const least = Math.max(...base) - mask;
  let [best, chosen] = [Number.NEGATIVE_INFINITY, 0];
  for (let byte = 0; byte < BYTES; byte++) {
    const z = base[byte] as number;
    const total = z + Math.floor((alpha * (h[byte] as number)) / ALPHA_ONE);
    if (z < least || total <= best) continue;
    best = total;
    chosen = byte;
  }
  return chosen;
}

/**
 * Number of cases that a prior decodes right, each step from its own context.
 * @param e 256 × 384
 * @throws KernelError `length`, `range`, `params`
 */
export async function score(kernels: Kernels, e: Int16Array, cases: readonly HoldoutCase[], params: DecodeParams): Promise<number> {
  let right = 0;
  for (const steps of cases) {
    let all = true;
    for (const step of steps) all &&= decode(step.base, await expert(kernels, e, features(step.context)), params) === step.target;
    if (all) right++;
  }
  return right;
}

/** As {@link score}, in plain TypeScript and at once. */
export function scoreSync(e: Int16Array, cases: readonly HoldoutCase[], params: DecodeParams): number {
  return cases.filter((steps) =>
    steps.every(({ context, base, target }) => decode(base, expertSync(e, features(context)), params) === target),
  ).length;
}

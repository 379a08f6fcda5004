// Floating point becomes integers here, off chain and by the submitter alone (specification §1.1).
import { KernelError } from "./kernelError.ts";

/**
 * clamp(roundHalfEven(4096·x), ±32767). Infinities are clamped like other large numbers; there is no negative zero among int16.
 * @param x logits
 * @returns units of 2^−12 of a logit
 * @throws KernelError `range` when an element is not a number
 */
export function quantise(x: Float32Array | Float64Array | readonly number[]): Int16Array {
  const e = new Int16Array(x.length);
  for (let i = 0; i < e.length; i++) {
    const value = x[i] as number;
    if (Number.isNaN(value)) throw new KernelError("range", `element ${i}: expected a number, got NaN`);
    e[i] = roundHalfEven(Math.max(-32767, Math.min(32767, 4096 * value)));
  }
  return e;
}

/** |x| ≤ 32767: the difference to the floor is exact. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

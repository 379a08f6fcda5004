import { divUp } from "./division.ts";
import { isqrtUp } from "./isqrt.ts";
import { minOf } from "./minOf.ts";

/**
 * Where a growing quadratic reaches a value: Newton's method in integers. From below, a step goes to the root or beyond it, since the
 * quadratic is convex; from there it only comes nearer, and what is left of it says when there is no smaller solution.
 * @param a ≥ 0
 * @param b > 0
 * @param c any integer
 * @param near a guess ≥ 0: the nearer, the fewer steps; what comes out does not depend on it
 * @returns the smallest n ≥ 0 with n·(b + a·n) ≥ c
 */
export function leastRoot(a: bigint, b: bigint, c: bigint, near: bigint): bigint {
  if (c <= 0n) return 0n;
  let n = near;
  for (;;) {
    const an = a * n;
    const beyond = n * (b + an) - c;
    const slope = b + 2n * an;
    if (beyond < 0n) {
      const next = n + divUp(-beyond, slope);
      // A tangent that is much flatter than the way to the root leads far beyond it: the square alone does not.
      n = a > 0n && next > 2n * n ? minOf(next, isqrtUp(divUp(c, a))) : next;
    } else if (beyond < slope - a) {
      return n;
    } else {
      const step = beyond / slope;
      n -= step === 0n ? 1n : step;
    }
  }
}

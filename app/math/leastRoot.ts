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
  let bend = a * n;
  let slope = b + bend;
  let beyond = n * slope - c;
  slope += bend;
  // INVARIANT: beyond = n·(b + a·n) − c and slope = b + 2·a·n, carried from step to step: steps become short, n does not.
  for (;;) {
    let step: bigint;
    if (beyond < 0n) {
      step = divUp(-beyond, slope);
      // A tangent that is much flatter than the way to the root leads far beyond it: the square alone does not.
      if (a > 0n && step > n) step = minOf(step, isqrtUp(divUp(c, a)) - n);
    } else if (beyond < slope - a) {
      return n;
    } else {
      step = -(beyond / slope);
      if (step === 0n) step = -1n;
    }
    n += step;
    bend = a * step;
    slope += bend;
    beyond += step * slope;
    slope += bend;
  }
}

import type { Ruling } from "./rules.ts";
import type { Matrix } from "./world.ts";

/** Cosine of two matrices; 0 when one is 0. */
export function cosineOf(a: Ruling, b: Matrix): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [a[at] ?? 0, b[at] ?? 0];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}

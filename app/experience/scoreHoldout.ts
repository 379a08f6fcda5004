import { features } from "#kernels";
import type { HoldoutSet, HoldoutStep } from "../../modules/experience/holdout/format.ts";

/** Cases that matrices solve. Features of the contexts, which do not depend on the matrix, are computed once. */
export interface HoldoutScorer {
  /** @param matrix 256 × 384 */
  score(matrix: Int16Array): number;
}

interface PreparedStep extends HoldoutStep {
  readonly features: Int8Array;
  /** ⌊√(65536·Σu²)⌋; 0 without features. */
  readonly norm: number;
}

const COLS = 384;

/**
 * Scores a holdout set as the kernels' `score` does, but looks at the named candidates alone: all others lie below the mask, so that no prior can
 * lift them (test: equal on random sets).
 */
export function openHoldout({ alphaQ8, cases }: HoldoutSet): HoldoutScorer {
  const prepared = cases.map((steps) => steps.map(prepare));
  return {
    score: (matrix) => prepared.filter((steps) => steps.every((step) => decodeStep(matrix, step, alphaQ8) === step.target)).length,
  };
}

function prepare(step: HoldoutStep): PreparedStep {
  const u = features(step.context);
  const square = u.reduce((sum, value) => sum + value * value, 0);
  // 65536·Σu² < 2^35: the root of a double is exact enough to be rounded down, and is set right where it is not.
  let norm = Math.floor(Math.sqrt(65536 * square));
  while (norm * norm > 65536 * square) norm--;
  while ((norm + 1) * (norm + 1) <= 65536 * square) norm++;
  return { ...step, features: u, norm };
}

function decodeStep(matrix: Int16Array, { candidates, scores, features: u, norm }: PreparedStep, alpha: number): number {
  let [best, chosen] = [Number.NEGATIVE_INFINITY, 0];
  for (const [i, byte] of candidates.entries()) {
    let dot = 0;
    if (norm > 0) for (let d = 0; d < COLS; d++) dot += (matrix[byte * COLS + d] as number) * (u[d] as number);
    const lift = norm === 0 ? 0 : Math.trunc((65536 * dot) / norm);
    const total = (scores[i] as number) + Math.floor((alpha * lift) / 256);
    if (total <= best) continue;
    best = total;
    chosen = byte;
  }
  return chosen;
}

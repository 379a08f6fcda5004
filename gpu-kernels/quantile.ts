// Lower weighted quantiles (specification §4): pure selection, so the result is always one of the inputs.
import { KernelError } from "./kernelError.ts";
import { requireLength } from "./shape.ts";
import { requireWeights } from "./weights.ts";

/** A part of the weight: num/den, 0 ≤ num ≤ den, 1 ≤ den ≤ 65536. */
export interface Fraction {
  readonly num: number;
  readonly den: number;
}

export const MEDIAN: Fraction = { num: 1, den: 2 };

/**
 * Least cumulative weight that a quantile needs: max(1, ⌈W·num/den⌉).
 * @param weight W = Σ weights, < 2^24
 * @throws KernelError `params` when q is no such fraction
 */
export function thresholdOf(weight: number, { num, den }: Fraction): number {
  if (!Number.isInteger(den) || den < 1 || den > 65_536) throw new KernelError("params", `den: expected 1 to 65536, got ${den}`);
  if (!Number.isInteger(num) || num < 0 || num > den) throw new KernelError("params", `num: expected 0 to ${den}, got ${num}`);
  return Math.max(1, Math.floor((weight * num + den - 1) / den));
}

/**
 * Lower weighted quantile: the least value v of those with a weight above 0 for which c = Σ{w : value ≤ v} has c·den ≥ W·num; 0 when W = 0.
 * @param values safe integers
 * @param w for each value, ≥ 0, sum < 2^24
 * @throws KernelError `length`, `weights`, `range`, `params`
 */
export function quantile(values: ArrayLike<number>, w: ArrayLike<number>, q: Fraction = MEDIAN): number {
  requireLength("weights", w.length, values.length);
  const threshold = thresholdOf(requireWeights(w), q);
  const selection = new Selection(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isSafeInteger(value)) throw new KernelError("range", `value ${i}: expected a safe integer, got ${value}`);
    selection.add(value, w[i] as number);
  }
  return selection.take(threshold);
}

/** Weighted values of which one is selected; made once and used again and again. */
export class Selection {
  readonly #values: Float64Array;
  readonly #weights: Float64Array;
  #count = 0;
  #weight = 0;

  /** @param capacity most values at a time */
  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
    this.#weights = new Float64Array(capacity);
  }

  /** Σ weights of what was added. */
  get weight(): number {
    return this.#weight;
  }

  /** Adds a value; without weight it counts for nothing. A negative zero becomes a zero. */
  add(value: number, weight: number): void {
    if (weight === 0) return;
    this.#values[this.#count] = value + 0;
    this.#weights[this.#count++] = weight;
    this.#weight += weight;
  }

  /** Lower weighted median of what was added. Empties the selection. */
  median(): number {
    return this.take(Math.max(1, Math.ceil(this.#weight / 2)));
  }

  /**
   * The least value at which the cumulative weight reaches the threshold; 0 of nothing. Empties the selection.
   * @param threshold 1…Σ weights
   */
  take(threshold: number): number {
    const [values, weights] = [this.#values, this.#weights];
    let [low, high, wanted] = [0, this.#count - 1, threshold];
    this.#count = 0;
    this.#weight = 0;
    if (high < 0) return 0;
    // Quickselect: values below the pivot come to the left with their weight; the side where the threshold falls goes on.
    while (low < high) {
      const pivot = middleOf(values[low] as number, values[(low + high) >> 1] as number, values[high] as number);
      let [below, at, above] = [low, low, high];
      let [weightBelow, weightAt] = [0, 0];
      while (at <= above) {
        const value = values[at] as number;
        const weight = weights[at] as number;
        if (value < pivot) {
          weightBelow += weight;
          values[at] = values[below] as number;
          weights[at++] = weights[below] as number;
          values[below] = value;
          weights[below++] = weight;
        } else if (value > pivot) {
          values[at] = values[above] as number;
          weights[at] = weights[above] as number;
          values[above] = value;
          weights[above--] = weight;
        } else {
          weightAt += weight;
          at++;
        }
      }
      if (wanted <= weightBelow) high = below - 1;
      else if (wanted <= weightBelow + weightAt) return pivot;
      else {
        wanted -= weightBelow + weightAt;
        low = above + 1;
      }
    }
    return values[low] as number;
  }
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

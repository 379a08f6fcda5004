// Caps, live rows and mutual agreement of the contributors of a round (specification §5.1, §5.2).
import type { Fraction } from "./quantile.ts";
import { Selection, thresholdOf } from "./quantile.ts";

const RHO_ONE = 16_384;

/** What a round knows of its contributors before any weight. */
export interface Ballot {
  readonly n: number;
  readonly rows: number;
  readonly cols: number;
  /** Scales in Q8, n × rows; 0 abstains. */
  readonly scales: Int32Array;
  /** Agreements D of every pair in every row, rows × n × n: columns that agree minus columns that do not; 0 where one abstains. */
  readonly agreements: Int16Array;
  /** By row: whether somebody abstains. */
  readonly hasAbstention: readonly boolean[];
}

/** Makes a ballot of scales and Hamming distances, which become the agreements in place. */
export function ballotOf(scales: Int32Array, distances: Int16Array, n: number, rows: number, cols: number): Ballot {
  const hasAbstention: boolean[] = [];
  for (let row = 0; row < rows; row++) {
    const from = row * n * n;
    for (let at = from; at < from + n * n; at++) distances[at] = cols - 2 * (distances[at] as number);
    const abstaining = Array.from({ length: n }, (_, i) => i).filter((i) => scales[i * rows + row] === 0);
    for (const i of abstaining) for (let j = 0; j < n; j++) distances[from + i * n + j] = distances[from + j * n + i] = 0;
    hasAbstention.push(abstaining.length > 0);
  }
  return { n, rows, cols, scales, agreements: distances, hasAbstention };
}

/** Lower weighted quantile of the scales of each row, abstaining ones as 0. A row of cap 0 is dead. */
export function capsOf({ n, rows, scales }: Ballot, w: Int32Array, weight: number, q: Fraction): Int32Array {
  const threshold = thresholdOf(weight, q);
  const selection = new Selection(n);
  const caps = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < n; i++) selection.add(scales[i * rows + row] as number, w[i] as number);
    caps[row] = selection.take(threshold);
  }
  return caps;
}

/** Weights of rows: ⌊z²·16384 / Σz²⌋ with z = (cap + 15) >> 4. Σ ≤ 16384. */
export function rowWeights(caps: Int32Array): Int32Array {
  const squares = Array.from(caps, (cap) => ((cap + 15) >> 4) ** 2);
  const sum = squares.reduce((total, square) => total + square, 0);
  return Int32Array.from(squares, (square) => (sum === 0 ? 0 : Math.floor((square * RHO_ONE) / sum)));
}

/** Global agreement g: the mean of D over the rows that both use, weighted with rho, in units of 1/256, toward zero. n × n. */
export function globalAgreement({ n, rows, agreements, scales, hasAbstention }: Ballot, rho: Int32Array): Int32Array {
  const size = n * n;
  const numerators = new Int32Array(size);
  // By pair: the weight of rows in which one of the two abstains.
  const missing = new Int32Array(size);
  let full = 0;
  for (let row = 0; row < rows; row++) {
    const weight = rho[row] as number;
    if (weight === 0) continue;
    full += weight;
    for (let pair = 0, at = row * size; pair < size; pair++, at++)
      numerators[pair] = (numerators[pair] as number) + weight * (agreements[at] as number);
    if (!hasAbstention[row]) continue;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        if (scales[i * rows + row] === 0 || scales[j * rows + row] === 0) missing[i * n + j] = (missing[i * n + j] as number) + weight;
  }
  const g = new Int32Array(size);
  for (let pair = 0; pair < size; pair++) {
    const denominator = full - (missing[pair] as number);
    if (denominator > 0) g[pair] = Math.trunc((256 * (numerators[pair] as number)) / denominator);
  }
  return g;
}

/** Finds lower weighted medians of agreements by counting: in a row they have at most 385 values. */
export class AgreementMedians {
  readonly #cols: number;
  readonly #w: Int32Array;
  readonly #threshold: number;
  /** Weight by Hamming distance, and by sixteens of distances. */
  readonly #fine: Int32Array;
  readonly #coarse: Int32Array;

  /** @param weight Σ w */
  constructor(cols: number, w: Int32Array, weight: number) {
    this.#cols = cols;
    this.#w = w;
    this.#threshold = Math.max(1, Math.ceil(weight / 2));
    this.#fine = new Int32Array(cols + 16);
    this.#coarse = new Int32Array((cols >> 4) + 1);
  }

  /** 256 times the median of n agreements that begin at an index. */
  at(agreements: Int16Array, from: number): number {
    const [cols, w, fine, coarse] = [this.#cols, this.#w, this.#fine, this.#coarse];
    fine.fill(0);
    coarse.fill(0);
    for (let j = 0; j < w.length; j++) {
      const distance = (cols - (agreements[from + j] as number)) >> 1;
      const weight = w[j] as number;
      fine[distance] = (fine[distance] as number) + weight;
      coarse[distance >> 4] = (coarse[distance >> 4] as number) + weight;
    }
    // The least agreement is the greatest distance.
    let [reached, tens] = [0, cols >> 4];
    while (reached + (coarse[tens] as number) < this.#threshold) reached += coarse[tens--] as number;
    let distance = (tens << 4) + 15;
    while (reached + (fine[distance] as number) < this.#threshold) reached += fine[distance--] as number;
    return 256 * (cols - 2 * distance);
  }
}

// Factors of contributors from their mutual agreement (specification §5.3, §5.4): who belongs to the core by the median of its agreements, how
// much it agrees with the accepted core, and how much of its support is explained by agreement with all others.
import { KernelError } from "./kernelError.ts";
import { Selection } from "./quantile.ts";
import { MAX_COLS, requireContributors, requireLength } from "./shape.ts";
import { requireWeights } from "./weights.ts";

/** 1.0 of every factor. */
export const ONE = 4096;
/** Largest magnitude of an agreement: 256 · 384. */
const MAX_AGREEMENT = 256 * MAX_COLS;

export interface FactorParams {
  /** Agreement with the core, in units of the reference's 1/4096, up to which a contributor counts for nothing. */
  readonly lo: number;
  /** And from which it counts in full. 0 ≤ lo < hi ≤ 4096. */
  readonly hi: number;
  /** Repetitions, 1…8. */
  readonly rounds: number;
}

export interface Factors {
  /** 0…4096 for each contributor. */
  readonly f: Int32Array;
  /** Whether contributors of at least half of the weight agree with the median of the others. */
  readonly honestMajority: boolean;
}

/** @throws KernelError `params` */
export function requireFactorParams({ lo, hi, rounds }: FactorParams): void {
  if (!Number.isInteger(lo) || !Number.isInteger(hi) || lo < 0 || lo >= hi || hi > ONE)
    throw new KernelError("params", `expected 0 <= lo < hi <= ${ONE}, got lo ${lo}, hi ${hi}`);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 8) throw new KernelError("params", `rounds: expected 1 to 8, got ${rounds}`);
}

/**
 * Factors of n contributors.
 * @param g n × n, symmetric, |g| ≤ 98304
 * @param w n weights
 * @throws KernelError `count`, `length`, `weights`, `range`, `params`
 */
export function factors(g: Int32Array, w: ArrayLike<number>, params: FactorParams): Factors {
  const n = w.length;
  requireContributors(n);
  requireLength("agreements", g.length, n * n);
  requireWeights(w);
  requireFactorParams(params);
  const tooLarge = g.findIndex((value) => Math.abs(value) > MAX_AGREEMENT);
  if (tooLarge >= 0) throw new KernelError("range", `agreement ${tooLarge}: expected at most ${MAX_AGREEMENT}, got ${g[tooLarge]}`);
  const solver = new FactorSolver(n, params);
  solver.setWeights(w);
  return solver.solve(g, solver.medians(g));
}

/** Computes factors again and again for the same number of contributors. Checks nothing. */
export class FactorSolver {
  readonly #n: number;
  readonly #params: FactorParams;
  readonly #w: Float64Array;
  readonly #selection: Selection;
  /** Indices of the core, and by place in it: p, t and x of §5.4, place by place; λ, A, e and a. */
  readonly #core: Int32Array;
  readonly #p: Float64Array;
  readonly #t: Float64Array;
  readonly #x: Float64Array;
  readonly #lambda: Float64Array;
  readonly #agreement: Float64Array;
  readonly #raw: Float64Array;
  #weight = 0;

  constructor(n: number, params: FactorParams) {
    this.#n = n;
    this.#params = params;
    this.#selection = new Selection(n);
    this.#core = new Int32Array(n);
    [this.#w, this.#lambda, this.#agreement, this.#raw] = [vector(n), vector(n), vector(n), vector(n)];
    [this.#p, this.#t, this.#x] = [vector(n * n), vector(n * n), vector(n * n)];
  }

  /** Weights of all that follows. */
  setWeights(w: ArrayLike<number>): void {
    this.#w.set(w);
    this.#weight = this.#w.reduce((sum, weight) => sum + weight, 0);
  }

  /** Lower weighted median of each contributor's agreements, its own with itself included (§5.3 step 1). */
  medians(g: Int32Array): Int32Array {
    const n = this.#n;
    return Int32Array.from({ length: n }, (_, i) => {
      for (let j = 0; j < n; j++) this.#selection.add(g[i * n + j] as number, this.#w[j] as number);
      return this.#selection.median();
    });
  }

  /** @param m medians of g */
  solve(g: Int32Array, m: Int32Array): Factors {
    const f = new Int32Array(this.#n);
    if (this.#weight === 0) return { f, honestMajority: false };
    const { size, honestMajority } = this.#findCore(m);
    const centre = this.#centreOf(m, size);
    if (centre > 0) {
      this.#fillMatrices(g, m, size, centre);
      if (this.#iterate(f, size)) return { f, honestMajority };
    }
    f.fill(0);
    for (let a = 0; a < size; a++) f[this.#core[a] as number] = ONE;
    return { f, honestMajority };
  }

  /** §5.3 step 2. */
  #findCore(m: Int32Array): { readonly size: number; readonly honestMajority: boolean } {
    const positive = this.#takeCore(m, 1);
    if (2 * positive.weight >= this.#weight) return { size: positive.size, honestMajority: true };
    // The greatest m* at which those of at least m* have half of the weight: an upper median, so the lower one of the negated values.
    for (let i = 0; i < this.#n; i++) this.#selection.add(-(m[i] as number), this.#w[i] as number);
    return { size: this.#takeCore(m, -this.#selection.median()).size, honestMajority: false };
  }

  /** Makes those with a weight and a median of at least `least` the core. */
  #takeCore(m: Int32Array, least: number): { readonly size: number; readonly weight: number } {
    let [size, weight] = [0, 0];
    for (let i = 0; i < this.#n; i++) {
      if (this.#w[i] === 0 || (m[i] as number) < least) continue;
      this.#core[size++] = i;
      weight += this.#w[i] as number;
    }
    return { size, weight };
  }

  /** §5.3 step 3. */
  #centreOf(m: Int32Array, size: number): number {
    for (let a = 0; a < size; a++) {
      const i = this.#core[a] as number;
      this.#selection.add(m[i] as number, this.#w[i] as number);
    }
    return this.#selection.median();
  }

  /** Clipped, positive and explained agreement within the core: outside of it λ is 0, and nothing is asked. */
  #fillMatrices(g: Int32Array, m: Int32Array, size: number, centre: number): void {
    for (let a = 0; a < size; a++) {
      const i = this.#core[a] as number;
      const own = Math.max(0, m[i] as number);
      for (let b = 0; b <= a; b++) {
        const j = this.#core[b] as number;
        const agreement = g[i * this.#n + j] as number;
        const positive = Math.max(agreement, 0);
        const explained = Math.floor((own * Math.max(0, m[j] as number)) / centre);
        const [ab, ba] = [a * size + b, b * size + a];
        this.#p[ab] = this.#p[ba] = positive;
        this.#t[ab] = this.#t[ba] = agreement > centre ? centre : Math.max(agreement, -centre);
        this.#x[ab] = this.#x[ba] = Math.min(positive, explained);
      }
    }
  }

  /** §5.4 steps 1 to 4. @returns false where the flat factors are to be taken */
  #iterate(f: Int32Array, size: number): boolean {
    const { lo, hi, rounds } = this.#params;
    for (let a = 0; a < size; a++) this.#lambda[a] = this.#w[this.#core[a] as number] as number;
    for (let round = 0; round < rounds; round++) {
      this.#sum(size);
      for (let a = 0; a < size; a++) this.#selection.add(this.#agreement[a] as number, this.#lambda[a] as number);
      const reference = this.#selection.median();
      if (reference <= 0) return false;
      let top = 0;
      for (let a = 0; a < size; a++) {
        const y = Math.floor((Math.max(0, this.#agreement[a] as number) * ONE) / reference);
        const ramp = y <= lo ? 0 : y >= hi ? ONE : Math.floor(((y - lo) * ONE) / (hi - lo));
        const coherence = this.#raw[a] as number;
        const raw = (ramp * ((coherence * coherence) >> 12)) >> 12;
        this.#raw[a] = raw;
        if (raw > top) top = raw;
      }
      if (top === 0) return false;
      for (let a = 0; a < size; a++) {
        const i = this.#core[a] as number;
        const factor = Math.floor(((this.#raw[a] as number) * ONE) / top);
        f[i] = factor;
        this.#lambda[a] = Math.floor(((this.#w[i] as number) * factor) / ONE);
      }
    }
    return true;
  }

  /** Agreement A of each member of the core, and its coherence h in `raw`. All sums are below 2^41. */
  #sum(size: number): void {
    const [lambda, p, t, x] = [this.#lambda, this.#p, this.#t, this.#x];
    for (let a = 0; a < size; a++) {
      let [clipped, support, explained] = [0, 0, 0];
      for (let b = 0, at = a * size; b < size; b++, at++) {
        const l = lambda[b] as number;
        clipped += l * (t[at] as number);
        support += l * (p[at] as number);
        explained += l * (x[at] as number);
      }
      this.#agreement[a] = clipped;
      this.#raw[a] = support > 0 ? Math.floor((explained * ONE) / support) : 0;
    }
  }
}

function vector(length: number): Float64Array {
  return new Float64Array(length);
}

// Inputs that tell backends apart: of every shape, with extremes, ties, zeros and sums that just stay below 2^24. The self-test runs a few of
// them, conformance tests run many; a probe's results are the same on every backend.
import type { Kernels } from "./kernels.ts";
import type { Xorshift } from "./prng.ts";
import { MAX_SUM, type Shape, signBytes } from "./shape.ts";

type Result = Uint8Array | Uint16Array | Int16Array | Int32Array;

/** Calls one kernel with inputs drawn from a generator. */
export type Probe = (kernels: Kernels, random: Xorshift) => Promise<readonly Result[]>;

const COLUMNS = [8, 16, 24, 40, 64, 128, 200, 376, 384];
/** Amplitudes of int16: small ones make ties and zeros. */
const NARROW = [1, 2, 50, 3000, 32766, 32767];
/** Amplitudes of int32 values: 25 bits of them need all of float32. */
const WIDE = [1, 3, 32767, 65536, 2 ** 23, MAX_SUM];
const MAX_MAGNITUDE = 2 ** 23;

/** One probe for every kernel. */
export const PROBES: Readonly<Record<Exclude<keyof Kernels, "name" | "detail" | "close">, Probe>> = {
  async signsAndSums(kernels, random) {
    const shape = shapeOf(random);
    const { signs, sums } = await kernels.signsAndSums(matrix(random, shape), shape);
    return [signs, sums];
  },
  async spread(kernels, random) {
    const shape = shapeOf(random);
    return [await kernels.spread(bytes(random, signBytes(shape)), magnitudes(random, shape.rows), shape)];
  },
  async medianQ(kernels, random) {
    const [n, d] = [contributors(random), 1 + below(random, 70)];
    const w = weights(random, n);
    const amplitude = pick(random, WIDE);
    const values = Int32Array.from({ length: n * d }, () =>
      below(random, 8) === 0 ? extreme(random, amplitude) : wide(random, amplitude),
    );
    return [await kernels.medianQ(values, n, d, w, threshold(random, w))];
  },
  async medianQ1bit(kernels, random) {
    const [n, shape] = [contributors(random), shapeOf(random)];
    const w = weights(random, n);
    const signs = bytes(random, n * signBytes(shape));
    return [await kernels.medianQ1bit(signs, magnitudes(random, n * shape.rows), n, shape, w, threshold(random, w))];
  },
  async pairDistances(kernels, random) {
    const [n, shape] = [contributors(random), shapeOf(random)];
    return [await kernels.pairDistances(bytes(random, n * signBytes(shape)), n, shape)];
  },
  async vote(kernels, random) {
    const [n, shape] = [contributors(random), shapeOf(random)];
    const votes = new Int32Array(n * shape.rows);
    for (let row = 0; row < shape.rows; row++) votes.set(weights(random, n), row * n);
    return [await kernels.vote(bytes(random, n * signBytes(shape)), votes, n, shape)];
  },
  async distances(kernels, random) {
    const length = below(random, 2) === 0 ? 48 : 1 + below(random, 100);
    return [await kernels.distances(bytes(random, length), bytes(random, length * below(random, 60)), length)];
  },
  async dots(kernels, random) {
    const shape = shapeOf(random);
    const u = Int8Array.from({ length: shape.cols }, () => random.amp(pick(random, [1, 32])));
    return [await kernels.dots(matrix(random, shape), u, shape)];
  },
  async applyPriors(kernels, random) {
    const [tenants, shape] = [1 + below(random, 4), shapeOf(random)];
    const base = Int32Array.from({ length: shape.rows * shape.cols }, () => wide(random, MAX_SUM - MAX_MAGNITUDE));
    return [
      await kernels.applyPriors(base, bytes(random, tenants * signBytes(shape)), magnitudes(random, tenants * shape.rows), tenants, shape),
    ];
  },
};

function below(random: Xorshift, n: number): number {
  return (random.next() >>> 8) % n;
}

function pick<T>(random: Xorshift, choices: readonly T[]): T {
  return choices[below(random, choices.length)] as T;
}

function shapeOf(random: Xorshift): Shape {
  const rows = below(random, 16) === 0 ? 1 + below(random, 256) : 1 + below(random, 6);
  return { rows, cols: rows > 16 ? 384 : pick(random, COLUMNS) };
}

function contributors(random: Xorshift): number {
  return below(random, 16) === 0 ? 1 + below(random, 64) : 1 + below(random, 9);
}

/** Bytes that are random, or all zero, or all ones. */
function bytes(random: Xorshift, length: number): Uint8Array {
  const kind = below(random, 8);
  return Uint8Array.from({ length }, () => (kind === 0 ? 0 : kind === 1 ? 255 : random.next() >>> 13));
}

function matrix(random: Xorshift, { rows, cols }: Shape): Int16Array {
  const e = new Int16Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const amplitude = pick(random, NARROW);
    const kind = below(random, 8);
    for (let at = row * cols; at < (row + 1) * cols; at++) e[at] = kind === 0 ? 0 : kind === 1 ? -32767 : random.amp(amplitude);
  }
  return e;
}

/** An int32 of −a…a for a < 2^25: the generator's `amp` draws 24 bits only. */
function wide(random: Xorshift, a: number): number {
  return (random.next() % (2 * a + 1)) - a;
}

function extreme(random: Xorshift, a: number): number {
  return pick(random, [0, 1, -1, a, -a, a - 1]);
}

function magnitudes(random: Xorshift, length: number): Int32Array {
  return Int32Array.from({ length }, () => pick(random, [0, 16, 4096, MAX_MAGNITUDE, below(random, MAX_MAGNITUDE + 1)]));
}

/** Weights with zeros among them; often they sum to exactly 2^24 − 1, sometimes to nothing. */
function weights(random: Xorshift, n: number): Int32Array {
  const kind = below(random, 8);
  const most = Math.floor(MAX_SUM / n);
  const w = Int32Array.from({ length: n }, () => (kind === 0 || below(random, 5) === 0 ? 0 : below(random, pick(random, [2, 1000, most]))));
  if (kind > 3) {
    const last = below(random, n);
    w[last] = MAX_SUM - w.reduce((sum, weight, i) => sum + (i === last ? 0 : weight), 0);
  }
  return w;
}

function threshold(random: Xorshift, w: Int32Array): number {
  const sum = Math.max(
    1,
    w.reduce((total, weight) => total + weight, 0),
  );
  return pick(random, [1, Math.ceil(sum / 2), Math.ceil((sum * 2) / 3), sum, 1 + below(random, sum)]);
}

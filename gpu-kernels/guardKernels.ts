// The checks of everything that goes into a kernel, once for all backends: what a backend computes with is of the right length and so small that
// no intermediate leaves the integers below 2^24.
import { KernelError } from "./kernelError.ts";
import type { Kernels } from "./kernels.ts";
import { MAX_COLS, MAX_SUM, requireContributors, requireLength, requireShape, type Shape, signBytes } from "./shape.ts";
import { requireMatrix } from "./shard.ts";
import { MAX_CODE_BYTES } from "./topK.ts";
import { requireWeights } from "./weights.ts";

const MAX_MAGNITUDE = 2 ** 23;
/** Most features that a context has: words in 64 bytes. */
const MAX_FEATURE = 32;

/**
 * A backend whose inputs are checked.
 * @returns the same kernels; every method rejects with a KernelError `shape`, `count`, `length`, `range`, `weights` or `params`
 */
export function guardKernels(kernels: Kernels): Kernels {
  return {
    name: kernels.name,
    detail: kernels.detail,
    async signsAndSums(e, shape) {
      requireTallShape(shape);
      requireMatrix(e, shape);
      return kernels.signsAndSums(e, shape);
    },
    async spread(signs, magnitudes, shape) {
      requireShape(shape);
      requireOneBit(signs, magnitudes, 1, shape);
      return kernels.spread(signs, magnitudes, shape);
    },
    async medianQ(values, n, d, weights, threshold) {
      requireContributors(n);
      requireCount("columns", d);
      requireLength("values", values.length, n * d);
      requireThreshold(weights, n, threshold);
      requireWithin("value", values, MAX_SUM);
      return kernels.medianQ(values, n, d, weights, threshold);
    },
    async medianQ1bit(signs, magnitudes, n, shape, weights, threshold) {
      requireShape(shape);
      requireContributors(n);
      requireOneBit(signs, magnitudes, n, shape);
      requireThreshold(weights, n, threshold);
      return kernels.medianQ1bit(signs, magnitudes, n, shape, weights, threshold);
    },
    async pairDistances(signs, n, shape) {
      requireShape(shape);
      requireContributors(n);
      requireLength("sign bytes", signs.length, n * signBytes(shape));
      return kernels.pairDistances(signs, n, shape);
    },
    async vote(signs, votes, n, shape) {
      requireShape(shape);
      requireContributors(n);
      requireLength("sign bytes", signs.length, n * signBytes(shape));
      requireLength("votes", votes.length, n * shape.rows);
      for (let row = 0; row < shape.rows; row++) requireWeights(votes.subarray(row * n, (row + 1) * n));
      return kernels.vote(signs, votes, n, shape);
    },
    async distances(query, codes, bytes) {
      if (!Number.isInteger(bytes) || bytes < 1 || bytes > MAX_CODE_BYTES)
        throw new KernelError("length", `bytes of a code: expected 1 to ${MAX_CODE_BYTES}, got ${bytes}`);
      requireLength("query", query.length, bytes);
      if (codes.length % bytes !== 0) throw new KernelError("length", `codes: expected a multiple of ${bytes}, got ${codes.length}`);
      return kernels.distances(query, codes, bytes);
    },
    async dots(e, u, shape) {
      requireShape(shape);
      requireMatrix(e, shape);
      requireLength("features", u.length, shape.cols);
      requireWithin("feature", u, MAX_FEATURE);
      return kernels.dots(e, u, shape);
    },
    async applyPriors(base, signs, magnitudes, tenants, shape) {
      requireShape(shape);
      requireCount("tenants", tenants);
      requireLength("base", base.length, shape.rows * shape.cols);
      requireOneBit(signs, magnitudes, tenants, shape);
      requireHeadroom(base, magnitudes, tenants, shape);
      return kernels.applyPriors(base, signs, magnitudes, tenants, shape);
    },
    close: () => kernels.close(),
  };
}

/** Compressing takes many matrices at once: any number of rows. */
function requireTallShape({ rows, cols }: Shape): void {
  requireShape({ rows: 1, cols });
  if (!Number.isSafeInteger(rows) || rows < 1 || rows * MAX_COLS > 2 ** 31)
    throw new KernelError("shape", `expected 1 to ${Math.floor(2 ** 31 / MAX_COLS)} rows, got ${rows}`);
}

function requireCount(what: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) throw new KernelError("count", `${what}: expected at least 1, got ${count}`);
}

function requireOneBit(signs: Uint8Array, magnitudes: Int32Array, n: number, shape: Shape): void {
  requireLength("sign bytes", signs.length, n * signBytes(shape));
  requireLength("magnitudes", magnitudes.length, n * shape.rows);
  const at = magnitudes.findIndex((magnitude) => magnitude < 0 || magnitude > MAX_MAGNITUDE);
  if (at >= 0) throw new KernelError("range", `magnitude ${at}: expected 0 to 2^23, got ${magnitudes[at]}`);
}

function requireThreshold(weights: Int32Array, n: number, threshold: number): void {
  requireLength("weights", weights.length, n);
  const most = Math.max(1, requireWeights(weights));
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > most)
    throw new KernelError("params", `threshold: expected 1 to ${most}, got ${threshold}`);
}

/** A loop over every element of large inputs: without a call for each of them. */
function requireWithin(what: string, values: Int32Array | Int8Array, most: number): void {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (value > most || value < -most) throw new KernelError("range", `${what} ${at}: expected -${most} to ${most}, got ${value}`);
  }
}

function requireHeadroom(base: Int32Array, magnitudes: Int32Array, tenants: number, { rows, cols }: Shape): void {
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    for (let tenant = 0; tenant < tenants; tenant++) largest = Math.max(largest, magnitudes[tenant * rows + row] as number);
    requireWithin(`base of row ${row}, column`, base.subarray(row * cols, (row + 1) * cols), MAX_SUM - largest);
  }
}

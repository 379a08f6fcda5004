// The backend in WebAssembly SIMD: in Node, in workers and in pages. Large inputs pass through the module's memory in parts that stay in the
// processor's cache.
import type { Kernels } from "../../kernels.ts";
import type { Shape } from "../../shape.ts";
import { Arena, instantiate, type WasmKernels } from "./instance.ts";

/** Rows that are compressed, bytes of columns that are selected from, and bytes of codes that are compared at a time. */
const PART_ROWS = 128;
const PART_BYTES = 1 << 18;
/** Room between places. */
const SLACK = 256;

/** @throws Error when this engine has no WebAssembly with SIMD */
export async function openWasm(): Promise<Kernels> {
  const wasm = await instantiate();
  return {
    name: "wasm",
    detail: "WebAssembly SIMD",
    signsAndSums: async (e, shape) => signsAndSums(wasm, e, shape),
    spread: async (signs, magnitudes, shape) => applyPriors(wasm, undefined, signs, magnitudes, 1, shape),
    medianQ: async (values, n, d, weights, threshold) => medianQ(wasm, values, n, d, weights, threshold),
    medianQ1bit: async (signs, magnitudes, n, shape, weights, threshold) =>
      medianQ1bit(wasm, signs, magnitudes, n, shape, weights, threshold),
    pairDistances: async (signs, n, shape) => pairDistances(wasm, signs, n, shape),
    vote: async (signs, votes, n, shape) => vote(wasm, signs, votes, n, shape),
    distances: async (query, codes, bytes) => distances(wasm, query, codes, bytes),
    dots: async (e, u, shape) => dots(wasm, e, u, shape),
    applyPriors: async (base, signs, magnitudes, tenants, shape) => applyPriors(wasm, base, signs, magnitudes, tenants, shape),
    close: async () => {},
  };
}

function signsAndSums(wasm: WasmKernels, e: Int16Array, { rows, cols }: Shape): { signs: Uint8Array; sums: Int32Array } {
  const signs = new Uint8Array((rows * cols) / 8);
  const sums = new Int32Array(rows);
  const arena = new Arena(wasm, PART_ROWS * (2 * cols + cols / 8 + 4) + SLACK);
  const [eAt, signsAt, sumsAt] = [arena.take(PART_ROWS * cols * 2), arena.take((PART_ROWS * cols) / 8), arena.take(PART_ROWS * 4)];
  for (let from = 0; from < rows; from += PART_ROWS) {
    const to = Math.min(rows, from + PART_ROWS);
    arena.write(eAt, e.subarray(from * cols, to * cols));
    wasm.signsAndSums(eAt, to - from, cols, signsAt, sumsAt);
    arena.read(signsAt, signs.subarray((from * cols) / 8, (to * cols) / 8));
    arena.read(sumsAt, sums.subarray(from, to));
  }
  return { signs, sums };
}

function applyPriors(
  wasm: WasmKernels,
  base: Int32Array | undefined,
  signs: Uint8Array,
  magnitudes: Int32Array,
  tenants: number,
  { rows, cols }: Shape,
): Int32Array {
  const size = rows * cols;
  const values = new Int32Array(tenants * size);
  const arena = new Arena(wasm, size * 8 + size / 8 + rows * 4 + SLACK);
  const baseAt = base === undefined ? 0 : arena.put(base);
  const [signsAt, magnitudesAt, out] = [arena.take(size / 8), arena.take(rows * 4), arena.take(size * 4)];
  for (let tenant = 0; tenant < tenants; tenant++) {
    arena.write(signsAt, signs.subarray((tenant * size) / 8, ((tenant + 1) * size) / 8));
    arena.write(magnitudesAt, magnitudes.subarray(tenant * rows, (tenant + 1) * rows));
    wasm.spread(baseAt, signsAt, magnitudesAt, rows, cols, out);
    arena.read(out, values.subarray(tenant * size, (tenant + 1) * size));
  }
  return values;
}

function medianQ(wasm: WasmKernels, values: Int32Array, n: number, d: number, weights: Int32Array, threshold: number): Int32Array {
  const result = new Int32Array(d);
  const counted = Array.from({ length: n }, (_, i) => i).filter((i) => weights[i] !== 0);
  if (counted.length === 0) return result;
  const w = Int32Array.from(counted, (i) => weights[i] as number);
  const total = w.reduce((sum, weight) => sum + weight, 0);
  // Columns of a part: a multiple of the 16 that are selected together, at least 256.
  const part = Math.floor(PART_BYTES / 4 / counted.length / 16) * 16;
  const arena = new Arena(wasm, 4 * (counted.length * part + n + part) + SLACK);
  const [valuesAt, weightsAt, out] = [arena.take(4 * counted.length * part), arena.put(w), arena.take(4 * part)];
  for (let from = 0; from < d; from += part) {
    const to = Math.min(d, from + part);
    counted.forEach((i, place) => {
      arena.write(valuesAt + 4 * place * part, values.subarray(i * d + from, i * d + to));
    });
    wasm.medianColumns(valuesAt, 4 * part, counted.length, to - from, weightsAt, total, threshold, out);
    arena.read(out, result.subarray(from, to));
  }
  return result;
}

function medianQ1bit(
  wasm: WasmKernels,
  signs: Uint8Array,
  magnitudes: Int32Array,
  n: number,
  { rows, cols }: Shape,
  weights: Int32Array,
  threshold: number,
): Int32Array {
  const result = new Int32Array(rows * cols);
  const rowBytes = cols / 8;
  const arena = new Arena(wasm, signs.length + magnitudes.length * 4 + n * 4 + cols * 4 + SLACK);
  const [signsAt, weightsAt] = [arena.put(signs), arena.put(weights)];
  const [magnitudesAt, out] = [arena.take(n * 4), arena.take(cols * 4)];
  const own = new Int32Array(n);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < n; i++) own[i] = magnitudes[i * rows + row] as number;
    arena.write(magnitudesAt, own);
    wasm.medianRow1bit(signsAt + row * rowBytes, rows * rowBytes, rowBytes, magnitudesAt, weightsAt, n, threshold, out);
    arena.read(out, result.subarray(row * cols, (row + 1) * cols));
  }
  return result;
}

function pairDistances(wasm: WasmKernels, signs: Uint8Array, n: number, { rows, cols }: Shape): Int16Array {
  const all = new Int16Array(rows * n * n);
  const rowBytes = cols / 8;
  const arena = new Arena(wasm, signs.length + 2 * n * n + SLACK);
  const [signsAt, out] = [arena.put(signs), arena.take(2 * n * n)];
  for (let row = 0; row < rows; row++) {
    wasm.pairRow(signsAt + row * rowBytes, rows * rowBytes, rowBytes, n, out);
    arena.read(out, all.subarray(row * n * n, (row + 1) * n * n));
  }
  return all;
}

function vote(wasm: WasmKernels, signs: Uint8Array, votes: Int32Array, n: number, { rows, cols }: Shape): Int32Array {
  const sums = new Int32Array(rows * cols);
  const arena = new Arena(wasm, signs.length + votes.byteLength + sums.byteLength + SLACK);
  const [signsAt, votesAt, out] = [arena.put(signs), arena.put(votes), arena.take(sums.byteLength)];
  wasm.vote(signsAt, votesAt, n, rows, cols, out);
  arena.read(out, sums);
  return sums;
}

function distances(wasm: WasmKernels, query: Uint8Array, codes: Uint8Array, bytes: number): Uint16Array {
  const count = codes.length / bytes;
  const result = new Uint16Array(count);
  const part = Math.floor(PART_BYTES / bytes);
  const arena = new Arena(wasm, bytes + part * (bytes + 2) + SLACK);
  const [queryAt, codesAt, out] = [arena.put(query), arena.take(part * bytes), arena.take(2 * part)];
  for (let from = 0; from < count; from += part) {
    const to = Math.min(count, from + part);
    arena.write(codesAt, codes.subarray(from * bytes, to * bytes));
    wasm.distances(queryAt, codesAt, bytes, to - from, out);
    arena.read(out, result.subarray(from, to));
  }
  return result;
}

function dots(wasm: WasmKernels, e: Int16Array, u: Int8Array, { rows, cols }: Shape): Int32Array {
  const result = new Int32Array(rows);
  const arena = new Arena(wasm, e.byteLength + 2 * cols + 4 * rows + SLACK);
  const [eAt, uAt, out] = [arena.put(e), arena.put(Int16Array.from(u)), arena.take(4 * rows)];
  wasm.dots(eAt, uAt, rows, cols, out);
  arena.read(out, result);
  return result;
}

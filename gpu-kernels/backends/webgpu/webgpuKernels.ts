import type { Kernels } from "../../kernels.ts";
import { alignRows, boundsOf, byteWords, largest, pairWords } from "../words.ts";
import type { ComputeDevice, Words } from "./device.ts";
import { APPLY_PRIORS, DISTANCES, DOTS, MEDIAN, MEDIAN_1BIT, PAIR_DISTANCES, SIGNS_AND_SUMS, SPREAD, VOTE } from "./shaders.ts";

/** The kernels as WGSL on a device. @param detail what `status` shows of it */
export function webgpuKernels(device: ComputeDevice, detail: string): Kernels {
  /** One output of 32-bit integers. */
  const integers = async (wgsl: string, count: number, sizes: readonly number[], inputs: readonly Words[]): Promise<Int32Array> => {
    const [result] = await device.run(wgsl, count, sizes, inputs, [count]);
    return new Int32Array(result as ArrayBuffer);
  };
  /** One output of 16-bit integers, two of them for each invocation. */
  const halves = async (wgsl: string, count: number, sizes: readonly number[], inputs: readonly Words[]): Promise<ArrayBuffer> => {
    const words = Math.ceil(count / 2);
    const [result] = await device.run(wgsl, words, sizes, inputs, [words]);
    return (result as ArrayBuffer).slice(0, count * 2);
  };

  return {
    name: "webgpu",
    detail,
    async signsAndSums(e, { rows, cols }) {
      const words = Math.ceil((rows * cols) / 32);
      const [signs, sums] = await device.run(SIGNS_AND_SUMS, words, [cols], [pairWords(e, words * 16)], [words, rows]);
      return { signs: new Uint8Array(signs as ArrayBuffer, 0, (rows * cols) / 8), sums: new Int32Array(sums as ArrayBuffer) };
    },
    spread: (signs, magnitudes, { rows, cols }) => integers(SPREAD, rows * cols, [cols], [byteWords(signs), magnitudes]),
    medianQ: (values, n, d, weights, threshold) => {
      if (!weights.some((weight) => weight > 0)) return Promise.resolve(new Int32Array(d));
      const [low, high] = boundsOf(values);
      return integers(MEDIAN, d, [n, threshold, low, high], [values, weights]);
    },
    medianQ1bit: (signs, magnitudes, n, { rows, cols }, weights, threshold) => {
      if (!weights.some((weight) => weight > 0)) return Promise.resolve(new Int32Array(rows * cols));
      const bound = largest(magnitudes);
      return integers(MEDIAN_1BIT, rows * cols, [n, threshold, -bound, bound, cols, rows], [byteWords(signs), magnitudes, weights]);
    },
    pairDistances: async (signs, n, { rows, cols }) => {
      const pairs = rows * n * n;
      return new Int16Array(await halves(PAIR_DISTANCES, pairs, [n, rows, Math.ceil(cols / 32), pairs], [alignRows(signs, cols / 8)]));
    },
    vote: (signs, votes, n, { rows, cols }) => integers(VOTE, rows * cols, [cols, n], [byteWords(signs), votes]),
    distances: async (query, codes, bytes) => {
      const count = codes.length / bytes;
      if (count === 0) return new Uint16Array(0);
      const inputs = [alignRows(query, bytes), alignRows(codes, bytes)];
      return new Uint16Array(await halves(DISTANCES, count, [Math.ceil(bytes / 4), count], inputs));
    },
    dots: (e, u, { rows, cols }) => {
      const inputs = [pairWords(e, (rows * cols) / 2), pairWords(Int16Array.from(u), cols / 2)];
      return integers(DOTS, rows, [cols / 2], inputs);
    },
    applyPriors: (base, signs, magnitudes, tenants, { rows, cols }) => {
      if (tenants === 0) return Promise.resolve(new Int32Array(0));
      return integers(APPLY_PRIORS, tenants * rows * cols, [cols, rows * cols], [base, byteWords(signs), magnitudes]);
    },
    close: async () => device.close(),
  };
}

import type { Kernels } from "../../kernels.ts";
import type { TensorFlow } from "./library.ts";
import { joinThreeLimbs, joinTwoLimbs, threeLimbs } from "./limbs.ts";
import { Operations } from "./operations.ts";

/** Values of the eight bits of a byte, the first column lowest. */
const BIT_VALUES = Float32Array.of(1, 2, 4, 8, 16, 32, 64, 128);

/**
 * The kernels as TensorFlow operations. Everything is a whole number below 2^24 in float32: TensorFlow's int32 arithmetic runs on the CPU even
 * where there is a GPU, and float32 sums of such numbers are exact in any order. Factors of matrix products have at most 8 bits, so units that
 * round inputs to TF32 (11 bits) are exact as well; larger factors are split into limbs, and the host puts the products together.
 * @param detail what `status` shows of the library
 */
export function tensorflowKernels(tf: TensorFlow, detail: string): Kernels {
  const ops = new Operations(tf);
  return {
    name: "tensorflow",
    detail,
    async signsAndSums(e, { rows, cols }) {
      const [signs, sums] = await ops.read(() => {
        const x = ops.floats(e, [rows, cols]);
        const bits = x
          .less(0)
          .toFloat()
          .reshape([(rows * cols) / 8, 8]);
        return [bits.matMul(ops.floats(BIT_VALUES, [8, 1])), x.abs().sum(1)];
      });
      return { signs: Uint8Array.from(signs), sums: Int32Array.from(sums) };
    },
    spread: (signs, magnitudes, shape) => ops.integers(() => ops.spread(signs, magnitudes, 1, shape)),
    medianQ: (values, n, d, weights, threshold) => ops.integers(() => ops.median(ops.floats(values, [n, d]), values, weights, threshold)),
    medianQ1bit: (signs, magnitudes, n, shape, weights, threshold) =>
      ops.integers(() => {
        const values = ops.spread(signs, magnitudes, n, shape).reshape([n, shape.rows * shape.cols]);
        return ops.median(values, magnitudes, weights, threshold);
      }),
    async pairDistances(signs, n, { rows, cols }) {
      // cols − 2·Hamming is a product of rows of ±1.
      const [products] = await ops.read(() => {
        const byRow = ops.byRow(signs, n, rows, cols);
        return [byRow.matMul(byRow, false, true)];
      });
      return Int16Array.from(products, (product) => (cols - product) / 2);
    },
    async vote(signs, votes, n, { rows, cols }) {
      const limbs = threeLimbs(votes, rows, n);
      const [sums] = await ops.read(() => [ops.floats(limbs, [rows, 3, n]).matMul(ops.byRow(signs, n, rows, cols))]);
      return joinThreeLimbs(sums, rows, cols);
    },
    async distances(query, codes, bytes) {
      if (codes.length === 0) return new Uint16Array(0);
      const [distances] = await ops.read(() => [ops.hamming(query, codes, bytes)]);
      return Uint16Array.from(distances);
    },
    async dots(e, u, { rows, cols }) {
      const [high, low] = await ops.read(() => {
        const x = ops.floats(e, [rows, cols]);
        const upper = x.mul(1 / 256).floor();
        const column = ops.floats(u, [cols, 1]);
        return [upper.matMul(column), x.sub(upper.mul(256)).matMul(column)];
      });
      return joinTwoLimbs(high, low);
    },
    applyPriors: async (base, signs, magnitudes, tenants, shape) => {
      if (tenants === 0) return new Int32Array(0);
      return ops.integers(() => ops.floats(base, [1, shape.rows, shape.cols]).add(ops.spread(signs, magnitudes, tenants, shape)));
    },
    close: async () => undefined,
  };
}

import type { Shape } from "../../shape.ts";
import { alignRows } from "../words.ts";
import type { Tensor, TensorFlow } from "./library.ts";

/** 1, 1/2, … 1/128: a byte times them, rounded down, has each of its bits lowest. */
const SHIFTS = Float32Array.from({ length: 8 }, (_, bit) => 2 ** -bit);

/** What several kernels are made of. Tensors live inside of {@link Operations.read}, which frees them. */
export class Operations {
  readonly #tf: TensorFlow;

  constructor(tf: TensorFlow) {
    this.#tf = tf;
  }

  /** Runs the work and reads the tensors that it returns; all others are freed at once. */
  async read<const T extends readonly Tensor[]>(work: () => T): Promise<{ [K in keyof T]: Float32Array }> {
    const tensors = this.#tf.tidy(() => [...work()]);
    try {
      return (await Promise.all(tensors.map((tensor) => tensor.data()))) as { [K in keyof T]: Float32Array };
    } finally {
      for (const tensor of tensors) tensor.dispose();
    }
  }

  /** One tensor of whole numbers; zeros lose their sign. */
  async integers(work: () => Tensor): Promise<Int32Array> {
    const [values] = await this.read(() => [work()]);
    return Int32Array.from(values);
  }

  floats(values: Float32Array | Int32Array | Int16Array | Int8Array | Uint8Array, shape: readonly number[]): Tensor {
    return this.#tf.tensor(values instanceof Float32Array ? values : Float32Array.from(values), shape, "float32");
  }

  /** +1 for a clear bit, −1 for a set one. @returns bytes × 8 */
  plusMinus(signs: Uint8Array): Tensor {
    const shifted = this.floats(signs, [signs.length, 1])
      .mul(this.floats(SHIFTS, [1, 8]))
      .floor();
    // bit = shifted − 2·⌊shifted / 2⌋, and the sign is 1 − 2·bit.
    const bits = shifted.sub(shifted.mul(0.5).floor().mul(2));
    return bits.mul(-2).add(1);
  }

  /** Signs of n contributors as rows × n × cols of ±1. */
  byRow(signs: Uint8Array, n: number, rows: number, cols: number): Tensor {
    return this.plusMinus(signs).reshape([n, rows, cols]).transpose([1, 0, 2]);
  }

  /** ±magnitude. @returns n × rows × cols */
  spread(signs: Uint8Array, magnitudes: Int32Array, n: number, { rows, cols }: Shape): Tensor {
    return this.plusMinus(signs)
      .reshape([n, rows, cols])
      .mul(this.floats(magnitudes, [n, rows, 1]));
  }

  /**
   * Lower weighted quantile of every column by bisection on the value: no sort, no ties, and sums of weights below 2^24 only.
   * @param values n × d @param magnitudes numbers that no value exceeds in magnitude
   */
  median(values: Tensor, magnitudes: Int32Array, weights: Int32Array, threshold: number): Tensor {
    const d = values.shape[1] ?? 0;
    if (!weights.some((weight) => weight > 0)) return this.#tf.fill([d], 0);
    let bound = 0;
    for (const value of magnitudes) bound = Math.max(bound, Math.abs(value));
    const column = this.floats(weights, [weights.length, 1]);
    let low = this.#tf.fill([d], -bound);
    let high = this.#tf.fill([d], bound);
    for (let width = 2 * bound; width >= 1; width = Math.floor(width / 2)) {
      const [nextLow, nextHigh] = this.#tf.tidy(() => {
        const middle = low.add(high.sub(low).mul(0.5).floor());
        const enough = values.lessEqual(middle).toFloat().mul(column).sum(0).greaterEqual(threshold);
        return [low.where(enough, middle.add(1)), middle.where(enough, high)];
      }) as [Tensor, Tensor];
      low.dispose();
      high.dispose();
      // A column that has come to its end stays there: its middle is itself, and its weight is enough.
      [low, high] = [nextLow, nextHigh];
    }
    return high;
  }

  /** Distances by BitwiseXor and PopulationCount, which TensorFlow has on GPUs. @returns one for each code */
  hamming(query: Uint8Array, codes: Uint8Array, bytes: number): Tensor {
    const words = Math.ceil(bytes / 4);
    const int32 = (rows: Uint8Array): Int32Array => new Int32Array(alignRows(rows, bytes).slice().buffer);
    const backend = this.#tf.backend();
    const type = { name: "T", type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_INT32 };
    const left = this.#tf.tensor(int32(codes), [codes.length / bytes, words], "int32");
    const differing = backend.executeSingleOutput("BitwiseXor", [type], [left, this.#tf.tensor(int32(query), [1, words], "int32")]);
    // The counts are uint8, which only a cast can read.
    return this.#tf.cast(backend.executeSingleOutput("PopulationCount", [type], [differing]), "float32").sum(1);
  }
}

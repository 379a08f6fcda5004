// The port of the kernels: the steps of an aggregation that a backend may compute. Every intermediate has a magnitude below 2^24, so integers
// in float32, int32 and WebAssembly agree to the last bit. All other steps are plain TypeScript on the host and the same for every backend.
import type { Shape } from "./shape.ts";

export type BackendName = "reference" | "wasm" | "tensorflow" | "webgpu";

/**
 * A backend. Inputs are neither kept nor changed; results belong to the caller. Methods are called one after the other. Backends do not check
 * their inputs: `guardKernels` does, once for all of them.
 *
 * Layouts are row-major. Sign bits: column c of a row is bit `c & 7` of byte `c >> 3` of that row's `cols / 8` bytes, set for negative values;
 * n contributors' signs stand one behind the other, n·rows·cols/8 bytes.
 */
export interface Kernels {
  readonly name: BackendName;
  /** Version of the library, adapter: for `status` and metrics. */
  readonly detail: string;
  /**
   * Sign bits and Σ|x| of each row (specification §1.3).
   * @param e rows × cols, −32767…32767; here alone rows may be any number from 1 on
   */
  signsAndSums(e: Int16Array, shape: Shape): Promise<{ signs: Uint8Array; sums: Int32Array }>;
  /**
   * ±magnitude of every element (§1.5).
   * @param magnitudes one for each row, 0…2^23
   * @returns rows × cols, without negative zeros
   */
  spread(signs: Uint8Array, magnitudes: Int32Array, shape: Shape): Promise<Int32Array>;
  /**
   * Lower weighted quantile of every column (§4): the least value v of those with a weight above 0 for which Σ{w : value ≤ v} ≥ threshold;
   * 0 where all weights are 0.
   * @param values n × d, |v| < 2^24
   * @param weights n, ≥ 0, sum < 2^24
   * @param threshold 1…max(1, Σ weights)
   */
  medianQ(values: Int32Array, n: number, d: number, weights: Int32Array, threshold: number): Promise<Int32Array>;
  /**
   * The same over n one-bit contributions.
   * @param magnitudes n × rows, 0…2^23; a row of magnitude 0 abstains and counts as 0
   * @returns rows × cols
   */
  medianQ1bit(
    signs: Uint8Array,
    magnitudes: Int32Array,
    n: number,
    shape: Shape,
    weights: Int32Array,
    threshold: number,
  ): Promise<Int32Array>;
  /**
   * Hamming distances of every pair in every row (§5.2).
   * @returns rows × n × n, symmetric
   */
  pairDistances(signs: Uint8Array, n: number, shape: Shape): Promise<Int16Array>;
  /**
   * Σ ±vote of every element (§5.5): plus for a clear bit.
   * @param votes rows × n (row r of contributor i at r·n + i), ≥ 0, Σ < 2^24 in each row
   * @returns rows × cols
   */
  vote(signs: Uint8Array, votes: Int32Array, n: number, shape: Shape): Promise<Int32Array>;
  /**
   * Hamming distance of every code to the query (§7).
   * @param bytes length of a code, 1…4095 (distances fit 16 bits)
   */
  distances(query: Uint8Array, codes: Uint8Array, bytes: number): Promise<Uint16Array>;
  /**
   * Dot product of every row with u (§6.3).
   * @param e rows × cols, −32767…32767
   * @param u cols, −32…32
   */
  dots(e: Int16Array, u: Int8Array, shape: Shape): Promise<Int32Array>;
  /**
   * Priors of several tenants applied to one base.
   * @param base rows × cols
   * @param signs tenants × rows × cols / 8
   * @param magnitudes tenants × rows; |base| + magnitude < 2^24
   * @returns tenants × rows × cols: base ± magnitude
   */
  applyPriors(base: Int32Array, signs: Uint8Array, magnitudes: Int32Array, tenants: number, shape: Shape): Promise<Int32Array>;
  /** Gives up what the backend holds; no method may be called afterwards. */
  close(): Promise<void>;
}

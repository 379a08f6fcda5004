import {
  cidOf,
  cidText,
  compressSync,
  KernelError,
  merkleRoot,
  quantise,
  requireShape,
  SCHEMA_V1,
  type Shape,
  shardBytes,
  srcRoot,
} from "#kernels";
import { ClientError } from "../clientError.ts";

/** Bytes of a float32. */
const FLOAT_BYTES = 4;

/** A matrix as its author has it: in logits, or as int16 in units of 2⁻¹² of a logit. */
export type Matrix = Float32Array | Float64Array | readonly number[] | Int16Array;

/** A prior that is ready to be submitted: what the chain gets first (identifier and roots), then (shard), and what a challenger is answered with (source). */
export interface PackedShard {
  readonly shape: Shape;
  /** The matrix as whole numbers, −32767 to 32767, in units of 2⁻¹² of a logit. Only its author can open rows of it. */
  readonly source: Int16Array;
  /** Sign bytes of every row, then one scale code for each row: 12,544 bytes in schema v1. */
  readonly shard: Uint8Array;
  /** CIDv1 of the shard, 36 bytes. */
  readonly cid: Uint8Array;
  /** The same as text, 59 characters. */
  readonly cidText: string;
  /** Root over the rows of the shard, 32 bytes. */
  readonly merkleRoot: Uint8Array;
  /** Root over the rows of the source, 32 bytes. */
  readonly sourceRoot: Uint8Array;
}

/**
 * Packs a matrix: floating point becomes clamp(roundHalfEven(4096·x), ±32767), rows become signs and a scale (kernels-spec §1). The same matrix
 * gives the same bytes everywhere, in Node and in browsers.
 * @param matrix rows × columns, row by row
 * @param shape default: 256 × 384, schema v1
 * @throws client/1 for another number of elements, NaN, an infinity, or −32768 among int16
 * @example
 * const packed = packShard(Float32Array.from(weights));
 * submitMessage(packed, { submitter, domain: "code" });
 */
export function packShard(matrix: Matrix, shape: Shape = SCHEMA_V1): PackedShard {
  try {
    requireShape(shape);
    const source = quantiseMatrix(matrix, shape);
    const shard = compressSync(source, shape);
    const cid = cidOf(shard.bytes);
    return {
      shape,
      source,
      shard: shard.bytes,
      cid,
      cidText: cidText(cid),
      merkleRoot: merkleRoot(shard, shape),
      sourceRoot: srcRoot(source, shape),
    };
  } catch (thrown) {
    throw thrown instanceof KernelError ? new ClientError(thrown.message) : thrown;
  }
}

/**
 * A matrix as whole numbers in units of 2⁻¹² of a logit; int16 stay as they are.
 * @throws client/1 naming row and column
 */
export function quantiseMatrix(matrix: Matrix, { rows, cols }: Shape): Int16Array {
  if (matrix.length !== rows * cols)
    throw new ClientError(`a matrix of ${rows} × ${cols} = ${rows * cols} numbers expected, got ${matrix.length}`);
  const place = (at: number): string => `row ${Math.floor(at / cols)}, column ${at % cols}`;
  if (matrix instanceof Int16Array) {
    const at = matrix.indexOf(-32768);
    if (at >= 0) throw new ClientError(`${place(at)}: -32767 to 32767 expected, got -32768`);
    return matrix.slice();
  }
  for (let at = 0; at < matrix.length; at++)
    if (!Number.isFinite(matrix[at])) throw new ClientError(`${place(at)}: a finite number expected, got ${matrix[at]}`);
  return quantise(matrix);
}

/** How much smaller shards of a shape are than their float32 matrix, in thousandths: 31,347 for schema v1. Rounded down. */
export function packRatioMilli(shape: Shape): number {
  return Math.floor((shape.rows * shape.cols * FLOAT_BYTES * 1000) / shardBytes(shape));
}

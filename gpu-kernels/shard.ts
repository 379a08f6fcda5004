// Shards: a matrix as sign bits and one scale code for each row (specification §1; whitepaper Eq. 6).
import { referenceSignsAndSums, referenceSpread } from "./backends/reference/signs.ts";
import { KernelError } from "./kernelError.ts";
import type { Kernels } from "./kernels.ts";
import { int16Magnitudes, MAX_CODE, q8Magnitudes, scaleCode } from "./scaleTable.ts";
import { requireLength, requireShape, type Shape, shardBytes, signBytes } from "./shape.ts";

/** A canonical shard: its bytes, and views of their two parts. */
export interface Shard {
  readonly bytes: Uint8Array;
  /** rows × cols / 8. */
  readonly signs: Uint8Array;
  /** One for each row, 0…153; a row of code 0 abstains and has no sign set. */
  readonly codes: Uint8Array;
}

/**
 * Reads a shard, and refuses every form but the canonical one (§1.4).
 * @throws KernelError `length`, `scale code`, `zero row`, checked in this order
 */
export function parseShard(bytes: Uint8Array, shape: Shape): Shard {
  requireShape(shape);
  requireLength("bytes of a shard", bytes.length, shardBytes(shape));
  const signs = bytes.subarray(0, signBytes(shape));
  const codes = bytes.subarray(signBytes(shape));
  const tooLarge = codes.findIndex((code) => code > MAX_CODE);
  if (tooLarge >= 0) throw new KernelError("scale code", `row ${tooLarge}: expected 0 to ${MAX_CODE}, got ${codes[tooLarge]}`);
  const rowBytes = shape.cols / 8;
  codes.forEach((code, row) => {
    if (code === 0 && signs.subarray(row * rowBytes, (row + 1) * rowBytes).some((byte) => byte !== 0))
      throw new KernelError("zero row", `row ${row}: expected no sign with scale code 0`);
  });
  return { bytes, signs, codes };
}

/**
 * @throws KernelError `length` unless there are rows × cols elements, `range` when one is −32768, whose magnitude int16 does not have
 */
export function requireMatrix(e: Int16Array, { rows, cols }: Shape): void {
  requireLength("elements of the matrix", e.length, rows * cols);
  const at = e.indexOf(-32768);
  if (at >= 0) throw new KernelError("range", `row ${Math.floor(at / cols)}, column ${at % cols}: expected -32767 to 32767, got -32768`);
}

/**
 * Compresses a matrix to a shard (§1.3): a set bit for every negative element, and the scale code of each row's mean magnitude.
 * @param e rows × cols, −32767…32767, in units of 2^−12
 * @throws KernelError `shape`, `length`, `range`
 */
export async function compress(kernels: Kernels, e: Int16Array, shape: Shape): Promise<Shard> {
  requireShape(shape);
  requireMatrix(e, shape);
  return shardOf(await kernels.signsAndSums(e, shape), shape);
}

/** As {@link compress}, in plain TypeScript and at once. */
export function compressSync(e: Int16Array, shape: Shape): Shard {
  requireShape(shape);
  requireMatrix(e, shape);
  return shardOf(referenceSignsAndSums(e, shape), shape);
}

function shardOf({ signs, sums }: { readonly signs: Uint8Array; readonly sums: Int32Array }, shape: Shape): Shard {
  const bytes = new Uint8Array(shardBytes(shape));
  bytes.set(signs);
  sums.forEach((sum, row) => {
    bytes[signs.length + row] = scaleCode(sum, shape.cols);
  });
  return { bytes, signs: bytes.subarray(0, signs.length), codes: bytes.subarray(signs.length) };
}

/**
 * Values of a shard in Q8 of an int16 unit (§1.5): ±scale, 0 in rows that abstain; magnitudes up to 2^23.
 * @returns rows × cols
 */
export function decompressQ8(shard: Shard, shape: Shape): Int32Array {
  return referenceSpread(shard.signs, q8Magnitudes(shard.codes), shape);
}

/** Values of a shard as int16 (§1.5): the scale rounded half up to whole units, at most 32767. */
export function decompressInt16(shard: Shard, shape: Shape): Int16Array {
  return Int16Array.from(referenceSpread(shard.signs, int16Magnitudes(shard.codes), shape));
}

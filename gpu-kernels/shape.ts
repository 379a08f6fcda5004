import { KernelError } from "./kernelError.ts";

/** Size of a prior's matrix. */
export interface Shape {
  /** 1…256. */
  readonly rows: number;
  /** A multiple of 8, 8…384. */
  readonly cols: number;
}

/** Row r belongs to byte value r, column d to feature coordinate d. */
export const SCHEMA_V1: Shape = { rows: 256, cols: 384 };

/** Most rows, columns and contributors: the bounds of all intermediates are proven for these. */
export const MAX_ROWS = 256;
export const MAX_COLS = 384;
export const MAX_CONTRIBUTORS = 256;
/** Largest sum of weights, and of what is added in a kernel: integers below 2^24 are exact in float32. */
export const MAX_SUM = 2 ** 24 - 1;

/** @throws KernelError `shape` unless rows are 1…256 and columns a multiple of 8 up to 384 */
export function requireShape({ rows, cols }: Shape): void {
  if (!Number.isInteger(rows) || rows < 1 || rows > MAX_ROWS) throw new KernelError("shape", `expected 1 to ${MAX_ROWS} rows, got ${rows}`);
  if (!Number.isInteger(cols) || cols < 8 || cols > MAX_COLS || cols % 8 !== 0)
    throw new KernelError("shape", `expected a multiple of 8 up to ${MAX_COLS} as columns, got ${cols}`);
}

/** @throws KernelError `count` unless n is 1…256 */
export function requireContributors(n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > MAX_CONTRIBUTORS)
    throw new KernelError("count", `expected 1 to ${MAX_CONTRIBUTORS} contributors, got ${n}`);
}

/** @throws KernelError `length` unless `got` is `expected` */
export function requireLength(what: string, got: number, expected: number): void {
  if (got !== expected) throw new KernelError("length", `${what}: expected ${expected}, got ${got}`);
}

/** Bytes of the sign bits of a matrix. */
export function signBytes({ rows, cols }: Shape): number {
  return (rows * cols) / 8;
}

/** Bytes of a shard: sign bits, then one scale code for each row. 12,544 in schema v1. */
export function shardBytes(shape: Shape): number {
  return signBytes(shape) + shape.rows;
}

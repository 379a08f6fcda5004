import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { SCHEMA_V1, type Shape } from "#kernels";
import type { Matrix } from "../../../app/client/experience/packShard.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";

/** A matrix of a file. */
export interface MatrixFile {
  readonly matrix: Matrix;
  readonly shape: Shape;
  /** What the file holds, in words. */
  readonly form: string;
}

/** How a file is read. */
export interface MatrixOptions {
  /** Expected size; schema v1 when left out. */
  readonly shape?: Shape;
  /** Numbers of a .bin file: float32 when left out. */
  readonly dtype?: "float32" | "int16";
}

/** Largest file in bytes: a matrix of 256 × 384 numbers as JSON has some 2 MB. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const NPY_MAGIC = "\u0093NUMPY";

/**
 * Reads a matrix by the ending of its file: `.json` (a list of rows, or of numbers), `.npy` (NumPy, `<f4`, `<f8`, `<i2`, in C order) or `.bin`
 * (little-endian float32 or int16, row by row).
 * @throws CliError when it is none, or of another shape
 */
export function readMatrix(path: string, { shape = SCHEMA_V1, dtype = "float32" }: MatrixOptions = {}): MatrixFile {
  const bytes = readFile(path);
  try {
    if (path.endsWith(".json")) return fromJson(bytes, shape);
    if (path.endsWith(".npy")) return fromNpy(bytes, shape);
    if (path.endsWith(".bin")) return { matrix: fromRaw(bytes, dtype), shape, form: `${dtype}, little-endian` };
    throw new Error("a file whose name ends in .json, .npy or .bin is expected");
  } catch (cause) {
    throw new CliError(`${path} is no matrix that can be packed`, {
      why: reasonOf(cause),
      next: "hanzod experience pack --help tells what files are read",
      cause,
    });
  }
}

function readFile(path: string): Buffer {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      if (size > MAX_FILE_BYTES) throw new Error(`a file of at most ${MAX_FILE_BYTES} bytes expected, got ${size}`);
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new CliError(`cannot read ${path}`, { why: reasonOf(cause), cause });
  }
}

function fromJson(bytes: Buffer, shape: Shape): MatrixFile {
  const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (!Array.isArray(parsed)) throw new Error("a list of rows, or of numbers, is expected");
  const nested = Array.isArray(parsed[0]);
  if (nested) requireShape(parsed as unknown[][], shape);
  const numbers: unknown[] = nested ? (parsed as unknown[][]).flat() : parsed;
  const wrong = numbers.findIndex((number) => typeof number !== "number");
  if (wrong >= 0) throw new Error(`number ${wrong}: expected a number, got ${JSON.stringify(numbers[wrong])}`);
  return { matrix: numbers as number[], shape, form: nested ? `JSON, ${parsed.length} rows` : "JSON, numbers" };
}

function requireShape(rows: readonly unknown[], { rows: expected, cols }: Shape): void {
  if (rows.length !== expected) throw new Error(`expected ${expected} rows, got ${rows.length}`);
  const wrong = rows.findIndex((row) => !Array.isArray(row) || row.length !== cols);
  if (wrong < 0) return;
  const row = rows[wrong];
  throw new Error(`row ${wrong}: expected ${cols} numbers, got ${Array.isArray(row) ? row.length : typeof row}`);
}

/** NumPy's format 1.0 to 3.0: magic, version, length of the header, a Python literal, numbers. */
function fromNpy(bytes: Buffer, shape: Shape): MatrixFile {
  if (bytes.subarray(0, 6).toString("latin1") !== NPY_MAGIC) throw new Error("a NumPy file is expected: it begins with \\x93NUMPY");
  const major = bytes[6] ?? 0;
  const lengthBytes = major === 1 ? 2 : 4;
  if (major < 1 || major > 3 || bytes.length < 8 + lengthBytes) throw new Error(`format 1 to 3 of NumPy is expected, got ${major}`);
  const headerEnd = 8 + lengthBytes + (major === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  const header = bytes.subarray(8 + lengthBytes, headerEnd).toString("latin1");
  const [, descr = ""] = /'descr':\s*'([^']{1,8})'/.exec(header) ?? [];
  const [, rows = "", cols = ""] = /'shape':\s*\((\d+),\s*(\d+)\s*,?\)/.exec(header) ?? [];
  if (!/'fortran_order':\s*False/.test(header)) throw new Error("C order is expected: numpy.ascontiguousarray makes it");
  if (Number(rows) !== shape.rows || Number(cols) !== shape.cols)
    throw new Error(
      `a shape of (${shape.rows}, ${shape.cols}) is expected, got ${/'shape':\s*(\([^)]{0,60}\))/.exec(header)?.[1] ?? "none"}`,
    );
  const numbers = bytes.subarray(headerEnd);
  switch (descr) {
    case "<f4":
      return { matrix: fromRaw(numbers, "float32"), shape, form: "NumPy, float32" };
    case "<i2":
      return { matrix: fromRaw(numbers, "int16"), shape, form: "NumPy, int16" };
    case "<f8":
      return { matrix: float64(numbers), shape, form: "NumPy, float64" };
    default:
      throw new Error(`numbers of '<f4', '<f8' or '<i2' are expected, got '${descr}'`);
  }
}

function fromRaw(bytes: Buffer, dtype: "float32" | "int16"): Float32Array | Int16Array {
  const size = dtype === "float32" ? 4 : 2;
  if (bytes.length % size !== 0) throw new Error(`a multiple of ${size} bytes is expected for ${dtype}, got ${bytes.length}`);
  const count = bytes.length / size;
  return dtype === "float32"
    ? Float32Array.from({ length: count }, (_, at) => bytes.readFloatLE(4 * at))
    : Int16Array.from({ length: count }, (_, at) => bytes.readInt16LE(2 * at));
}

function float64(bytes: Buffer): Float64Array {
  if (bytes.length % 8 !== 0) throw new Error(`a multiple of 8 bytes is expected for float64, got ${bytes.length}`);
  return Float64Array.from({ length: bytes.length / 8 }, (_, at) => bytes.readDoubleLE(8 * at));
}

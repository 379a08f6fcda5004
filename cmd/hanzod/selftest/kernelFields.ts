// Reads the inputs of kernel vectors: base64 for byte arrays and matrices (little-endian), hex for short texts, decimal strings for stakes.

import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { type AggregateParams, DEFAULT_AGGREGATE_PARAMS, requireWeights, type Shape } from "#kernels";
import { sha256 } from "#sha256";

export type VectorFields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown, what: string): VectorFields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${what}: expected an object`);
  return value as VectorFields;
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what}: expected a list`);
  return value;
}

export function numberOf(fields: VectorFields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number") throw new Error(`${name}: expected a number, got ${JSON.stringify(value)}`);
  return value;
}

/** A number that the vector may leave out. */
export function numberOr(fields: VectorFields, name: string, otherwise: number): number {
  return fields[name] === undefined ? otherwise : numberOf(fields, name);
}

export function numbersOf(fields: VectorFields, name: string): number[] {
  return listOf(fields[name], name).map((value) => {
    if (typeof value !== "number") throw new Error(`${name}: expected numbers, got ${JSON.stringify(value)}`);
    return value;
  });
}

export function textOf(value: unknown, what: string): string {
  if (typeof value !== "string") throw new Error(`${what}: expected a text, got ${JSON.stringify(value)}`);
  return value;
}

export function textsOf(fields: VectorFields, name: string): string[] {
  return listOf(fields[name], name).map((value) => textOf(value, name));
}

export function hexOf(value: unknown, what: string): Uint8Array {
  return hexToBytes(textOf(value, what));
}

export function base64Of(value: unknown, what: string): Uint8Array {
  return Uint8Array.from(Buffer.from(textOf(value, what), "base64"));
}

/** Weights as they are judged before they become int32. @throws KernelError `weights` */
export function weightsOf(fields: VectorFields): Int32Array {
  const list = numbersOf(fields, "w");
  requireWeights(list);
  return Int32Array.from(list);
}

export function shapeOf(fields: VectorFields): Shape {
  return { rows: numberOf(fields, "rows"), cols: numberOf(fields, "cols") };
}

/** Parameters of an aggregation: the vector lists only what differs from the defaults. */
export function paramsOf(fields: VectorFields): AggregateParams {
  const given = fields["params"] === undefined ? {} : fieldsOf(fields["params"], "params");
  return Object.assign({ ...DEFAULT_AGGREGATE_PARAMS }, given);
}

export function int16Of(fields: VectorFields, name: string): Int16Array {
  const bytes = base64Of(fields[name], name);
  return littleEndian(bytes, 2, Int16Array, (view, at) => view.getInt16(at, true));
}

export function int32Of(fields: VectorFields, name: string): Int32Array {
  const bytes = base64Of(fields[name], name);
  return littleEndian(bytes, 4, Int32Array, (view, at) => view.getInt32(at, true));
}

function littleEndian<T extends Int16Array | Int32Array>(
  bytes: Uint8Array,
  width: number,
  type: new (length: number) => T,
  read: (view: DataView, at: number) => number,
): T {
  if (bytes.length % width !== 0) throw new Error(`expected a multiple of ${width} bytes, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = new type(bytes.length / width);
  for (let i = 0; i < values.length; i++) values[i] = read(view, i * width);
  return values;
}

/** Bytes of integers, little-endian. */
export function bytesOf(values: Int8Array | Int16Array | Int32Array | Uint8Array): Uint8Array {
  const width = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.length * width);
  for (let i = 0; i < values.length; i++) for (let k = 0; k < width; k++) bytes[i * width + k] = (values[i] as number) >> (8 * k);
  return bytes;
}

export function toBase64(values: Int8Array | Int16Array | Int32Array | Uint8Array): string {
  return Buffer.from(bytesOf(values)).toString("base64");
}

/** SHA-256 in hex over the little-endian bytes. */
export function hashOf(values: Int8Array | Int16Array | Int32Array | Uint8Array): string {
  return bytesToHex(sha256(bytesOf(values)));
}

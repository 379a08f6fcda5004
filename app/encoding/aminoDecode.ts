import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type AminoTypes, ANY, DURATION, keyMessage, MAX_INTERFACE_DEPTH, PREFIX_LENGTH, packAny } from "./aminoTypes.ts";
import { decodeUtf8 } from "./bytes.ts";
import type { FieldDescriptor, FieldKind, MessageDescriptor } from "./descriptorModel.ts";
import { type DynamicMessage, type DynamicValue, emptyMessage, wireTypeOf } from "./dynamicMessage.ts";
import { EncodingError, invalidRequestError } from "./encodingError.ts";
import { decodeUvarint } from "./varint.ts";

const BILLION = 1_000_000_000n;

/**
 * Reads a message from amino binary without its prefix (see `aminoEncode.ts`). Fields come in order, and once unless they are lists; unknown
 * ones are skipped.
 * @throws sdk/18 for bytes that are not that message
 */
export function decodeAmino(types: AminoTypes, type: MessageDescriptor, bytes: Uint8Array): DynamicMessage {
  try {
    return readFields(types, type, bytes, 0);
  } catch (cause) {
    if (cause instanceof EncodingError) throw cause;
    throw invalidRequestError(`amino bytes of ${type.typeName} expected: ${cause instanceof Error ? cause.message : ""}`);
  }
}

function readFields(types: AminoTypes, type: MessageDescriptor, bytes: Uint8Array, depth: number): DynamicMessage {
  const message = emptyMessage(type);
  const reader = new BinaryReader(bytes);
  let last = 0;
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const field = type.fields[number - 1];
    const isUnpacked = field?.repeated === true && wireTypeOf(field.kind) === WireType.LengthDelimited;
    if (number < last || (number === last && !isUnpacked))
      throw invalidRequestError(`fields of ${type.typeName} in order expected, got ${number} behind ${last}`);
    last = number;
    if (field === undefined) reader.skip(wire, number);
    else readField({ types, bytes, reader, message, field, depth }, wire);
  }
  addDefaults(types, message);
  return message;
}

interface Place {
  readonly types: AminoTypes;
  readonly bytes: Uint8Array;
  readonly reader: BinaryReader;
  readonly message: DynamicMessage;
  readonly field: FieldDescriptor;
  readonly depth: number;
}

function readField({ types, bytes, reader, message, field, depth }: Place, wire: WireType): void {
  const isNumber = field.typeName === DURATION || wireTypeOf(field.kind) !== WireType.LengthDelimited;
  const expected = isNumber && !field.repeated ? WireType.Varint : WireType.LengthDelimited;
  if (wire !== expected) throw invalidRequestError(`wire type ${expected} expected for ${field.name}, got ${wire}`);
  if (!field.repeated) {
    const value = isNumber ? readNumber(types, field, reader, bytes) : readBytes(types, field, reader.bytes(), depth);
    message.values.set(field.number, value);
    return;
  }
  const list = (message.values.get(field.number) ?? []) as DynamicValue[];
  message.values.set(field.number, list);
  if (!isNumber) list.push(readBytes(types, field, reader.bytes(), depth));
  else {
    const packed = reader.bytes();
    for (const numbers = new BinaryReader(packed); numbers.pos < numbers.len; ) list.push(readNumber(types, field, numbers, packed));
  }
}

function readBytes(types: AminoTypes, field: FieldDescriptor, bytes: Uint8Array, depth: number): DynamicValue {
  if (field.kind === "bytes") return bytes;
  if (field.kind === "string") return decodeUtf8(bytes);
  if (field.typeName === ANY) return packAny(types, readInterface(types, field, bytes, depth + 1));
  return readFields(types, types.descriptors.getMessage(field.typeName), bytes, depth);
}

function readInterface(types: AminoTypes, field: FieldDescriptor, bytes: Uint8Array, depth: number): DynamicMessage {
  if (depth > MAX_INTERFACE_DEPTH) throw invalidRequestError(`at most ${MAX_INTERFACE_DEPTH} nested messages expected`);
  if (bytes.length < PREFIX_LENGTH)
    throw invalidRequestError(`${PREFIX_LENGTH} prefix bytes expected for ${field.name}, got ${bytes.length}`);
  const type = types.prefixed(bytes.subarray(0, PREFIX_LENGTH), field);
  const rest = bytes.subarray(PREFIX_LENGTH);
  if (type.aminoMessageEncoding !== "key_field") return readFields(types, type, rest, depth);
  const reader = new BinaryReader(rest);
  const key = reader.bytes();
  if (reader.pos !== reader.len) throw invalidRequestError(`one key expected for ${field.name}, got ${reader.len - reader.pos} bytes more`);
  return keyMessage(type, key);
}

/** Largest and smallest numbers of kinds below 64 bits. */
const RANGES: Readonly<Partial<Record<FieldKind, readonly [min: bigint, max: bigint]>>> = {
  int32: [-(1n << 31n), (1n << 31n) - 1n],
  enum: [-(1n << 31n), (1n << 31n) - 1n],
  uint32: [0n, (1n << 32n) - 1n],
  bool: [0n, 1n],
};

/** @param bytes those of the reader, which would drop bits beyond the 64th */
function readNumber(types: AminoTypes, field: FieldDescriptor, reader: BinaryReader, bytes: Uint8Array): DynamicValue {
  const { value: raw, next } = decodeUvarint(bytes, reader.pos);
  reader.pos = next;
  const signed = BigInt.asIntN(64, raw);
  if (field.typeName === DURATION) return durationOf(types, signed);
  if (field.kind === "uint64") return raw;
  if (field.kind === "int64") return signed;
  const range = RANGES[field.kind];
  if (range === undefined || signed < range[0] || signed > range[1])
    throw invalidRequestError(`a number of kind ${field.kind} expected for ${field.name}, got ${signed}`);
  return field.kind === "bool" ? signed === 1n : Number(signed);
}

function durationOf(types: AminoTypes, nanoseconds: bigint): DynamicMessage {
  const duration = emptyMessage(types.descriptors.getMessage(DURATION));
  duration.values.set(1, nanoseconds / BILLION);
  duration.values.set(2, Number(nanoseconds % BILLION));
  return duration;
}

/** What in Go is no pointer is never absent: amino leaves it out when it is empty, and its JSON shows it. */
function addDefaults(types: AminoTypes, message: DynamicMessage): void {
  for (const field of message.type.fields) {
    if (field.kind !== "message" || field.repeated || field.typeName === ANY || message.values.has(field.number)) continue;
    if (field.typeName !== DURATION && !field.options.dontOmitempty) continue;
    const empty = emptyMessage(types.descriptors.getMessage(field.typeName));
    addDefaults(types, empty);
    message.values.set(field.number, empty);
  }
}

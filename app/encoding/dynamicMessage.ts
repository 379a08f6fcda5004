import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { FieldDescriptor, FieldKind, MessageDescriptor } from "./descriptorModel.ts";
import type { Descriptors } from "./descriptors.ts";
import { EncodingError, txParseError } from "./encodingError.ts";

/** A single value: 64-bit numbers as bigint, the smaller ones and enums as number. */
export type DynamicValue = bigint | number | boolean | string | Uint8Array | DynamicMessage;

/** A message whose type is only known at run time. */
export interface DynamicMessage {
  readonly type: MessageDescriptor;
  /** By field number; only what was on the wire. Lists and maps (as entry messages) are arrays. */
  readonly values: Map<number, DynamicValue | DynamicValue[]>;
}

/** Embedded messages inside one another that are read or written. */
export const MAX_MESSAGE_DEPTH = 100;

// Not fatal: logs may hold raw bytes, which are shown as U+FFFD. Where that must not be, the bytes have passed the strict check before.
const text = new TextDecoder("utf-8", { ignoreBOM: true });

/** Where a reader stands. */
interface Source {
  readonly descriptors: Descriptors;
  readonly reader: BinaryReader;
  readonly unknown: "skip" | "reject";
}

/**
 * Reads a message. Of doubled fields the last one counts and doubled messages are merged (protobuf encoding).
 * @param unknown whether fields that the type does not have are skipped or refused
 * @throws sdk/2 when the bytes are not protobuf or nested too deeply
 */
export function decodeDynamic(
  descriptors: Descriptors,
  typeName: string,
  bytes: Uint8Array,
  unknown: "skip" | "reject" = "skip",
): DynamicMessage {
  const message = emptyMessage(descriptors.getMessage(typeName));
  try {
    readMessage({ descriptors, reader: new BinaryReader(bytes, (part) => text.decode(part)), unknown }, message, bytes.length, 0);
  } catch (cause) {
    if (cause instanceof EncodingError) throw cause;
    throw txParseError(`protobuf of ${typeName} expected, got bytes that cannot be read: ${cause instanceof Error ? cause.message : ""}`);
  }
  return message;
}

/** A message without values. */
export function emptyMessage(type: MessageDescriptor): DynamicMessage {
  return { type, values: new Map() };
}

function readMessage(source: Source, message: DynamicMessage, end: number, depth: number): void {
  const { reader } = source;
  if (depth > MAX_MESSAGE_DEPTH) throw txParseError(`at most ${MAX_MESSAGE_DEPTH} nested messages expected`);
  if (end > reader.len) throw txParseError(`${message.type.typeName} ends early`);
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const field = message.type.findField(number);
    if (field !== undefined) readField(source, message, field, wireType, depth);
    else if (source.unknown === "skip") reader.skip(wireType, number);
    else throw txParseError(`field of ${message.type.typeName} expected, got number ${number}`);
  }
  if (reader.pos !== end) throw txParseError(`${message.type.typeName} does not end where its length says`);
}

function readField(source: Source, message: DynamicMessage, field: FieldDescriptor, wireType: WireType, depth: number): void {
  const { reader } = source;
  const { number, kind } = field;
  const list = field.repeated || field.map ? listOf(message, number) : undefined;
  if (kind === "message") {
    requireWire(field, wireType, WireType.LengthDelimited);
    const known = message.values.get(number);
    const nested =
      list === undefined && known !== undefined ? (known as DynamicMessage) : emptyMessage(source.descriptors.getMessage(field.typeName));
    const length = reader.uint32();
    readMessage(source, nested, reader.pos + length, depth + 1);
    store(message, field, list, nested);
    return;
  }
  const expected = wireTypeOf(kind);
  if (list !== undefined && wireType === WireType.LengthDelimited && expected !== WireType.LengthDelimited) {
    const end = reader.uint32() + reader.pos;
    while (reader.pos < end) list.push(readScalar(kind, reader));
    return;
  }
  requireWire(field, wireType, expected);
  store(message, field, list, readScalar(kind, reader));
}

function listOf(message: DynamicMessage, number: number): DynamicValue[] {
  const known = message.values.get(number);
  if (Array.isArray(known)) return known;
  const list: DynamicValue[] = [];
  message.values.set(number, list);
  return list;
}

function store(message: DynamicMessage, field: FieldDescriptor, list: DynamicValue[] | undefined, value: DynamicValue): void {
  if (list !== undefined) {
    list.push(value);
    return;
  }
  if (field.oneof !== undefined) {
    for (const other of message.type.fields) if (other.oneof === field.oneof) message.values.delete(other.number);
  }
  message.values.set(field.number, value);
}

function requireWire(field: FieldDescriptor, got: WireType, expected: WireType): void {
  if (got !== expected) throw txParseError(`wire type ${expected} expected for ${field.name}, got ${got}`);
}

/** Wire type of a kind of field. */
export function wireTypeOf(kind: FieldKind): WireType {
  switch (kind) {
    case "string":
    case "bytes":
    case "message":
      return WireType.LengthDelimited;
    case "fixed64":
    case "sfixed64":
    case "double":
      return WireType.Bit64;
    case "fixed32":
    case "sfixed32":
    case "float":
      return WireType.Bit32;
    default:
      return WireType.Varint;
  }
}

function readScalar(kind: FieldKind, reader: BinaryReader): DynamicValue {
  switch (kind) {
    case "string":
    case "bytes":
    case "bool":
      return reader[kind]();
    case "enum":
      return reader.int32();
    case "int32":
    case "uint32":
    case "sint32":
    case "fixed32":
    case "sfixed32":
      return reader[kind]();
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
      return BigInt(reader[kind]());
    default:
      throw txParseError(`a kind without floating point expected, got ${kind}`);
  }
}

/** Bytes of a message, fields by number. Defaults of fields without presence are left out. */
export function encodeDynamic(message: DynamicMessage): Uint8Array {
  const writer = new BinaryWriter();
  for (const field of [...message.type.fields].sort((a, b) => a.number - b.number)) {
    const value = message.values.get(field.number);
    if (value === undefined) continue;
    if (Array.isArray(value)) writeList(writer, field, value);
    else if (field.presence || !isDefault(value)) writeValue(writer, field, value);
  }
  return writer.finish();
}

/** Whether a value is what an absent field stands for. */
export function isDefault(value: DynamicValue): boolean {
  if (value instanceof Uint8Array) return value.length === 0;
  return value === 0 || value === 0n || value === "" || value === false;
}

function writeList(writer: BinaryWriter, field: FieldDescriptor, list: readonly DynamicValue[]): void {
  if (wireTypeOf(field.kind) === WireType.LengthDelimited) {
    for (const value of list) writeValue(writer, field, value);
  } else if (list.length > 0) {
    writer.tag(field.number, WireType.LengthDelimited).fork();
    for (const value of list) writeScalar(writer, field.kind, value);
    writer.join();
  }
}

function writeValue(writer: BinaryWriter, field: FieldDescriptor, value: DynamicValue): void {
  writer.tag(field.number, wireTypeOf(field.kind));
  if (field.kind === "message") writer.bytes(encodeDynamic(value as DynamicMessage));
  else writeScalar(writer, field.kind, value);
}

function writeScalar(writer: BinaryWriter, kind: FieldKind, value: DynamicValue): void {
  switch (kind) {
    case "string":
      writer.string(value as string);
      return;
    case "bytes":
      writer.bytes(value as Uint8Array);
      return;
    case "bool":
      writer.bool(value as boolean);
      return;
    case "enum":
      writer.int32(value as number);
      return;
    case "int32":
    case "uint32":
    case "sint32":
    case "fixed32":
    case "sfixed32":
      writer[kind](value as number);
      return;
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
      writer[kind](value as bigint);
      return;
    default:
      throw txParseError(`a kind without floating point expected, got ${kind}`);
  }
}

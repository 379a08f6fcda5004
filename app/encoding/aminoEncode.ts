import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { unpackAny } from "./aminoJson.ts";
import { type AminoTypes, ANY, aminoNumber, aminoPrefix, DURATION } from "./aminoTypes.ts";
import { concatBytes, encodeUtf8 } from "./bytes.ts";
import type { FieldDescriptor } from "./descriptorModel.ts";
import { type DynamicMessage, type DynamicValue, isDefault, wireTypeOf } from "./dynamicMessage.ts";
import { invalidRequestError } from "./encodingError.ts";
import { encodeUvarint } from "./varint.ts";

/**
 * Amino binary of a message, as go-amino 0.16 writes it for the Cosmos SDK: protobuf's wire format, but fields are numbered by their place,
 * negative numbers take ten bytes, durations are nanoseconds, and what stands for an interface is a prefix for its name and its own bytes.
 */

const BILLION = 1_000_000_000n;

/** A message with its prefix. @throws sdk/18 for one without a name in amino */
export function encodeAminoNamed(types: AminoTypes, message: DynamicMessage): Uint8Array {
  const { aminoName, aminoMessageEncoding, typeName } = message.type;
  if (aminoName === undefined) throw invalidRequestError(`a message with a name in amino expected, got ${typeName}`);
  const value = aminoMessageEncoding === "key_field" ? keyBytes(message) : encodeFields(types, message);
  return concatBytes(aminoPrefix(aminoName), value);
}

function keyBytes(message: DynamicMessage): Uint8Array {
  const key = message.values.get(message.type.findFieldByName("key")?.number ?? 0);
  const bytes = key instanceof Uint8Array ? key : new Uint8Array(0);
  return concatBytes(encodeUvarint(BigInt(bytes.length)), bytes);
}

function encodeFields(types: AminoTypes, message: DynamicMessage): Uint8Array {
  const writer = new BinaryWriter();
  for (const field of message.type.fields) {
    if (field.oneof !== undefined || field.map) throw invalidRequestError(`no oneof and no map expected, got ${field.name}`);
    const number = aminoNumber(message.type, field);
    const value = message.values.get(field.number);
    if (Array.isArray(value)) writeList(types, writer, number, field, value);
    else writeField(types, writer, number, field, value);
  }
  return writer.finish();
}

function writeList(types: AminoTypes, writer: BinaryWriter, number: number, field: FieldDescriptor, list: readonly DynamicValue[]): void {
  if (list.length === 0) return;
  if (wireTypeOf(field.kind) === WireType.LengthDelimited) {
    for (const value of list) writer.tag(number, WireType.LengthDelimited).bytes(bytesOf(types, field, value));
    return;
  }
  writer.tag(number, WireType.LengthDelimited).fork();
  for (const value of list) writer.raw(encodeUvarint(integerOf(value)));
  writer.join();
}

function writeField(
  types: AminoTypes,
  writer: BinaryWriter,
  number: number,
  field: FieldDescriptor,
  value: DynamicValue | undefined,
): void {
  if (field.kind === "message") {
    if (value === undefined) return;
    const message = value as DynamicMessage;
    if (message.type.typeName === DURATION) writeInteger(writer, number, nanoseconds(message));
    else {
      const bytes = bytesOf(types, field, message);
      // In Go, what is never absent is no pointer, and such a value is left out when it is empty.
      if (bytes.length > 0 || !field.options.dontOmitempty) writer.tag(number, WireType.LengthDelimited).bytes(bytes);
    }
    return;
  }
  if (value === undefined || isDefault(value)) {
    // An empty number of the SDK is 0, and its text is never empty.
    if (field.options.scalar === "cosmos.Int" && field.options.dontOmitempty)
      writer.tag(number, WireType.LengthDelimited).bytes(encodeUtf8("0"));
  } else if (wireTypeOf(field.kind) === WireType.LengthDelimited) {
    writer.tag(number, WireType.LengthDelimited).bytes(bytesOf(types, field, value));
  } else writeInteger(writer, number, integerOf(value));
}

function writeInteger(writer: BinaryWriter, number: number, value: bigint): void {
  if (value !== 0n) writer.tag(number, WireType.Varint).raw(encodeUvarint(BigInt.asUintN(64, value)));
}

function bytesOf(types: AminoTypes, { name }: FieldDescriptor, value: DynamicValue): Uint8Array {
  if (typeof value === "string") return encodeUtf8(value);
  if (value instanceof Uint8Array) return value;
  if (typeof value !== "object") throw invalidRequestError(`text, bytes or a message expected for ${name}, got ${value}`);
  return value.type.typeName === ANY ? encodeAminoNamed(types, unpackAny(types.descriptors, value)) : encodeFields(types, value);
}

function integerOf(value: DynamicValue): bigint {
  if (typeof value === "boolean") return value ? 1n : 0n;
  return BigInt.asUintN(64, BigInt(value as number | bigint));
}

function nanoseconds(duration: DynamicMessage): bigint {
  return (
    BigInt((duration.values.get(1) as bigint | undefined) ?? 0n) * BILLION + BigInt((duration.values.get(2) as number | undefined) ?? 0)
  );
}

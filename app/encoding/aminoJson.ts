import { toBase64 } from "./bytes.ts";
import { formatDec } from "./decText.ts";
import { type FieldDescriptor, isNumberText, type MessageDescriptor } from "./descriptorModel.ts";
import type { Descriptors } from "./descriptors.ts";
import { type DynamicMessage, type DynamicValue, decodeDynamic, isDefault } from "./dynamicMessage.ts";
import { unsignableError } from "./encodingError.ts";
import type { JsonTree } from "./goJson.ts";
import { formatTimestamp } from "./timeText.ts";

/**
 * Amino JSON of a message as the SDK writes it for LEGACY_AMINO_JSON (cosmos-sdk x/tx signing/aminojson). What is left out is decided per field:
 * empty fields are absent unless `amino.dont_omitempty`; kept empty lists are null, or [] with `legacy_coins`; an empty oneof is null.
 */

type FieldValue = DynamicValue | readonly DynamicValue[];

const BILLION = 1_000_000_000n;
/** Any inside one another; bodies have passed the strict check, this only guards other callers. */
const MAX_ANY_DEPTH = 16;

/**
 * What stands for an Any: its amino name (or `/` and its full name) with its value.
 * @throws sdk/4 when the type is unknown or the value cannot be written in amino JSON
 */
export function anyToAmino(descriptors: Descriptors, any: DynamicMessage, depth = 0): JsonTree {
  if (depth > MAX_ANY_DEPTH) throw unsignableError(`at most ${MAX_ANY_DEPTH} nested Any expected`);
  const message = unpackAny(descriptors, any);
  return { type: message.type.aminoName ?? `/${message.type.typeName}`, value: messageToAmino(descriptors, message, depth + 1) };
}

/** The message inside an Any. @throws sdk/4 when its type is unknown, sdk/2 when its bytes are not that message. */
export function unpackAny(descriptors: Descriptors, any: DynamicMessage): DynamicMessage {
  const typeUrl = (any.values.get(1) as string | undefined) ?? "";
  const typeName = typeUrl.slice(1);
  if (descriptors.findMessage(typeName) === undefined) throw unsignableError(`can't resolve type URL ${typeUrl.slice(0, 256)}`);
  return decodeDynamic(descriptors, typeName, (any.values.get(2) as Uint8Array | undefined) ?? new Uint8Array(0), "reject");
}

/**
 * Amino JSON of a message, without its name.
 * @throws sdk/4 when the message has a form that amino JSON does not know
 */
export function messageToAmino(descriptors: Descriptors, message: DynamicMessage, depth: number): JsonTree {
  switch (message.type.typeName) {
    case "google.protobuf.Timestamp":
      return formatTimestamp({ seconds: integerAt(message, 1), nanos: Number(integerAt(message, 2)) }, "shortest");
    case "google.protobuf.Duration":
      return durationToAmino(message);
    case "google.protobuf.Any":
      return anyToAmino(descriptors, message, depth);
    default:
  }
  switch (message.type.aminoMessageEncoding) {
    case undefined:
      return fieldsToAmino(descriptors, message, depth);
    case "key_field":
      return keyToAmino(message);
    case "threshold_string":
      return multisigToAmino(descriptors, message, depth);
    default:
      throw unsignableError(`known amino message encoding expected, got ${message.type.aminoMessageEncoding}`);
  }
}

function integerAt(message: DynamicMessage, number: number): bigint {
  return BigInt((message.values.get(number) as bigint | number | undefined) ?? 0);
}

/** Go's time.Duration: whole nanoseconds in 64 bits, as a string. */
function durationToAmino(message: DynamicMessage): string {
  const total = integerAt(message, 1) * BILLION + integerAt(message, 2);
  if (BigInt.asIntN(64, total) !== total) throw unsignableError(`duration of 64-bit nanoseconds expected, got ${total}`);
  return total.toString();
}

/** Public keys stand for their bytes. */
function keyToAmino(message: DynamicMessage): JsonTree {
  const field = message.type.findFieldByName("key");
  const key = field === undefined ? undefined : message.values.get(field.number);
  if (!(key instanceof Uint8Array) || key.length === 0) return null;
  return toBase64(key);
}

/** Multisig keys have `pubkeys` and a threshold in quotes (cosmos-sdk crypto/keys/multisig). */
function multisigToAmino(descriptors: Descriptors, message: DynamicMessage, depth: number): JsonTree {
  const keys = (message.values.get(2) ?? []) as readonly DynamicMessage[];
  return { threshold: integerAt(message, 1).toString(), pubkeys: keys.map((key) => anyToAmino(descriptors, key, depth)) };
}

function fieldsToAmino(descriptors: Descriptors, message: DynamicMessage, depth: number): JsonTree {
  const written: Record<string, JsonTree> = {};
  for (const field of message.type.fields) {
    const value = readValue(message, field);
    if (field.oneof !== undefined) {
      writeOneof(descriptors, written, message, field, value, depth);
    } else if (value !== undefined) {
      written[nameOf(field)] = fieldToAmino(descriptors, field, value, depth);
    } else if (field.options.dontOmitempty) {
      written[nameOf(field)] = emptyToAmino(message.type, field);
    }
  }
  return written;
}

function nameOf(field: FieldDescriptor): string {
  return field.options.aminoFieldName ?? field.name;
}

/** Value of a field, undefined when protobuf takes it as not set. */
function readValue(message: DynamicMessage, field: FieldDescriptor): FieldValue | undefined {
  const value = message.values.get(field.number);
  if (value === undefined || Array.isArray(value)) return value === undefined || value.length === 0 ? undefined : value;
  return field.presence || !isDefault(value) ? value : undefined;
}

/** Name of a oneof in amino JSON: its own with capitals, `Validators` for `validators`. */
export function aminoOneofName(oneof: string): string {
  return `_${oneof}`.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A oneof is one field under its own name with a capital, its alternative wrapped in a type name. */
function writeOneof(
  descriptors: Descriptors,
  written: Record<string, JsonTree>,
  message: DynamicMessage,
  field: FieldDescriptor,
  value: FieldValue | undefined,
  depth: number,
): void {
  const { oneof = "" } = field;
  const name = aminoOneofName(oneof);
  const type = field.options.aminoOneofName;
  if (type === undefined) throw unsignableError(`amino name for the oneof ${message.type.typeName}.${oneof} expected`);
  if (value !== undefined) written[name] = { type, value: { [nameOf(field)]: fieldToAmino(descriptors, field, value, depth) } };
  else written[name] ??= null;
}

function emptyToAmino(type: MessageDescriptor, field: FieldDescriptor): JsonTree {
  if (field.options.aminoEncoding === "legacy_coins") return [];
  if (field.map) throw unsignableError(`maps are not supported, got ${type.typeName}.${field.name}`);
  if (field.repeated) return null;
  switch (field.kind) {
    case "message":
      throw unsignableError(`not supported: dont_omit_empty=true on invalid (nil?) message field: ${field.name}`);
    case "string":
      return isNumberText(field) ? "0" : "";
    case "bytes":
      return isNumberText(field) ? "0" : null;
    case "bool":
      return false;
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
      return "0";
    default:
      return 0;
  }
}

function fieldToAmino(descriptors: Descriptors, field: FieldDescriptor, value: FieldValue, depth: number): JsonTree {
  const { aminoEncoding } = field.options;
  if (aminoEncoding !== undefined && aminoEncoding !== "legacy_coins")
    throw unsignableError(`known amino encoding expected, got ${aminoEncoding}`);
  if (field.map) throw unsignableError(`maps are not supported, got ${field.name}`);
  if (isList(value)) return value.map((element) => valueToAmino(descriptors, field, element, depth));
  return valueToAmino(descriptors, field, value, depth);
}

function isList(value: FieldValue): value is readonly DynamicValue[] {
  return Array.isArray(value);
}

function valueToAmino(descriptors: Descriptors, field: FieldDescriptor, value: DynamicValue, depth: number): JsonTree {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string") return field.options.scalar === "cosmos.Dec" && value !== "" ? formatDec(value) : value;
  if (value instanceof Uint8Array) {
    if (!isNumberText(field)) return toBase64(value);
    const text = new TextDecoder().decode(value);
    return field.options.scalar === "cosmos.Dec" ? formatDec(text) : text;
  }
  if (typeof value === "object") return messageToAmino(descriptors, value, depth);
  return value;
}

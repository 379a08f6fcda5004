import { toBase64 } from "./bytes.ts";
import { formatDec } from "./decText.ts";
import { type FieldDescriptor, isNumberText } from "./descriptorModel.ts";
import type { Descriptors } from "./descriptors.ts";
import { type DynamicMessage, type DynamicValue, decodeDynamic, MAX_MESSAGE_DEPTH } from "./dynamicMessage.ts";
import { jsonFormatError } from "./encodingError.ts";
import { GO_STRUCTS, goStructToJson } from "./goStructJson.ts";
import type { JsonValue } from "./jsonValue.ts";
import { formatDuration, formatTimestamp, type SecondsNanos } from "./timeText.ts";

export type { JsonValue };

const ANY = "google.protobuf.Any";
const TIMESTAMP = "google.protobuf.Timestamp";
const DURATION = "google.protobuf.Duration";
/** Types that are no JSON objects of their own, so that inside an Any they stand under `value`. */
const SPECIAL: ReadonlySet<string> = new Set([ANY, TIMESTAMP, DURATION]);

/**
 * A message as the SDK's REST service shows it: snake_case names in the order of the .proto file, 64-bit numbers as strings, enums by name,
 * bytes in base64, defaults shown, `null` for absent messages and bytes, `@type` in an Any, fractions with 18 decimals. A field newer than the
 * Cosmos SDK 0.53 is left out while it is empty.
 * @param bytes the encoded message
 * @throws sdk/2 when the bytes are not the message, sdk/16 when an Any or a time in it cannot be shown
 */
export function toProtoJson(descriptors: Descriptors, typeName: string, bytes: Uint8Array): JsonValue {
  return messageToJson(descriptors, decodeDynamic(descriptors, typeName, bytes), 0);
}

function messageToJson(descriptors: Descriptors, message: DynamicMessage, depth: number): JsonValue {
  if (depth > MAX_MESSAGE_DEPTH) throw jsonFormatError(`at most ${MAX_MESSAGE_DEPTH} nested messages expected`);
  switch (message.type.typeName) {
    case ANY:
      return anyToJson(descriptors, message, depth);
    case TIMESTAMP:
      return formatTimestamp(secondsNanosOf(message), "groups");
    case DURATION:
      return formatDuration(secondsNanosOf(message));
    default:
      if (GO_STRUCTS.has(message.type.typeName)) return goStructToJson(message, numberToJson);
      return Object.fromEntries(entriesOf(descriptors, message, depth));
  }
}

function* entriesOf(descriptors: Descriptors, message: DynamicMessage, depth: number): Generator<[string, JsonValue]> {
  for (const field of message.type.fields) {
    const value = message.values.get(field.number);
    // Documents of chains that do not have a newer field stay as they were.
    if (value === undefined && (field.oneof !== undefined || field.options.isNewer)) continue;
    yield [field.name, fieldToJson(descriptors, field, value, depth)];
  }
}

function fieldToJson(
  descriptors: Descriptors,
  field: FieldDescriptor,
  value: DynamicValue | DynamicValue[] | undefined,
  depth: number,
): JsonValue {
  if (field.map) return mapToJson(descriptors, (value ?? []) as DynamicMessage[], depth);
  if (field.repeated) return ((value ?? []) as DynamicValue[]).map((element) => valueToJson(descriptors, field, element, depth));
  if (value === undefined) return absentToJson(descriptors, field);
  return valueToJson(descriptors, field, value as DynamicValue, depth);
}

function mapToJson(descriptors: Descriptors, entries: readonly DynamicMessage[], depth: number): JsonValue {
  const shown = new Map<string, JsonValue>();
  for (const entry of entries) {
    const [key, value] = [entry.type.findField(1), entry.type.findField(2)];
    if (key === undefined || value === undefined) continue;
    shown.set(
      String(fieldToJson(descriptors, key, entry.values.get(1), depth)),
      fieldToJson(descriptors, value, entry.values.get(2), depth),
    );
  }
  return Object.fromEntries([...shown].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function absentToJson(descriptors: Descriptors, field: FieldDescriptor): JsonValue {
  if (field.presence || field.kind === "bytes") return null;
  switch (field.kind) {
    case "string":
      // A number that must be given is zero; one that may be left out is not there. Both are nothing on the wire.
      if (isNumberText(field)) return field.options.dontOmitempty ? (field.options.scalar === "cosmos.Dec" ? formatDec("0") : "0") : null;
      return "";
    case "bool":
      return false;
    case "enum":
      return enumToJson(descriptors, field.typeName, 0);
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

function valueToJson(descriptors: Descriptors, field: FieldDescriptor, value: DynamicValue, depth: number): JsonValue {
  if (field.kind === "enum") return enumToJson(descriptors, field.typeName, value as number);
  if (value instanceof Uint8Array) return isNumberText(field) ? numberToJson(field, new TextDecoder().decode(value)) : toBase64(value);
  if (typeof value === "string") return numberToJson(field, value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "object") return messageToJson(descriptors, value, depth + 1);
  return value;
}

/** Text, which stands for a number where the field's scalar says so. */
function numberToJson(field: FieldDescriptor, text: string): string {
  return field.options.scalar === "cosmos.Dec" && text !== "" ? formatDec(text) : text;
}

function enumToJson(descriptors: Descriptors, typeName: string, number: number): JsonValue {
  return descriptors.getEnum(typeName).findName(number) ?? number;
}

function secondsNanosOf(message: DynamicMessage): SecondsNanos {
  return { seconds: (message.values.get(1) as bigint | undefined) ?? 0n, nanos: (message.values.get(2) as number | undefined) ?? 0 };
}

function anyToJson(descriptors: Descriptors, any: DynamicMessage, depth: number): JsonValue {
  const typeUrl = (any.values.get(1) as string | undefined) ?? "";
  const typeName = typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
  const type = descriptors.findMessage(typeName);
  if (type === undefined) throw jsonFormatError(`Any of a known type expected, got type URL ${JSON.stringify(typeUrl.slice(0, 256))}`);
  const inner = decodeDynamic(descriptors, typeName, (any.values.get(2) as Uint8Array | undefined) ?? new Uint8Array(0));
  if (SPECIAL.has(typeName)) return { "@type": typeUrl, value: messageToJson(descriptors, inner, depth + 1) };
  return Object.fromEntries([["@type", typeUrl], ...entriesOf(descriptors, inner, depth + 1)]);
}

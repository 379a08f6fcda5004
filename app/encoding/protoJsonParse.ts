import { encodeUtf8, fromBase64 } from "./bytes.ts";
import { parseDec } from "./decText.ts";
import { type FieldDescriptor, isNumberText, type MessageDescriptor } from "./descriptorModel.ts";
import type { Descriptors } from "./descriptors.ts";
import { type DynamicMessage, type DynamicValue, emptyMessage, encodeDynamic, MAX_MESSAGE_DEPTH } from "./dynamicMessage.ts";
import { EncodingError, jsonParseError } from "./encodingError.ts";
import { parseDuration, parseTimestamp, type SecondsNanos } from "./timeText.ts";

/** What to do with JSON fields that the message does not have: the SDK's REST service ignores them, a command line should not. */
export interface ParseOptions {
  readonly unknown: "error" | "ignore";
}

/** Where a value stands, for error texts: `balances[3].coins[0].amount`. */
interface Place {
  readonly path: string;
  readonly depth: number;
}

type JsonObject = Readonly<Record<string, unknown>>;

const RANGES: Readonly<Record<string, readonly [bits: number, signed: boolean]>> = {
  int32: [32, true],
  sint32: [32, true],
  sfixed32: [32, true],
  uint32: [32, false],
  fixed32: [32, false],
  int64: [64, true],
  sint64: [64, true],
  sfixed64: [64, true],
  uint64: [64, false],
  fixed64: [64, false],
};

/**
 * Bytes of a message given as proto JSON: snake_case or camelCase names, 64-bit numbers as strings or numbers, enums by name or number, bytes in
 * padded base64, times in RFC 3339, `null` for absent. Everything is checked, nothing is rounded.
 * @param json what `JSON.parse` gave
 * @throws sdk/17 with the path of the value that does not fit, e.g. `balances[3].coins[0].amount: …`
 */
export function fromProtoJson(
  descriptors: Descriptors,
  typeName: string,
  json: unknown,
  options: ParseOptions = { unknown: "error" },
): Uint8Array {
  const parser: Parser = { descriptors, options };
  return encodeDynamic(parseMessage(parser, descriptors.getMessage(typeName), json, { path: "", depth: 0 }));
}

interface Parser {
  readonly descriptors: Descriptors;
  readonly options: ParseOptions;
}

function fail(place: Place, expected: string, got: unknown): EncodingError {
  const shown =
    got === undefined
      ? "nothing"
      : Array.isArray(got)
        ? "a list"
        : typeof got === "object" && got !== null
          ? "an object"
          : JSON.stringify(String(got).slice(0, 96));
  return jsonParseError(`${place.path === "" ? "message" : place.path}: ${expected} expected, got ${shown}`);
}

function inside(place: Place, name: string): Place {
  return { path: place.path === "" ? name : `${place.path}.${name}`, depth: place.depth + 1 };
}

function requireObject(json: unknown, place: Place): JsonObject {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw fail(place, "object", json === null ? "null" : json);
  return json as JsonObject;
}

function parseMessage(parser: Parser, type: MessageDescriptor, json: unknown, place: Place): DynamicMessage {
  if (place.depth > MAX_MESSAGE_DEPTH) throw jsonParseError(`at most ${MAX_MESSAGE_DEPTH} nested messages expected`);
  switch (type.typeName) {
    case "google.protobuf.Timestamp":
      return secondsNanos(
        type,
        located(place, () => parseTimestamp(requireText(json, place))),
      );
    case "google.protobuf.Duration":
      return secondsNanos(
        type,
        located(place, () => parseDuration(requireText(json, place))),
      );
    case "google.protobuf.Any":
      return parseAny(parser, type, requireObject(json, place), place);
    default:
      return parseFields(parser, type, requireObject(json, place), place, undefined);
  }
}

function parseFields(parser: Parser, type: MessageDescriptor, json: JsonObject, place: Place, skip: string | undefined): DynamicMessage {
  const message = emptyMessage(type);
  const oneofs = new Set<string>();
  for (const [name, value] of Object.entries(json)) {
    if (name === skip) continue;
    const field = type.findFieldByName(name);
    if (field === undefined) {
      if (parser.options.unknown === "ignore") continue;
      throw fail(inside(place, name), `field of ${type.typeName}`, name);
    }
    if (value === null) continue;
    if (message.values.has(field.number)) throw fail(inside(place, name), "one spelling of a field", name);
    if (field.oneof !== undefined && oneofs.has(field.oneof)) throw fail(inside(place, name), `one alternative of ${field.oneof}`, name);
    if (field.oneof !== undefined) oneofs.add(field.oneof);
    message.values.set(field.number, parseField(parser, field, value, inside(place, name)));
  }
  return message;
}

function parseField(parser: Parser, field: FieldDescriptor, json: unknown, place: Place): DynamicValue | DynamicValue[] {
  if (field.map) return parseMap(parser, field, requireObject(json, place), place);
  if (!field.repeated) return parseValue(parser, field, json, place);
  if (!Array.isArray(json)) throw fail(place, "list", json);
  return json.map((element: unknown, i) => parseValue(parser, field, element, { path: `${place.path}[${i}]`, depth: place.depth }));
}

function parseMap(parser: Parser, field: FieldDescriptor, json: JsonObject, place: Place): DynamicValue[] {
  const type = parser.descriptors.getMessage(field.typeName);
  const key = type.findField(1);
  const value = type.findField(2);
  if (key === undefined || value === undefined) throw fail(place, "map with keys and values", field.typeName);
  return Object.entries(json).map(([name, element]): DynamicMessage => {
    const at: Place = { path: `${place.path}[${JSON.stringify(name)}]`, depth: place.depth };
    const shownKey = key.kind === "bool" ? name === "true" : name;
    return {
      type,
      values: new Map([
        [1, parseValue(parser, key, shownKey, at)],
        [2, parseValue(parser, value, element, at)],
      ]),
    };
  });
}

function parseValue(parser: Parser, field: FieldDescriptor, json: unknown, place: Place): DynamicValue {
  switch (field.kind) {
    case "message":
      return parseMessage(parser, parser.descriptors.getMessage(field.typeName), json, place);
    case "string":
      return located(place, () => textOf(field, requireText(json, place)));
    case "bytes":
      return located(place, () => bytesOf(field, requireText(json, place)));
    case "bool":
      if (typeof json !== "boolean") throw fail(place, "true or false", json);
      return json;
    case "enum":
      return parseEnum(parser, field, json, place);
    default:
      return parseNumber(field, json, place);
  }
}

function requireText(json: unknown, place: Place): string {
  if (typeof json !== "string") throw fail(place, "string", json);
  return json;
}

function textOf(field: FieldDescriptor, text: string): string {
  if (field.options.scalar === "cosmos.Dec") return text === "" ? "" : parseDec(text);
  if (field.options.scalar === "cosmos.Int" && text !== "" && !/^(?:0|-?[1-9]\d{0,77})$/.test(text))
    throw jsonParseError("canonical decimal integer expected");
  // Refuses lone surrogates, which would silently become another character on the wire.
  encodeUtf8(text);
  return text;
}

function bytesOf(field: FieldDescriptor, text: string): Uint8Array {
  return isNumberText(field) ? encodeUtf8(textOf(field, text)) : fromBase64(text);
}

function parseEnum(parser: Parser, field: FieldDescriptor, json: unknown, place: Place): number {
  const type = parser.descriptors.getEnum(field.typeName);
  if (typeof json === "number" && Number.isInteger(json) && json >= -0x80000000 && json <= 0x7fffffff) return json;
  const number = typeof json === "string" ? type.findNumber(json) : undefined;
  if (number === undefined) throw fail(place, `name or number of ${field.typeName}`, json);
  return number;
}

function parseNumber(field: FieldDescriptor, json: unknown, place: Place): DynamicValue {
  const [bits, signed] = RANGES[field.kind] ?? [];
  if (bits === undefined) throw fail(place, "field without floating point", field.kind);
  const readable = (typeof json === "string" && /^-?\d{1,20}$/.test(json)) || (typeof json === "number" && Number.isSafeInteger(json));
  if (!readable) throw fail(place, "whole number", json);
  const value = BigInt(json as string | number);
  if ((signed === true ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) !== value)
    throw fail(place, `number of ${field.kind}`, json);
  return bits === 64 ? value : Number(value);
}

function parseAny(parser: Parser, type: MessageDescriptor, json: JsonObject, place: Place): DynamicMessage {
  const typeUrl = json["@type"];
  if (typeof typeUrl !== "string") throw fail(inside(place, "@type"), "type URL", typeUrl);
  const typeName = typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
  const inner = parser.descriptors.findMessage(typeName);
  if (inner === undefined) throw fail(inside(place, "@type"), "type URL of a known message", typeUrl);
  const special = typeName === "google.protobuf.Any" || typeName === "google.protobuf.Timestamp" || typeName === "google.protobuf.Duration";
  const deeper: Place = { path: place.path, depth: place.depth + 1 };
  const message = special
    ? parseMessage(parser, inner, json["value"], inside(place, "value"))
    : parseFields(parser, inner, json, deeper, "@type");
  return {
    type,
    values: new Map<number, DynamicValue>([
      [1, typeUrl],
      [2, encodeDynamic(message)],
    ]),
  };
}

function secondsNanos(type: MessageDescriptor, { seconds, nanos }: SecondsNanos): DynamicMessage {
  return {
    type,
    values: new Map<number, DynamicValue>([
      [1, seconds],
      [2, nanos],
    ]),
  };
}

/** Runs a parser that knows no place and puts the place in front of its complaint. */
function located<T>(place: Place, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof EncodingError) || cause.detail.startsWith(`${place.path}:`)) throw cause;
    throw jsonParseError(`${place.path === "" ? "message" : place.path}: ${cause.detail}`);
  }
}

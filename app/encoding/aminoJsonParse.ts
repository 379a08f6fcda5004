import { aminoOneofName } from "./aminoJson.ts";
import { type AminoTypes, ANY, DURATION, keyMessage, MAX_INTERFACE_DEPTH, packAny } from "./aminoTypes.ts";
import { encodeUtf8, fromBase64 } from "./bytes.ts";
import { parseDec } from "./decText.ts";
import type { FieldDescriptor, MessageDescriptor } from "./descriptorModel.ts";
import { type DynamicMessage, type DynamicValue, emptyMessage } from "./dynamicMessage.ts";
import { invalidRequestError } from "./encodingError.ts";
import type { JsonTree } from "./goJson.ts";
import { parseTimestamp } from "./timeText.ts";

const BILLION = 1_000_000_000n;
const TIMESTAMP = "google.protobuf.Timestamp";
/** Absolute values of the SDK's math.Int stay below. */
const INT_LIMIT = 1n << 256n;

/**
 * Reads a message from its amino JSON, without the name around it. Unknown fields and `null` are ignored, as go-amino ignores them.
 * @throws sdk/18, sdk/17 for JSON that is not that message
 */
function parseAminoJson(types: AminoTypes, type: MessageDescriptor, json: JsonTree, depth = 0): DynamicMessage {
  if (type.typeName === TIMESTAMP) return secondsNanos(type, parseTimestamp(requireText(json, "a time")));
  if (type.typeName === DURATION) {
    const total = parseInteger(requireText(json, "a duration"), 64, "a duration");
    return secondsNanos(type, { seconds: total / BILLION, nanos: Number(total % BILLION) });
  }
  if (type.aminoMessageEncoding === "key_field") return keyMessage(type, fromBase64(requireText(json, "a key")));
  const message = emptyMessage(type);
  if (json === null) return message;
  if (!isObject(json)) throw invalidRequestError(`a JSON object expected for ${type.typeName}, got ${shorten(json)}`);
  for (const field of type.fields) {
    const name = field.options.aminoFieldName ?? field.name;
    const holder = field.oneof === undefined ? json : alternative(json, field, aminoOneofName(field.oneof));
    const value = Object.hasOwn(holder, name) ? holder[name] : undefined;
    if (value === undefined || value === null) continue;
    if (field.map) throw invalidRequestError(`no map expected, got ${name}`);
    message.values.set(field.number, field.repeated ? parseList(types, field, value, depth) : parseValue(types, type, field, value, depth));
  }
  return message;
}

/** What stands for an alternative of a oneof, `{"type": <its name>, "value": {<field>: …}}`, without its name; nothing when another one is there. */
function alternative(
  json: { readonly [name: string]: JsonTree },
  { options }: FieldDescriptor,
  oneof: string,
): { readonly [name: string]: JsonTree } {
  const wrapper = Object.hasOwn(json, oneof) ? (json[oneof] ?? null) : null;
  if (wrapper === null) return {};
  if (!isObject(wrapper) || !isObject(wrapper["value"] ?? null))
    throw invalidRequestError(`a JSON object with type and value expected for ${oneof}, got ${shorten(wrapper)}`);
  return wrapper["type"] === options.aminoOneofName ? (wrapper["value"] as { readonly [name: string]: JsonTree }) : {};
}

/**
 * Reads what stands for an interface: `{"type": <name>, "value": …}`.
 * @param find the type of a name
 */
export function parseNamed(types: AminoTypes, json: JsonTree, find: (name: string) => MessageDescriptor, depth = 0): DynamicMessage {
  if (depth > MAX_INTERFACE_DEPTH) throw invalidRequestError(`at most ${MAX_INTERFACE_DEPTH} nested messages expected`);
  const wrapper = json ?? {};
  if (!isObject(wrapper)) throw invalidRequestError(`a JSON object with type and value expected, got ${shorten(json)}`);
  const { type: name = "", value } = wrapper;
  if (typeof name !== "string") throw invalidRequestError(`a name expected as type, got ${shorten(name)}`);
  if (name === "") throw invalidRequestError("JSON encoding of interfaces require non-empty type field.");
  if (value === undefined) throw invalidRequestError("interface JSON wrapper should have non-empty value field");
  return parseAminoJson(types, find(name), value, depth);
}

function parseList(types: AminoTypes, field: FieldDescriptor, json: JsonTree, depth: number): DynamicValue[] {
  if (!Array.isArray(json)) throw invalidRequestError(`a list expected for ${field.name}, got ${shorten(json)}`);
  return json.map((element: JsonTree) => parseValue(types, undefined, field, element, depth));
}

function parseValue(
  types: AminoTypes,
  parent: MessageDescriptor | undefined,
  field: FieldDescriptor,
  json: JsonTree,
  depth: number,
): DynamicValue {
  const { name, kind, typeName, options } = field;
  switch (kind) {
    case "message":
      if (typeName === ANY)
        return packAny(
          types,
          parseNamed(types, json, (found) => types.named(found, field), depth + 1),
        );
      return parseAminoJson(types, types.descriptors.getMessage(typeName), json, depth);
    case "string":
      if (options.scalar === "cosmos.Int") return parseInt256(requireText(json, name), name);
      return options.scalar === "cosmos.Dec" ? parseDec(requireText(json, name)) : requireText(json, name);
    case "bytes":
      // Some decimals are bytes on the wire: those of their text.
      return options.scalar === "cosmos.Dec" ? encodeUtf8(parseDec(requireText(json, name))) : fromBase64(requireText(json, name));
    case "bool":
      if (typeof json !== "boolean") throw invalidRequestError(`true or false expected for ${name}, got ${shorten(json)}`);
      return json;
    case "int64":
    case "uint64":
      return parseInteger(requireQuoted(json), kind === "int64" ? 64 : 0, name);
    default:
      // A multisig's threshold is the one number of 32 bits in quotes.
      if (parent?.aminoMessageEncoding === "threshold_string") return parseSmall(Number(requireQuoted(json)), kind, name);
      return parseSmall(json, kind, name);
  }
}

function parseSmall(json: JsonTree, kind: string, name: string): number {
  const [min, max] = kind === "uint32" ? [0, 2 ** 32 - 1] : [-(2 ** 31), 2 ** 31 - 1];
  if (typeof json !== "number" || !Number.isInteger(json) || json < min || json > max)
    throw invalidRequestError(`a whole number from ${min} to ${max} expected for ${name}, got ${shorten(json)}`);
  return json;
}

/** @param signedBits 64 for a signed number, 0 for an unsigned one of 64 bits */
function parseInteger(text: string, signedBits: 0 | 64, name: string): bigint {
  const value = /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
  const fits = value !== undefined && (signedBits === 64 ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)) === value;
  if (!fits)
    throw invalidRequestError(`a ${signedBits === 64 ? "" : "not negative "}64-bit number expected for ${name}, got ${shorten(text)}`);
  return value;
}

function parseInt256(text: string, name: string): string {
  if (!/^(0|-?[1-9]\d{0,77})$/.test(text) || BigInt(text) >= INT_LIMIT || BigInt(text) <= -INT_LIMIT)
    throw invalidRequestError(`a canonical decimal below 2^256 expected for ${name}, got ${shorten(text)}`);
  return text;
}

function secondsNanos(type: MessageDescriptor, { seconds, nanos }: { readonly seconds: bigint; readonly nanos: number }): DynamicMessage {
  const message = emptyMessage(type);
  message.values.set(1, seconds);
  message.values.set(2, nanos);
  return message;
}

function isObject(json: JsonTree): json is { readonly [name: string]: JsonTree } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function requireText(json: JsonTree, name: string): string {
  if (typeof json !== "string") throw invalidRequestError(`text expected for ${name}, got ${shorten(json)}`);
  return json;
}

function requireQuoted(json: JsonTree): string {
  if (typeof json === "string") return json;
  throw invalidRequestError(
    `invalid character -- Amino:JSON int/int64/uint/uint64 expects quoted values for javascript numeric support, got: ${shorten(json)}.`,
  );
}

function shorten(json: JsonTree): string {
  return JSON.stringify(json).slice(0, 64);
}

import { parseNamed } from "../encoding/aminoJsonParse.ts";
import { type AminoTypes, ANY, packAny } from "../encoding/aminoTypes.ts";
import { encodeUtf8, fromBase64 } from "../encoding/bytes.ts";
import { parseDec } from "../encoding/decText.ts";
import type { FieldDescriptor, MessageDescriptor } from "../encoding/descriptorModel.ts";
import type { JsonTree } from "../encoding/goJson.ts";
import { parseTimestamp } from "../encoding/timeText.ts";
import { ClientError } from "./clientError.ts";

const BILLION = 1_000_000_000n;

/**
 * The object that generated code encodes, from amino JSON; fields that the document leaves out are absent.
 * @throws client/1 when a field is unknown or has another type, sdk/17 and sdk/18 where it is inside of an Any
 */
export function fromAminoJson(types: AminoTypes, type: MessageDescriptor, json: JsonTree): object {
  if (type.typeName === "google.protobuf.Timestamp") return parseTimestamp(requireText(json, "timestamp"));
  if (type.typeName === "google.protobuf.Duration") return toDuration(parseInteger(requireText(json, "duration"), "duration"));
  if (!isRecord(json)) throw new ClientError(`object expected for ${type.typeName}, got ${JSON.stringify(json)}`);
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const field = type.fields.find((candidate) => (candidate.options.aminoFieldName ?? candidate.name) === name);
    if (field === undefined) throw new ClientError(`field of ${type.typeName} expected, got ${name}`);
    if (value !== null) read[field.localName] = fieldFromJson(types, field, value);
  }
  return read;
}

function fieldFromJson(types: AminoTypes, field: FieldDescriptor, json: JsonTree): unknown {
  if (!field.repeated) return elementFromJson(types, field, json);
  if (!Array.isArray(json)) throw new ClientError(`list expected for ${field.name}, got ${JSON.stringify(json)}`);
  return json.map((element: JsonTree) => elementFromJson(types, field, element));
}

function elementFromJson(types: AminoTypes, field: FieldDescriptor, json: JsonTree): unknown {
  switch (field.kind) {
    case "message":
      if (field.map) throw new ClientError(`field without map expected, got ${field.name}`);
      if (field.typeName === ANY) return anyFromJson(types, field, json);
      return fromAminoJson(types, types.descriptors.getMessage(field.typeName), json);
    case "string":
      return field.options.scalar === "cosmos.Dec" ? parseDec(requireText(json, field.name)) : requireText(json, field.name);
    case "bytes":
      if (field.options.scalar === "cosmos.Dec") return encodeUtf8(parseDec(requireText(json, field.name)));
      return fromBase64(requireText(json, field.name));
    case "bool":
      if (typeof json !== "boolean") throw new ClientError(`boolean expected for ${field.name}, got ${JSON.stringify(json)}`);
      return json;
    case "int64":
    case "uint64":
      return parseInteger(requireText(json, field.name), field.name);
    case "int32":
    case "uint32":
    case "enum":
      if (!Number.isSafeInteger(json)) throw new ClientError(`integer expected for ${field.name}, got ${JSON.stringify(json)}`);
      return json;
    default:
      throw new ClientError(`a kind that amino JSON knows expected for ${field.name}, got ${field.kind}`);
  }
}

/** What stands for an interface is named; its name must be one that the field takes. */
function anyFromJson(types: AminoTypes, field: FieldDescriptor, json: JsonTree): { readonly typeUrl: unknown; readonly value: unknown } {
  const { values } = packAny(
    types,
    parseNamed(types, json, (name) => types.named(name, field)),
  );
  return { typeUrl: values.get(1), value: values.get(2) };
}

function isRecord(json: JsonTree): json is { readonly [name: string]: JsonTree } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function requireText(json: JsonTree, name: string): string {
  if (typeof json !== "string") throw new ClientError(`text expected for ${name}, got ${JSON.stringify(json)}`);
  return json;
}

function parseInteger(text: string, name: string): bigint {
  if (!/^(0|-?[1-9][0-9]*)$/.test(text)) throw new ClientError(`decimal integer expected for ${name}, got ${text}`);
  return BigInt(text);
}

/** Amino JSON has nanoseconds; both parts of a protobuf duration have its sign. */
function toDuration(nanoseconds: bigint): { readonly seconds: bigint; readonly nanos: number } {
  return { seconds: nanoseconds / BILLION, nanos: Number(nanoseconds % BILLION) };
}

import type { EventAttribute, EventFormatter } from "#sdk";
import type { EnumDescriptor, FieldDescriptor } from "../encoding/descriptorModel.ts";
import type { Descriptors } from "../encoding/descriptors.ts";
import { toProtoJson } from "../encoding/protoJson.ts";

/** Writes one field of a message as JSON text; undefined when only the general way gets it right. */
type FieldText = (message: Readonly<Record<string, unknown>>) => string | undefined;

/** What is worked out once per type of event: its attributes in order. */
interface EventPlan {
  readonly fields: readonly { readonly key: string; readonly text: FieldText }[];
}

/**
 * Typed events as attributes: a message's fields as JSON, quotes of texts included, in the order of their names (ADR-032 of the Cosmos SDK).
 * Events of plain fields, which nearly all are, are written straight from the message.
 */
export function createEventFormatter(descriptors: Descriptors): EventFormatter {
  const plans = new Map<string, EventPlan | undefined>();
  return (codec, value, mark) => {
    let plan = plans.get(codec.$type);
    if (plan === undefined && !plans.has(codec.$type)) {
      plan = planOf(descriptors, codec.$type);
      plans.set(codec.$type, plan);
    }
    const attributes =
      (plan && formatPlain(plan, value as Readonly<Record<string, unknown>>)) ??
      formatWhole(descriptors, codec.$type, codec.encode(value).finish());
    if (mark !== undefined) attributes.push(mark);
    return { type: codec.$type, attributes };
  };
}

function formatPlain({ fields }: EventPlan, message: Readonly<Record<string, unknown>>): EventAttribute[] | undefined {
  const attributes: EventAttribute[] = [];
  for (const { key, text } of fields) {
    const value = text(message);
    if (value === undefined) return undefined;
    attributes.push({ key, value });
  }
  return attributes;
}

function formatWhole(descriptors: Descriptors, type: string, bytes: Uint8Array): EventAttribute[] {
  const json = toProtoJson(descriptors, type, bytes);
  const fields = Object.entries(json as Readonly<Record<string, unknown>>).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return fields.map(([key, field]) => ({ key, value: JSON.stringify(field) }));
}

/** Plan of a type whose fields are all plain; undefined for others. */
function planOf(descriptors: Descriptors, typeName: string): EventPlan | undefined {
  const fields: { key: string; text: FieldText }[] = [];
  for (const field of descriptors.getMessage(typeName).fields) {
    const text = plainText(descriptors, field) ?? nestedText(descriptors, field);
    if (text === undefined) return undefined;
    fields.push({ key: field.name, text });
  }
  return { fields: fields.sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

/** Of a message with plain fields alone, such as a split of coins: an object with its fields in the order of the .proto file. */
function nestedText(
  descriptors: Descriptors,
  { kind, typeName, localName, repeated, map, oneof, options }: FieldDescriptor,
): FieldText | undefined {
  if (kind !== "message" || repeated || map || oneof !== undefined || options.isNewer || isWellKnown(typeName)) return undefined;
  const parts: { name: string; text: FieldText }[] = [];
  for (const field of descriptors.getMessage(typeName).fields) {
    const text = field.options.isNewer ? undefined : plainText(descriptors, field);
    if (text === undefined) return undefined;
    parts.push({ name: JSON.stringify(field.name), text });
  }
  return (message) => {
    const nested = message[localName] as Readonly<Record<string, unknown>> | undefined;
    const texts = nested && parts.map(({ name, text }) => [name, text(nested)] as const);
    if (texts === undefined || texts.some(([, text]) => text === undefined)) return undefined;
    return `{${texts.map(([name, text]) => `${name}:${text}`).join(",")}}`;
  };
}

/** Types that are shown in a way of their own. */
function isWellKnown(typeName: string): boolean {
  return typeName.startsWith("google.protobuf.");
}

function plainText(descriptors: Descriptors, field: FieldDescriptor): FieldText | undefined {
  const { localName, kind, options } = field;
  if (field.repeated || field.map || field.oneof !== undefined || field.presence || options.scalar === "cosmos.Dec") return undefined;
  switch (kind) {
    case "string":
      return (message) => textOf(message[localName], options.scalar === "cosmos.Int");
    case "bool":
      return (message) => (typeof message[localName] === "boolean" ? String(message[localName]) : undefined);
    case "int32":
    case "uint32":
      return (message) => (typeof message[localName] === "number" ? String(message[localName]) : undefined);
    case "int64":
    case "uint64":
      return (message) => (typeof message[localName] === "bigint" ? `"${message[localName]}"` : undefined);
    case "enum":
      return enumText(descriptors.getEnum(field.typeName), localName);
    default:
      return undefined;
  }
}

function enumText(type: EnumDescriptor, localName: string): FieldText {
  return (message) => {
    const name = type.findName(message[localName] as number);
    return name === undefined ? undefined : `"${name}"`;
  };
}

/** Numbers that were left out, and text that UTF-8 cannot carry, are shown by rules of their own. */
function textOf(value: unknown, isNumber: boolean): string | undefined {
  if (typeof value !== "string" || (isNumber && value === "") || !value.isWellFormed()) return undefined;
  return JSON.stringify(value);
}

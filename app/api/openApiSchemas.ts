import { type FieldDescriptor, type FieldKind, isNumberText } from "../encoding/descriptorModel.ts";
import type { Descriptors } from "../encoding/descriptors.ts";

/** A JSON schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** Schema of the errors of all methods. */
export const ERROR_SCHEMA = "Error";

const ERROR: Schema = {
  type: "object",
  description: "Why there is no answer.",
  required: ["code", "message", "details"],
  properties: {
    code: { type: "integer", format: "int32", description: "gRPC status code" },
    message: { type: "string", description: "for people" },
    details: { type: "array", items: {}, description: "always empty" },
  },
};

/** Types whose JSON is not an object of their fields. */
const SPECIAL: Readonly<Record<string, Schema>> = {
  "google.protobuf.Any": {
    type: "object",
    description: "A message of any type: its fields beside the type URL.",
    required: ["@type"],
    properties: { "@type": { type: "string", description: "type URL, such as /cosmos.bank.v1beta1.MsgSend" } },
    additionalProperties: true,
  },
  "google.protobuf.Timestamp": { type: "string", format: "date-time" },
  "google.protobuf.Duration": { type: "string", description: "seconds with an s behind", pattern: "^-?[0-9]+(\\.[0-9]+)?s$" },
};

const WHOLE_64: Schema = { type: "string", format: "int64", pattern: "^-?[0-9]+$" };
const NATURAL_64: Schema = { type: "string", format: "uint64", pattern: "^[0-9]+$" };
const WHOLE_32: Schema = { type: "integer", format: "int32" };
const NATURAL_32: Schema = { type: "integer", format: "int64", minimum: 0, maximum: 4_294_967_295 };
const SCALARS: Readonly<Partial<Record<FieldKind, Schema>>> = {
  double: { type: "number", format: "double" },
  float: { type: "number", format: "float" },
  int64: WHOLE_64,
  sint64: WHOLE_64,
  sfixed64: WHOLE_64,
  uint64: NATURAL_64,
  fixed64: NATURAL_64,
  int32: WHOLE_32,
  sint32: WHOLE_32,
  sfixed32: WHOLE_32,
  uint32: NATURAL_32,
  fixed32: NATURAL_32,
  bool: { type: "boolean" },
  string: { type: "string" },
  bytes: { type: "string", format: "byte" },
};

/** Schemas of messages and enums by full name; they grow as messages are asked for. */
export interface SchemaSet {
  /** A reference to the schema of a message, which is made with all that it needs. */
  message(typeName: string): Schema;
  /** Schema of one value of a field that is no message. */
  scalar(field: FieldDescriptor): Schema;
  /** Everything that was asked for, and the errors' schema, sorted by name. */
  all(): Readonly<Record<string, Schema>>;
}

/** Schemas of the JSON that REST shows and takes. @param descriptors with comments, which become descriptions */
export function createSchemaSet(descriptors: Descriptors): SchemaSet {
  const schemas = new Map<string, Schema>([[ERROR_SCHEMA, ERROR]]);
  const refer = (name: string, make: () => Schema): Schema => {
    if (!schemas.has(name)) {
      // Taken before it is made: messages may hold themselves.
      schemas.set(name, {});
      schemas.set(name, make());
    }
    return { $ref: `#/components/schemas/${name}` };
  };
  const message = (typeName: string): Schema => refer(typeName, () => SPECIAL[typeName] ?? objectOf(typeName));
  const scalar = ({ kind, typeName }: FieldDescriptor): Schema => {
    if (kind !== "enum") return SCALARS[kind] ?? {};
    return refer(typeName, () => ({
      description: "A name, or the number of a value that has none.",
      anyOf: [{ type: "string", enum: descriptors.getEnum(typeName).values.map(({ name }) => name) }, { type: "integer" }],
    }));
  };
  const elementOf = (field: FieldDescriptor): Schema => (field.kind === "message" ? message(field.typeName) : scalar(field));
  const propertyOf = (field: FieldDescriptor): Schema => {
    if (field.map) {
      const value = descriptors.getMessage(field.typeName).findField(2);
      return { type: "object", additionalProperties: value === undefined ? true : elementOf(value) };
    }
    if (field.repeated) return { type: "array", items: elementOf(field) };
    return mayBeNull(field) ? { anyOf: [elementOf(field), { type: "null" }] } : elementOf(field);
  };
  const objectOf = (typeName: string): Schema => {
    const { fields, comment } = descriptors.getMessage(typeName);
    const properties = Object.fromEntries(
      fields.map((field) => [field.name, withNotes(propertyOf(field), field.comment, field.options.deprecated)]),
    );
    return withNotes({ type: "object", properties }, comment, false);
  };
  return { message, scalar, all: () => Object.fromEntries([...schemas].sort(([left], [right]) => (left < right ? -1 : 1))) };
}

/** What is absent, or empty where that means absent, is written as null. */
function mayBeNull(field: FieldDescriptor): boolean {
  const { kind, presence, options } = field;
  return presence || kind === "bytes" || (kind === "string" && isNumberText(field) && !options.dontOmitempty);
}

/** A schema with description and mark, where there are any. */
export function withNotes(schema: Schema, comment: string, deprecated: boolean): Schema {
  return { ...schema, ...(comment === "" ? {} : { description: comment }), ...(deprecated ? { deprecated } : {}) };
}

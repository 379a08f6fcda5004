/** Types of protobuf fields, by the names used in .proto files. */
export type FieldKind =
  | "double"
  | "float"
  | "int64"
  | "uint64"
  | "int32"
  | "fixed64"
  | "fixed32"
  | "bool"
  | "string"
  | "message"
  | "bytes"
  | "uint32"
  | "enum"
  | "sfixed32"
  | "sfixed64"
  | "sint32"
  | "sint64";

/** Options of a field that this chain uses; absent options are undefined or false. */
export interface FieldOptions {
  /** Named text format (`cosmos_proto.scalar`). CONTRACT: `cosmos.Dec` marks fractions as integers times 10^18, never text with a point. */
  readonly scalar: string | undefined;
  /** Interface that the Any in this field must implement (`cosmos_proto.accepts_interface`). */
  readonly acceptsInterface: string | undefined;
  /** Special amino JSON form (`amino.encoding`). */
  readonly aminoEncoding: string | undefined;
  /** Name in amino JSON where it differs (`amino.field_name`). */
  readonly aminoFieldName: string | undefined;
  /** Type name of this alternative of a oneof in amino JSON (`amino.oneof_name`). */
  readonly aminoOneofName: string | undefined;
  /** Whether amino JSON has the field even when it is empty (`amino.dont_omitempty`). */
  readonly dontOmitempty: boolean;
  /** Whether the field is newer than the Cosmos SDK 0.53 (`cosmos_proto.field_added_in`): documents of chains without it do not show it. */
  readonly isNewer: boolean;
  readonly deprecated: boolean;
}

/** A field of a message. */
export interface FieldDescriptor {
  readonly number: number;
  /** Name in the .proto file, also in REST JSON. */
  readonly name: string;
  /** lowerCamelCase name of standard proto JSON. */
  readonly jsonName: string;
  /** Name in the generated TypeScript objects. */
  readonly localName: string;
  readonly kind: FieldKind;
  /** Full name of the message or enum type; empty for the other kinds. */
  readonly typeName: string;
  /** Whether the field holds a list. False for maps. */
  readonly repeated: boolean;
  /** Whether the field is a map; `typeName` is then its entry message with fields 1 `key` and 2 `value`. */
  readonly map: boolean;
  /** Name of the oneof it is an alternative of; proto3 `optional` makes none. */
  readonly oneof: string | undefined;
  /** Whether absent and default are different things: messages, oneof alternatives, proto3 `optional`. */
  readonly presence: boolean;
  readonly options: FieldOptions;
  /** Comment above the field. */
  readonly comment: string;
}

/** Whether a field's text, or its bytes, are a whole number or a fraction of any size. */
export function isNumberText({ options }: FieldDescriptor): boolean {
  return options.scalar === "cosmos.Int" || options.scalar === "cosmos.Dec";
}

/** A message type. */
export interface MessageDescriptor {
  /** Full name without a leading point. */
  readonly typeName: string;
  /** In the order of the .proto file, which is the order of REST JSON. */
  readonly fields: readonly FieldDescriptor[];
  findField(number: number): FieldDescriptor | undefined;
  /** Finds a field by its proto name, JSON name or local name. */
  findFieldByName(name: string): FieldDescriptor | undefined;
  /** Fields that name the signers (`cosmos.msg.v1.signer`). */
  readonly signer: readonly string[];
  /** Type name in amino JSON (`amino.name`). */
  readonly aminoName: string | undefined;
  /** Special amino JSON form of the whole message (`amino.message_encoding`). */
  readonly aminoMessageEncoding: string | undefined;
  /** Interfaces that it may stand for inside an Any (`cosmos_proto.implements_interface`). */
  readonly implementsInterfaces: readonly string[];
  readonly mapEntry: boolean;
  readonly comment: string;
}

/** A value of an enum. */
export interface EnumValueDescriptor {
  readonly name: string;
  readonly number: number;
}

/** An enum type. */
export interface EnumDescriptor {
  readonly typeName: string;
  readonly values: readonly EnumValueDescriptor[];
  findName(number: number): string | undefined;
  findNumber(name: string): number | undefined;
}

/** One REST binding of a method (`google.api.http`). */
export interface HttpRule {
  readonly verb: "GET" | "PUT" | "POST" | "DELETE" | "PATCH";
  /** Path template; `{field}` binds a request field, `{field=**}` the rest of the path. */
  readonly path: string;
  /** Request field taken from the body, `*` for the whole request, empty for none. */
  readonly body: string;
}

/** A method of a service. */
export interface MethodDescriptor {
  readonly name: string;
  /** Full names of the request and response messages. */
  readonly input: string;
  readonly output: string;
  readonly clientStreaming: boolean;
  readonly serverStreaming: boolean;
  /** Its REST bindings, the main one first; none when it is not served over REST. */
  readonly http: readonly HttpRule[];
  readonly deprecated: boolean;
  readonly comment: string;
}

/** A service. */
export interface ServiceDescriptor {
  readonly typeName: string;
  readonly methods: readonly MethodDescriptor[];
  /** Whether its requests are transaction messages (`cosmos.msg.v1.service`). */
  readonly isMsgService: boolean;
  readonly comment: string;
}

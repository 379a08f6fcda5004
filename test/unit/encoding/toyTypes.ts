// Message types that exist only in tests, written in one line each: a field is `[repeated|optional|map] <type> <name> = <number> [flags]`.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MessageOptionsSchema,
  ServiceDescriptorProtoSchema,
  ServiceOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import { image } from "#proto/image";
import { fromBase64 } from "../../../app/encoding/bytes.ts";
import { createDescriptors, type Descriptors } from "../../../app/encoding/descriptors.ts";

interface Toy {
  /** Amino name. */
  readonly name?: string;
  readonly implements?: string;
  readonly fields: readonly string[];
}

/** Types of one package; the names in `msgs` become requests of its Msg service. */
export interface ToyPackage {
  readonly package: string;
  readonly types: Readonly<Record<string, Toy>>;
  readonly msgs?: readonly string[];
}

type Unknown = { readonly no: number; readonly wireType: WireType; readonly data: Uint8Array };

const FIELD_EXTENSION = new Map([
  ["scalar", 93002],
  ["accepts", 93001],
  ["encoding", 11110003],
  ["amino", 11110004],
  ["alternative", 11110006],
]);
const KEEP = 11110005;
const AMINO_NAME = 11110001;
const IMPLEMENTS = 93001;
const MSG_SERVICE = 11110000;

function text(no: number, value: string): Unknown {
  return { no, wireType: WireType.LengthDelimited, data: new BinaryWriter().string(value).finish() };
}

function flag(no: number): Unknown {
  return { no, wireType: WireType.Varint, data: Uint8Array.of(1) };
}

function readFlags(flags: readonly string[]): Unknown[] {
  const options: Unknown[] = [];
  for (const part of flags) {
    const [name = "", value = ""] = part.split("=");
    const number = FIELD_EXTENSION.get(name);
    if (number !== undefined) options.push(text(number, value));
    else if (name === "keep") options.push(flag(KEEP));
  }
  return options;
}

function addField(message: DescriptorProto, scope: string, line: string): void {
  const match = /^(repeated |optional |map )?(\S+) (\w+) = (\d+)(.*)$/.exec(line);
  if (match === null) throw new Error(`field expected, got ${line}`);
  const [, label = "", type = "", name = "", number = "", rest = ""] = match;
  const flags = rest
    .trim()
    .split(/\s+/)
    .filter((part) => part !== "");
  const scalar = FieldDescriptorProto_Type[type.toUpperCase() as keyof typeof FieldDescriptorProto_Type] as
    | FieldDescriptorProto_Type
    | undefined;
  const oneof = flags.find((part) => part.startsWith("oneof="))?.slice(6) ?? (label === "optional " ? `_${name}` : undefined);
  let typeName = type.startsWith("enum:") ? `.${type.slice(5)}` : type.includes(".") ? `.${type}` : `.${scope}.${type}`;
  if (label === "map ") {
    const entry = create(DescriptorProtoSchema, { name: `${name}Entry`, options: { mapEntry: true } });
    addField(entry, scope, "string key = 1");
    addField(entry, scope, `${type} value = 2`);
    message.nestedType.push(entry);
    typeName = `.${scope}.${message.name}.${entry.name}`;
  }
  if (oneof !== undefined && !message.oneofDecl.some((o) => o.name === oneof))
    message.oneofDecl.push({ $typeName: "google.protobuf.OneofDescriptorProto", name: oneof });
  const options = create(FieldOptionsSchema);
  options.$unknown = readFlags(flags);
  const isMap = label === "map ";
  const field = create(FieldDescriptorProtoSchema, {
    name,
    number: Number(number),
    label: isMap || label === "repeated " ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
    type: isMap
      ? FieldDescriptorProto_Type.MESSAGE
      : type.startsWith("enum:")
        ? FieldDescriptorProto_Type.ENUM
        : (scalar ?? FieldDescriptorProto_Type.MESSAGE),
    proto3Optional: label === "optional ",
    options,
  });
  if (isMap || scalar === undefined) field.typeName = typeName;
  if (oneof !== undefined) field.oneofIndex = message.oneofDecl.findIndex((o) => o.name === oneof);
  message.field.push(field);
}

function fileOf({ package: scope, types, msgs = [] }: ToyPackage): FileDescriptorProto {
  const file = create(FileDescriptorProtoSchema, { name: `toy/${scope}.proto`, package: scope, syntax: "proto3" });
  for (const [name, toy] of Object.entries(types)) {
    const options = create(MessageOptionsSchema);
    options.$unknown = [
      ...(toy.name === undefined ? [] : [text(AMINO_NAME, toy.name)]),
      ...(toy.implements === undefined ? [] : [text(IMPLEMENTS, toy.implements)]),
    ];
    const message = create(DescriptorProtoSchema, { name, options });
    for (const line of toy.fields) addField(message, scope, line);
    file.messageType.push(message);
  }
  if (msgs.length > 0) {
    const options = create(ServiceOptionsSchema);
    options.$unknown = [flag(MSG_SERVICE)];
    const method = msgs.map((name) => ({
      name: name.replace(/^Msg/, ""),
      inputType: `.${scope}.${name}`,
      outputType: ".google.protobuf.Any",
    }));
    file.service.push(create(ServiceDescriptorProtoSchema, { name: "Msg", options, method }));
  }
  return file;
}

/** Image of the chain's types with toy packages added. A toy type takes the place of a real one of the same name. */
export function toyImage(packages: readonly ToyPackage[]): Uint8Array {
  const set = fromBinary(FileDescriptorSetSchema, fromBase64(image));
  set.file.push(...packages.map(fileOf));
  return toBinary(FileDescriptorSetSchema, set);
}

/** The chain's types with toy packages added. */
export function toyDescriptors(packages: readonly ToyPackage[]): Descriptors {
  return createDescriptors(toyImage(packages));
}

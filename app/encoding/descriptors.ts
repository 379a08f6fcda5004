import { fromBinary } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
  type ServiceDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import type {
  EnumDescriptor,
  FieldDescriptor,
  FieldKind,
  MessageDescriptor,
  MethodDescriptor,
  ServiceDescriptor,
} from "./descriptorModel.ts";
import { readFieldOptions, readHttpRules, readIsMsgService, readMessageOptions } from "./descriptorOptions.ts";
import { invalidRequestError } from "./encodingError.ts";

/** Everything that a descriptor image defines, as plain frozen objects. Types are read when they are first asked for. */
export interface Descriptors {
  /** @throws sdk/18 when the image has no such message. */
  getMessage(typeName: string): MessageDescriptor;
  findMessage(typeName: string): MessageDescriptor | undefined;
  /** @throws sdk/18 when the image has no such enum. */
  getEnum(typeName: string): EnumDescriptor;
  /** @throws sdk/18 when the image has no such service. */
  getService(typeName: string): ServiceDescriptor;
  findService(typeName: string): ServiceDescriptor | undefined;
  /** Full names in the order of the image (files in order of dependency). */
  readonly messageNames: readonly string[];
  readonly enumNames: readonly string[];
  readonly serviceNames: readonly string[];
}

/** Where a definition was found. */
interface Source<T> {
  readonly proto: T;
  readonly file: FileDescriptorProto;
  /** Path in the file's source information: pairs of field number and index. */
  readonly path: readonly number[];
}

interface Index {
  readonly messages: Map<string, Source<DescriptorProto>>;
  readonly enums: Map<string, Source<EnumDescriptorProto>>;
  readonly services: Map<string, Source<ServiceDescriptorProto>>;
  /** Comments by file and path; built for a file when first needed. */
  readonly comments: Map<FileDescriptorProto, ReadonlyMap<string, string>>;
}

/** Numbers of the fields that a source path walks through (google/protobuf/descriptor.proto). */
const PATH = { fileMessage: 4, fileEnum: 5, fileService: 6, messageField: 2, messageNested: 3, messageEnum: 4, serviceMethod: 2 } as const;

/** Names by number of FieldDescriptorProto.Type; groups do not exist in proto3. */
const KINDS: Readonly<Partial<Record<FieldDescriptorProto_Type, FieldKind>>> = {
  [FieldDescriptorProto_Type.DOUBLE]: "double",
  [FieldDescriptorProto_Type.FLOAT]: "float",
  [FieldDescriptorProto_Type.INT64]: "int64",
  [FieldDescriptorProto_Type.UINT64]: "uint64",
  [FieldDescriptorProto_Type.INT32]: "int32",
  [FieldDescriptorProto_Type.FIXED64]: "fixed64",
  [FieldDescriptorProto_Type.FIXED32]: "fixed32",
  [FieldDescriptorProto_Type.BOOL]: "bool",
  [FieldDescriptorProto_Type.STRING]: "string",
  [FieldDescriptorProto_Type.MESSAGE]: "message",
  [FieldDescriptorProto_Type.BYTES]: "bytes",
  [FieldDescriptorProto_Type.UINT32]: "uint32",
  [FieldDescriptorProto_Type.ENUM]: "enum",
  [FieldDescriptorProto_Type.SFIXED32]: "sfixed32",
  [FieldDescriptorProto_Type.SFIXED64]: "sfixed64",
  [FieldDescriptorProto_Type.SINT32]: "sint32",
  [FieldDescriptorProto_Type.SINT64]: "sint64",
};

/**
 * Reads a FileDescriptorSet.
 * @param image bytes of the set, with or without comments
 * @throws sdk/18 when a name that is asked for is not defined
 */
export function createDescriptors(image: Uint8Array): Descriptors {
  const index: Index = { messages: new Map(), enums: new Map(), services: new Map(), comments: new Map() };
  for (const file of fromBinary(FileDescriptorSetSchema, image).file) indexFile(index, file);
  const findMessage = lazily(index.messages, (name, source) => readMessage(index, name, source));
  const findEnum = lazily(index.enums, readEnum);
  const findService = lazily(index.services, (name, source) => readService(index, name, source));
  return Object.freeze({
    findMessage,
    getMessage: (name: string) => required(findMessage(name), "message", name),
    getEnum: (name: string) => required(findEnum(name), "enum", name),
    findService,
    getService: (name: string) => required(findService(name), "service", name),
    messageNames: Object.freeze([...index.messages.keys()]),
    enumNames: Object.freeze([...index.enums.keys()]),
    serviceNames: Object.freeze([...index.services.keys()]),
  });
}

/** ts-proto's name of a field: words behind underscores get a capital, everything else stays. */
export function localNameOf(protoName: string): string {
  return protoName.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function lazily<S, D>(sources: ReadonlyMap<string, S>, read: (name: string, source: S) => D): (name: string) => D | undefined {
  const known = new Map<string, D>();
  return (name) => {
    const hit = known.get(name);
    if (hit !== undefined) return hit;
    const source = sources.get(name);
    if (source === undefined) return undefined;
    const descriptor = read(name, source);
    known.set(name, descriptor);
    return descriptor;
  };
}

function required<T>(found: T | undefined, what: string, name: string): T {
  if (found === undefined) throw invalidRequestError(`${what} of the descriptor image expected, got ${JSON.stringify(name)}`);
  return found;
}

function indexFile(index: Index, file: FileDescriptorProto): void {
  const scope = file.package === "" ? "" : `${file.package}.`;
  file.messageType.forEach((proto, i) => {
    indexMessage(index, file, `${scope}${proto.name}`, proto, [PATH.fileMessage, i]);
  });
  file.enumType.forEach((proto, i) => {
    index.enums.set(`${scope}${proto.name}`, { proto, file, path: [PATH.fileEnum, i] });
  });
  file.service.forEach((proto, i) => {
    index.services.set(`${scope}${proto.name}`, { proto, file, path: [PATH.fileService, i] });
  });
}

function indexMessage(index: Index, file: FileDescriptorProto, name: string, proto: DescriptorProto, path: readonly number[]): void {
  index.messages.set(name, { proto, file, path });
  proto.nestedType.forEach((nested, i) => {
    indexMessage(index, file, `${name}.${nested.name}`, nested, [...path, PATH.messageNested, i]);
  });
  proto.enumType.forEach((nested, i) => {
    index.enums.set(`${name}.${nested.name}`, { proto: nested, file, path: [...path, PATH.messageEnum, i] });
  });
}

function commentAt(index: Index, file: FileDescriptorProto, path: readonly number[]): string {
  let comments = index.comments.get(file);
  if (comments === undefined) {
    const located = file.sourceCodeInfo?.location ?? [];
    comments = new Map(located.filter((l) => l.leadingComments !== "").map((l) => [l.path.join(), l.leadingComments]));
    index.comments.set(file, comments);
  }
  const text = comments.get(path.join()) ?? "";
  return text
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .trim();
}

function readMessage(index: Index, typeName: string, { proto, file, path }: Source<DescriptorProto>): MessageDescriptor {
  const fields = proto.field.map((field, i) => readField(index, proto, file, field, [...path, PATH.messageField, i]));
  const byNumber = new Map(fields.map((field) => [field.number, field]));
  const byName = new Map<string, FieldDescriptor>();
  for (const field of fields) for (const name of [field.localName, field.jsonName, field.name]) byName.set(name, field);
  return Object.freeze({
    typeName,
    fields: Object.freeze(fields),
    findField: (number: number) => byNumber.get(number),
    findFieldByName: (name: string) => byName.get(name),
    ...readMessageOptions(proto.options),
    mapEntry: proto.options?.mapEntry ?? false,
    comment: commentAt(index, file, path),
  });
}

function readField(
  index: Index,
  parent: DescriptorProto,
  file: FileDescriptorProto,
  proto: FieldDescriptorProto,
  path: readonly number[],
): FieldDescriptor {
  const kind = KINDS[proto.type];
  if (kind === undefined) throw invalidRequestError(`proto3 field expected, got type ${proto.type} in ${parent.name}.${proto.name}`);
  const typeName = proto.typeName.startsWith(".") ? proto.typeName.slice(1) : proto.typeName;
  const map = kind === "message" && index.messages.get(typeName)?.proto.options?.mapEntry === true;
  const list = proto.label === FieldDescriptorProto_Label.REPEATED;
  // protoc writes oneof_index 0 for fields outside of oneofs as absent; the reader shows presence through the prototype chain.
  const inOneof = Object.hasOwn(proto, "oneofIndex") && !proto.proto3Optional;
  return Object.freeze({
    number: proto.number,
    name: proto.name,
    jsonName: proto.jsonName === "" ? localNameOf(proto.name) : proto.jsonName,
    localName: localNameOf(proto.name),
    kind,
    typeName,
    repeated: list && !map,
    map,
    oneof: inOneof ? parent.oneofDecl[proto.oneofIndex]?.name : undefined,
    presence: !list && (kind === "message" || inOneof || proto.proto3Optional),
    options: readFieldOptions(proto.options),
    comment: commentAt(index, file, path),
  });
}

function readEnum(typeName: string, { proto }: Source<EnumDescriptorProto>): EnumDescriptor {
  const values = proto.value.map(({ name, number }) => Object.freeze({ name, number }));
  const byNumber = new Map<number, string>();
  // With aliases the first name is the one that is written.
  for (const { name, number } of values) if (!byNumber.has(number)) byNumber.set(number, name);
  const byName = new Map(values.map(({ name, number }) => [name, number]));
  return Object.freeze({
    typeName,
    values: Object.freeze(values),
    findName: (number: number) => byNumber.get(number),
    findNumber: (name: string) => byName.get(name),
  });
}

function readService(index: Index, typeName: string, { proto, file, path }: Source<ServiceDescriptorProto>): ServiceDescriptor {
  const methods = proto.method.map((method, i): MethodDescriptor => {
    return Object.freeze({
      name: method.name,
      input: method.inputType.slice(1),
      output: method.outputType.slice(1),
      clientStreaming: method.clientStreaming,
      serverStreaming: method.serverStreaming,
      http: readHttpRules(method.options),
      deprecated: method.options?.deprecated ?? false,
      comment: commentAt(index, file, [...path, PATH.serviceMethod, i]),
    });
  });
  return Object.freeze({
    typeName,
    methods: Object.freeze(methods),
    isMsgService: readIsMsgService(proto.options),
    comment: commentAt(index, file, path),
  });
}

import type { DescEnum, DescMessage } from "@bufbuild/protobuf";
import { createFileRegistry, type DescFile, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** The .proto files of a descriptor image, found by path and by what they define. */
export interface DefinitionFiles {
  /** A file and everything it imports, itself first, each by its path. Undefined when there is no such file. */
  closureOf(path: string): readonly string[] | undefined;
  /** Bytes of a google.protobuf.FileDescriptorProto. @throws Error for a path that {@link closureOf} did not give */
  bytesOf(path: string): Uint8Array;
  /** Path of the file that defines a full name: a message, enum, value, field, oneof, service, method or extension. */
  findSymbol(name: string): string | undefined;
  /** Numbers of the extensions of a message with the paths of their files, ascending; undefined when there is no such message. */
  extensionsOf(typeName: string): ReadonlyMap<number, string> | undefined;
}

/** Reads a FileDescriptorSet. @param image its bytes; every file after those that it imports */
export function readDefinitionFiles(image: Uint8Array): DefinitionFiles {
  const set = fromBinary(FileDescriptorSetSchema, image);
  const protos = new Map(set.file.map((proto) => [proto.name, proto]));
  const registry = createFileRegistry(set);
  const symbols = new Map<string, string>();
  const extensions = new Map<string, Map<number, string>>();
  for (const file of registry.files) {
    // Names in a registry are without the suffix.
    indexFile(file, `${file.name}.proto`, symbols, extensions);
  }
  const encoded = new Map<string, Uint8Array>();
  return {
    closureOf(path) {
      if (!protos.has(path)) return undefined;
      const closure = new Set<string>([path]);
      for (const at of closure) for (const needed of protos.get(at)?.dependency ?? []) closure.add(needed);
      return [...closure];
    },
    bytesOf(path) {
      const known = encoded.get(path);
      if (known !== undefined) return known;
      const proto = protos.get(path);
      if (proto === undefined) throw new Error(`a file of the descriptor image expected, got ${path}`);
      const bytes = toBinary(FileDescriptorProtoSchema, proto);
      encoded.set(path, bytes);
      return bytes;
    },
    findSymbol: (name) => symbols.get(name),
    extensionsOf: (typeName) =>
      registry.getMessage(typeName) === undefined
        ? undefined
        : new Map([...(extensions.get(typeName) ?? [])].sort(([left], [right]) => left - right)),
  };
}

function indexFile(file: DescFile, path: string, symbols: Map<string, string>, extensions: Map<string, Map<number, string>>): void {
  const scope = file.proto.package === "" ? "" : `${file.proto.package}.`;
  const indexEnum = (type: DescEnum): void => {
    symbols.set(type.typeName, path);
    // Values live beside their enum, as in C.
    const around = type.parent === undefined ? scope : `${type.parent.typeName}.`;
    for (const value of type.values) symbols.set(`${around}${value.name}`, path);
  };
  const indexMessage = (type: DescMessage): void => {
    symbols.set(type.typeName, path);
    for (const { name } of type.proto.field) symbols.set(`${type.typeName}.${name}`, path);
    for (const { name } of type.proto.oneofDecl) symbols.set(`${type.typeName}.${name}`, path);
    for (const nested of type.nestedMessages) indexMessage(nested);
    for (const nested of type.nestedEnums) indexEnum(nested);
  };
  for (const type of file.messages) indexMessage(type);
  for (const type of file.enums) indexEnum(type);
  for (const service of file.services) {
    symbols.set(service.typeName, path);
    for (const { name } of service.methods) symbols.set(`${service.typeName}.${name}`, path);
  }
  for (const extension of file.extensions) {
    symbols.set(extension.typeName, path);
    const known = extensions.get(extension.extendee.typeName) ?? new Map<number, string>();
    known.set(extension.number, path);
    extensions.set(extension.extendee.typeName, known);
  }
}

// What a descriptor image puts on the wire, as readable text: the form of test/proto/golden/wire.json.
import { createFileRegistry, fromBinary, getOption, hasOption, ScalarType } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

const verbs = ["get", "put", "post", "delete", "patch"];

const fieldType = (field) => {
  if (field.fieldKind === "map") return `map<${ScalarType[field.mapKey].toLowerCase()}, ${elementType(field)}>`;
  return elementType(field);
};

const elementType = (field) => field.message?.typeName ?? field.enum?.typeName ?? ScalarType[field.scalar].toLowerCase();

/** Calls `found` with the value of a custom option where the image defines the option and the element sets it. */
function readOption(registry, element, name, found) {
  const extension = registry.getExtension(name);
  if (extension !== undefined && hasOption(element, extension)) found(getOption(element, extension));
}

/** A field as `name label type [options]`. */
function describeField(registry, field) {
  const label = field.fieldKind === "list" ? "repeated " : field.proto.proto3Optional ? "optional " : "";
  const marks = field.oneof !== undefined ? [`oneof ${field.oneof.name}`] : [];
  for (const name of [
    "amino.encoding",
    "amino.field_name",
    "amino.dont_omitempty",
    "amino.oneof_name",
    "cosmos_proto.scalar",
    "cosmos_proto.accepts_interface",
  ]) {
    readOption(registry, field, name, (value) => marks.push(`${name.slice(name.indexOf(".") + 1)} ${value}`));
  }
  return `${field.name} ${label}${fieldType(field)}${marks.length > 0 ? ` [${marks.join(", ")}]` : ""}`;
}

function describeMessage(registry, message) {
  const described = { fields: Object.fromEntries(message.fields.map((field) => [field.number, describeField(registry, field)])) };
  readOption(registry, message, "cosmos.msg.v1.signer", (value) => (described.signer = value));
  readOption(registry, message, "amino.name", (value) => (described.amino = value));
  readOption(registry, message, "amino.message_encoding", (value) => (described.aminoEncoding = value));
  readOption(registry, message, "cosmos_proto.implements_interface", (value) => (described.implements = value));
  return described;
}

function describeHttp(rule) {
  const body = rule.body === "" ? "" : ` body ${rule.body}`;
  const line = verbs.includes(rule.pattern.case) ? `${rule.pattern.case.toUpperCase()} ${rule.pattern.value}${body}` : "custom";
  return [line, ...rule.additionalBindings.flatMap(describeHttp)];
}

function describeMethod(registry, method) {
  const stream = (on) => (on ? "stream " : "");
  const described = {
    in: `${stream(method.proto.clientStreaming)}${method.input.typeName}`,
    out: `${stream(method.proto.serverStreaming)}${method.output.typeName}`,
  };
  readOption(registry, method, "google.api.http", (value) => (described.http = describeHttp(value)));
  return described;
}

/**
 * All messages, enums, services and option numbers of an image, sorted by name; google.protobuf is left out.
 * @param {Uint8Array} image a FileDescriptorSet
 * @returns {string} JSON
 */
export function describeWire(image) {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
  const found = { messages: {}, enums: {}, services: {}, options: {} };
  const types = [...registry].filter((type) => !type.typeName.startsWith("google.protobuf."));
  for (const type of types.sort((a, b) => (a.typeName < b.typeName ? -1 : 1))) {
    if (type.kind === "message") found.messages[type.typeName] = describeMessage(registry, type);
    else if (type.kind === "enum") found.enums[type.typeName] = Object.fromEntries(type.values.map((value) => [value.name, value.number]));
    else if (type.kind === "extension")
      found.options[type.typeName] = `${type.extendee.typeName} ${type.number} ${describeField(registry, type)}`;
    else found.services[type.typeName] = Object.fromEntries(type.methods.map((method) => [method.name, describeMethod(registry, method)]));
  }
  return JSON.stringify(found, null, 1);
}

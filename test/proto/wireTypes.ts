import { createFileRegistry, type DescField, type DescMessage, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { schema } from "#proto/schema";
import { fc } from "../harness/fastCheck.ts";

/** A message as generated code and cosmjs-types hold it: camelCase keys, absent submessages undefined. */
export type Plain = { [key: string]: unknown };

/** Descriptors of all our messages, optionally after a change to the set. */
export function loadRegistry(change?: (files: ReturnType<typeof decodeSet>) => void): FileRegistry {
  const files = decodeSet();
  change?.(files);
  return createFileRegistry(files);
}

function decodeSet() {
  return fromBinary(FileDescriptorSetSchema, Uint8Array.from(Buffer.from(schema, "base64")));
}

const INT32_MAX = 2 ** 31 - 1;
const INT64_MAX = (1n << 63n) - 1n;
const UINT64_MAX = (1n << 64n) - 1n;

/** Values that tell types of equal wire form apart: negatives for signed ones, the upper half for unsigned ones. */
function scalarValue(field: DescField): fc.Arbitrary<unknown> {
  if (field.enum !== undefined) return fc.constantFrom(...field.enum.values.map((value) => value.number));
  switch (field.proto.type) {
    case 3:
      return fc.oneof(fc.constantFrom(-1n, INT64_MAX, -INT64_MAX - 1n), fc.bigInt(-1000n, 1000n));
    case 4:
      return fc.oneof(fc.constantFrom(1n, UINT64_MAX), fc.bigInt(0n, 1000n));
    case 5:
      return fc.oneof(fc.constantFrom(-1, INT32_MAX, -INT32_MAX - 1), fc.integer({ min: -1000, max: 1000 }));
    case 8:
      return fc.boolean();
    case 9:
      return fc.string({ unit: "grapheme", maxLength: 8 });
    case 12:
      return fc.uint8Array({ maxLength: 8 });
    case 13:
      return fc.oneof(fc.constantFrom(1, 2 ** 32 - 1), fc.nat(1000));
    default:
      throw new Error(`${field}: no values for field type ${field.proto.type}`);
  }
}

function fieldValue(field: DescField, depth: number): fc.Arbitrary<unknown> {
  const element = field.message === undefined ? scalarValue(field) : messageValue(field.message, depth - 1);
  if (field.fieldKind === "list") return depth <= 0 && field.message !== undefined ? fc.constant([]) : fc.array(element, { maxLength: 3 });
  if (field.fieldKind !== "message") return element;
  return depth <= 0 ? fc.constant(undefined) : fc.option(element, { nil: undefined });
}

/** Random values of a message; submessages end after `depth` levels. */
export function messageValue(message: DescMessage, depth: number): fc.Arbitrary<Plain> {
  const single = message.fields.filter((field) => field.oneof === undefined);
  const plain = fc.record(Object.fromEntries(single.map((field) => [field.jsonName, fieldValue(field, depth)])));
  const choices = message.oneofs.map((oneof) =>
    fc.constantFrom(undefined, ...oneof.fields).chain((field) => {
      if (field === undefined) return fc.constant({});
      if (field.message !== undefined && depth <= 0) return fc.constant({});
      const value = field.message === undefined ? scalarValue(field) : messageValue(field.message, depth - 1);
      return value.map((chosen) => ({ [field.jsonName]: chosen }));
    }),
  );
  const unset = Object.fromEntries(message.oneofs.flatMap((oneof) => oneof.fields.map((field) => [field.jsonName, undefined])));
  return fc.tuple(plain, ...choices).map(([first, ...rest]) => Object.assign({ ...unset }, first, ...rest) as Plain);
}

/** The message by its descriptor alone, without generated code. */
export function toReflected(message: DescMessage, value: Plain): ReflectMessage {
  const reflected = reflect(message);
  for (const field of message.fields) {
    const given = value[field.jsonName];
    if (given === undefined) continue;
    if (field.fieldKind === "list") {
      const list = reflected.get(field);
      for (const item of given as unknown[]) list.add(field.message === undefined ? item : toReflected(field.message, item as Plain));
    } else if (field.fieldKind === "message") {
      reflected.set(field, toReflected(field.message, given as Plain));
    } else if (field.oneof !== undefined || !isDefault(given)) {
      reflected.set(field, given);
    }
  }
  return reflected;
}

function isDefault(value: unknown): boolean {
  return value === 0 || value === 0n || value === false || value === "" || (value instanceof Uint8Array && value.length === 0);
}

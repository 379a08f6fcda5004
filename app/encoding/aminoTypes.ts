import { sha256 } from "#sha256";
import type { AnyTypes } from "./anyTypes.ts";
import { toHex } from "./bytes.ts";
import type { FieldDescriptor, MessageDescriptor } from "./descriptorModel.ts";
import type { Descriptors } from "./descriptors.ts";
import { type DynamicMessage, emptyMessage, encodeDynamic } from "./dynamicMessage.ts";
import { invalidRequestError } from "./encodingError.ts";

/** Bytes of the prefix that stands for a name in amino binary. */
export const PREFIX_LENGTH = 4;
/** Messages inside one another by way of an interface: keys of multisigs that are multisigs. */
export const MAX_INTERFACE_DEPTH = 16;
export const ANY = "google.protobuf.Any";
export const DURATION = "google.protobuf.Duration";

/** Which messages amino knows, and by what. */
export interface AminoTypes {
  readonly descriptors: Descriptors;
  /** The message of a name that may stand in a field. @throws sdk/18 when there is none */
  named(name: string, field: FieldDescriptor): MessageDescriptor;
  /** The message of a prefix that may stand in a field. @throws sdk/18 when there is none */
  prefixed(prefix: Uint8Array, field: FieldDescriptor): MessageDescriptor;
}

/** Names and prefixes of all messages that can be packed and that have a name in amino. */
export function createAminoTypes(descriptors: Descriptors, anyTypes: AnyTypes): AminoTypes {
  const byName = new Map<string, MessageDescriptor>();
  const byPrefix = new Map<string, MessageDescriptor>();
  for (const typeName of descriptors.messageNames) {
    const type = descriptors.getMessage(typeName);
    if (type.aminoName === undefined || anyTypes.find(`/${typeName}`) === undefined) continue;
    byName.set(type.aminoName, type);
    byPrefix.set(toHex(aminoPrefix(type.aminoName)), type);
  }
  const fitting = (type: MessageDescriptor | undefined, { options }: FieldDescriptor): type is MessageDescriptor =>
    type !== undefined && (options.acceptsInterface === undefined || anyTypes.implements(type.typeName, options.acceptsInterface));
  // The SDK writes the type URL of a message that amino has no name for.
  const unnamed = (name: string): MessageDescriptor | undefined => {
    const typeName = anyTypes.find(name);
    const type = typeName === undefined ? undefined : descriptors.getMessage(typeName);
    return type?.aminoName === undefined ? type : undefined;
  };
  return {
    descriptors,
    named(name, field) {
      const type = byName.get(name) ?? unnamed(name);
      if (!fitting(type, field)) throw invalidRequestError(`unrecognized concrete type name ${name.slice(0, 256)}`);
      return type;
    },
    prefixed(prefix, field) {
      const hex = toHex(prefix);
      const type = byPrefix.get(hex);
      if (!fitting(type, field)) throw invalidRequestError(`unrecognized prefix bytes ${hex.toUpperCase()}`);
      return type;
    },
  };
}

/**
 * Amino's prefix of a name: of its SHA-256, without zeros in front, the four bytes behind the first three, again without zeros in front of them.
 */
export function aminoPrefix(name: string): Uint8Array {
  const skipZeros = (bytes: Uint8Array): Uint8Array => bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  return skipZeros(skipZeros(sha256(new TextEncoder().encode(name))).subarray(3)).slice(0, PREFIX_LENGTH);
}

/** Number of a field in amino: its place in the structure, from 1. */
export function aminoNumber(type: MessageDescriptor, field: FieldDescriptor): number {
  return type.fields.indexOf(field) + 1;
}

/** An Any with a message. */
export function packAny(types: AminoTypes, message: DynamicMessage): DynamicMessage {
  const any = emptyMessage(types.descriptors.getMessage(ANY));
  any.values.set(1, `/${message.type.typeName}`);
  any.values.set(2, encodeDynamic(message));
  return any;
}

const KEY_LENGTHS: ReadonlyMap<string, number> = new Map([
  ["cosmos.crypto.secp256k1.PubKey", 33],
  ["cosmos.crypto.ed25519.PubKey", 32],
]);

/** A key of these bytes, for types with `amino.message_encoding` key_field. @throws sdk/18 for a wrong length */
export function keyMessage(type: MessageDescriptor, key: Uint8Array): DynamicMessage {
  const field = type.findFieldByName("key");
  const length = KEY_LENGTHS.get(type.typeName);
  if (field === undefined || (length !== undefined && key.length !== length))
    throw invalidRequestError(`invalid pubkey size: ${length ?? "no"} bytes expected, got ${key.length}`);
  const message = emptyMessage(type);
  message.values.set(field.number, key);
  return message;
}

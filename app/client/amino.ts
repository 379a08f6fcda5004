import { type AminoConverter, type AminoConverters, AminoTypes, createDefaultAminoConverters } from "@cosmjs/stargate";
import { messageToAmino } from "../encoding/aminoJson.ts";
import type { FieldDescriptor } from "../encoding/descriptorModel.ts";
import { decodeDynamic } from "../encoding/dynamicMessage.ts";
import { HANZO_MSG_SERVICES } from "./registry.ts";
import { clientDescriptors } from "./schema.ts";

/** The part of a generated codec that converters need. */
interface Codec {
  readonly $type: string;
  encode(message: unknown): { finish(): Uint8Array };
  fromPartial(partial: object): unknown;
}

/** Amino JSON converters of this chain's own messages, for Ledger and other amino signers. Derived from the definitions: the chain checks the same form. */
export function createHanzoAminoConverters(): AminoConverters {
  const converters: AminoConverters = {};
  for (const service of HANZO_MSG_SERVICES) {
    for (const { requestType } of Object.values(service.methods)) converters[`/${requestType.$type}`] = converterOf(requestType as Codec);
  }
  return converters;
}

/** Stock converters and this chain's own, for `SigningStargateClient`. */
export function createHanzoAminoTypes(): AminoTypes {
  return new AminoTypes({ ...createDefaultAminoConverters(), ...createHanzoAminoConverters() });
}

function converterOf(codec: Codec): AminoConverter {
  const { aminoName } = clientDescriptors().getMessage(codec.$type);
  return {
    aminoType: aminoName ?? `/${codec.$type}`,
    toAmino: (value: object) =>
      messageToAmino(
        clientDescriptors(),
        decodeDynamic(clientDescriptors(), codec.$type, codec.encode(codec.fromPartial(value)).finish()),
        0,
      ),
    fromAmino: (value: Readonly<Record<string, unknown>>) => codec.fromPartial(fromAmino(codec.$type, value)),
  };
}

/** Generated object of amino JSON: names in camel case, 64-bit numbers as bigint, absent fields left to their defaults. */
function fromAmino(typeName: string, json: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const field of clientDescriptors().getMessage(typeName).fields) {
    const value = json[field.options.aminoFieldName ?? field.name];
    if (value === undefined || value === null) continue;
    message[field.localName] = field.repeated
      ? (value as readonly unknown[]).map((item) => fieldFromAmino(field, item))
      : fieldFromAmino(field, value);
  }
  return message;
}

const WIDE_KINDS: ReadonlySet<string> = new Set(["int64", "uint64", "sint64", "fixed64", "sfixed64"]);

function fieldFromAmino(field: FieldDescriptor, value: unknown): unknown {
  if (field.kind === "message") return fromAmino(field.typeName, value as Readonly<Record<string, unknown>>);
  return WIDE_KINDS.has(field.kind) ? BigInt(String(value)) : value;
}

import type { Registry } from "@cosmjs/proto-signing";
import { type AminoConverter, type AminoConverters, AminoTypes, createDefaultAminoConverters } from "@cosmjs/stargate";
import { messageToAmino } from "../encoding/aminoJson.ts";
import type { Descriptors } from "../encoding/descriptors.ts";
import { decodeDynamic } from "../encoding/dynamicMessage.ts";
import type { JsonTree } from "../encoding/goJson.ts";
import { fromAminoJson } from "./fromAminoJson.ts";
import { createHanzoRegistry, hanzoMessages } from "./registry.ts";
import { clientDescriptors } from "./schema.ts";

/**
 * Converters between messages and amino JSON for every message of this chain, read from the descriptor image. Unlike some of cosmjs' own they
 * write exactly what the Cosmos SDK signs.
 * @param registry has a codec for each of the messages
 */
export function createHanzoAminoConverters(registry: Registry = createHanzoRegistry()): AminoConverters {
  const descriptors = clientDescriptors();
  return Object.fromEntries(hanzoMessages.map((typeUrl) => [typeUrl, createConverter(descriptors, registry, typeUrl)]));
}

/** cosmjs' amino types together with this chain's, for `SigningStargateClientOptions.aminoTypes`. */
export function createHanzoAminoTypes(registry: Registry = createHanzoRegistry()): AminoTypes {
  return new AminoTypes({ ...createDefaultAminoConverters(), ...createHanzoAminoConverters(registry) });
}

function createConverter(descriptors: Descriptors, registry: Registry, typeUrl: string): AminoConverter {
  const typeName = typeUrl.slice(1);
  const type = descriptors.getMessage(typeName);
  return {
    aminoType: type.aminoName ?? typeUrl,
    toAmino: (value: object): JsonTree =>
      messageToAmino(descriptors, decodeDynamic(descriptors, typeName, registry.encode({ typeUrl, value }), "reject"), 0),
    fromAmino: (json: JsonTree): object => fromAminoJson(descriptors, type, json),
  };
}

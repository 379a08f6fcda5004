import type { Registry } from "@cosmjs/proto-signing";
import { type AminoConverter, type AminoConverters, AminoTypes as CosmjsAminoTypes, createDefaultAminoConverters } from "@cosmjs/stargate";
import { messageToAmino } from "../encoding/aminoJson.ts";
import { type AminoTypes, createAminoTypes } from "../encoding/aminoTypes.ts";
import { createAnyTypes } from "../encoding/anyTypes.ts";
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
  const types = createAminoTypes(descriptors, createAnyTypes(descriptors));
  return Object.fromEntries(hanzoMessages.map((typeUrl) => [typeUrl, createConverter(types, registry, typeUrl)]));
}

/** cosmjs' amino types together with this chain's, for `SigningStargateClientOptions.aminoTypes`. */
export function createHanzoAminoTypes(registry: Registry = createHanzoRegistry()): CosmjsAminoTypes {
  return new CosmjsAminoTypes({ ...createDefaultAminoConverters(), ...createHanzoAminoConverters(registry) });
}

function createConverter(types: AminoTypes, registry: Registry, typeUrl: string): AminoConverter {
  const typeName = typeUrl.slice(1);
  const { descriptors } = types;
  const type = descriptors.getMessage(typeName);
  return {
    aminoType: type.aminoName ?? typeUrl,
    toAmino: (value: object): JsonTree =>
      messageToAmino(descriptors, decodeDynamic(descriptors, typeName, registry.encode({ typeUrl, value }), "reject"), 0),
    fromAmino: (json: JsonTree): object => fromAminoJson(types, type, json),
  };
}

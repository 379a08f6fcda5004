import type { Registry } from "@cosmjs/proto-signing";
import { type AminoConverter, type AminoConverters, AminoTypes, createDefaultAminoConverters } from "@cosmjs/stargate";
import { schema } from "#proto/schema";
import { messageToAmino } from "../encoding/aminoJson.ts";
import { fromBase64 } from "../encoding/bytes.ts";
import { createDescriptors, type Descriptors } from "../encoding/descriptors.ts";
import { decodeDynamic } from "../encoding/dynamicMessage.ts";
import type { JsonTree } from "../encoding/goJson.ts";
import { fromAminoJson } from "./fromAminoJson.ts";
import { createRegistry, hanzoMessages } from "./registry.ts";

/**
 * Converters between messages and amino JSON for every message of this chain, read from the descriptor image. Unlike some of cosmjs' own they
 * write exactly what the Cosmos SDK signs.
 * @param registry has a codec for each of the messages
 */
export function createHanzoAminoConverters(registry: Registry = createRegistry()): AminoConverters {
  const descriptors = createDescriptors(fromBase64(schema));
  return Object.fromEntries(hanzoMessages.map((typeUrl) => [typeUrl, createConverter(descriptors, registry, typeUrl)]));
}

/** cosmjs' amino types together with this chain's, for `SigningStargateClientOptions.aminoTypes`. */
export function createAminoTypes(registry: Registry = createRegistry()): AminoTypes {
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

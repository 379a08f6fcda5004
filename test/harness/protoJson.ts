import { image } from "#proto/image";
import { fromBase64 } from "../../app/encoding/bytes.ts";
import { createDescriptors } from "../../app/encoding/descriptors.ts";
import { fromProtoJson } from "../../app/encoding/protoJsonParse.ts";

const descriptors = createDescriptors(fromBase64(image));

/** Bytes of a message in the SDK's JSON. */
export function bytesOfJson(typeName: string, json: unknown): Uint8Array {
  return fromProtoJson(descriptors, typeName, json);
}

import type { Descriptors } from "./descriptors.ts";
import { EncodingError } from "./encodingError.ts";
import { toProtoJson } from "./protoJson.ts";

/** A message as proto JSON, or why it has none. */
export type ShownJson = { readonly json: string } | { readonly unshowable: string };

/** A message as the text of its proto JSON, or why it cannot be written. @param typeName full name of the message */
export function showJson(descriptors: Descriptors, typeName: string, value: Uint8Array): ShownJson {
  try {
    return { json: JSON.stringify(toProtoJson(descriptors, typeName, value)) };
  } catch (thrown) {
    if (!(thrown instanceof EncodingError)) throw thrown;
    return { unshowable: thrown.message };
  }
}

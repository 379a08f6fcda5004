import { schema } from "#proto/schema";
import { fromBase64 } from "../encoding/bytes.ts";
import { createDescriptors, type Descriptors } from "../encoding/descriptors.ts";

let known: Descriptors | undefined;

/** Definitions of everything on the wire, read once. */
export function clientDescriptors(): Descriptors {
  known ??= createDescriptors(fromBase64(schema));
  return known;
}

// The descriptor image of everything that is compiled in: what messages, services and their options are.
import { image } from "#proto/image";
import { schema } from "#proto/schema";
import { fromBase64 } from "./encoding/bytes.ts";
import { createDescriptors, type Descriptors } from "./encoding/descriptors.ts";

let known: Descriptors | undefined;

/** Everything that is compiled in as a FileDescriptorSet, without comments. */
export function descriptorImage(): Uint8Array {
  return fromBase64(schema);
}

/** The descriptor image of everything that is compiled in, read once. */
export function descriptors(): Descriptors {
  known ??= createDescriptors(descriptorImage());
  return known;
}

let commented: Descriptors | undefined;

/** {@link descriptors} with the comments of the .proto files, for documents and help texts; read when first asked for. */
export function documentedDescriptors(): Descriptors {
  commented ??= createDescriptors(fromBase64(image));
  return commented;
}

import type { ValueCodec } from "./codec.ts";

/**
 * A codec that remembers the one value that it read or wrote last: for values such as accounts, of which each transaction reads the same one
 * several times and the next one another. What it returns is shared. CONTRACT: nobody changes it.
 * DETERMINISM: found again by the array that holds the bytes, which nobody changes either, so nobody can tell whether it was remembered.
 */
export function latest<V>(codec: ValueCodec<V>): ValueCodec<V> {
  let last: { readonly bytes: Uint8Array; readonly value: V } | undefined;
  return {
    json: codec.json,
    encode(value) {
      const bytes = codec.encode(value);
      last = { bytes, value };
      return bytes;
    },
    decode(bytes) {
      if (last?.bytes !== bytes) last = { bytes, value: codec.decode(bytes) };
      return last.value;
    },
    scan: (bytes) => codec.decode(bytes),
  };
}

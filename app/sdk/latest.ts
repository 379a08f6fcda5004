import type { ValueCodec } from "./codec.ts";
import { ValuePlace } from "./valuePlace.ts";

/**
 * A codec that remembers the one value that it read or wrote last: for values such as accounts, of which each transaction reads the same one
 * several times and the next one another. What it returns is shared. CONTRACT: nobody changes it.
 * DETERMINISM: found again by the array that holds the bytes, which nobody changes either, so nobody can tell whether it was remembered, here or in
 * the reader's own place.
 */
export function latest<V>(codec: ValueCodec<V>): ValueCodec<V> {
  const last = new ValuePlace<V>();
  return {
    json: codec.json,
    encode(value) {
      const bytes = codec.encode(value, last);
      keep(last, bytes, value);
      return bytes;
    },
    decode(bytes, place) {
      if (last.bytes !== bytes) keep(last, bytes, place?.bytes === bytes ? (place.value as V) : codec.decode(bytes));
      const value = last.value as V;
      if (place !== undefined && place.bytes !== bytes) keep(place, bytes, value);
      return value;
    },
    scan: (bytes) => codec.decode(bytes),
  };
}

function keep<V>(place: ValuePlace<V>, bytes: Uint8Array, value: V): void {
  place.bytes = bytes;
  place.value = value;
}

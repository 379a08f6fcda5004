import { equalBytes } from "../encoding/bytes.ts";
import type { ValueCodec } from "./codec.ts";
import { kept } from "./kept.ts";

/**
 * A codec that remembers what it wrote and read last: for values that every transaction or every block reads, such as parameters and validators. What
 * it returns is shared and frozen. A walk over many values leaves nothing behind.
 * DETERMINISM: a value depends on its bytes alone, so that nobody can tell whether it was remembered.
 */
export function memoized<V>(codec: ValueCodec<V>): ValueCodec<V> {
  let last: { readonly bytes: Uint8Array; readonly value: V } | undefined;
  return kept({
    json: codec.json,
    encode: (value) => codec.encode(freezeDeep(value)),
    decode(bytes) {
      // Equal ones come in arrays of their own from states that are read past what is remembered of them.
      if (last !== undefined && equalBytes(last.bytes, bytes)) return last.value;
      const value = freezeDeep(codec.decode(bytes));
      last = { bytes: bytes.slice(), value };
      return value;
    },
    scan: codec.decode,
  });
}

/** Freezes a value of plain objects and arrays; byte arrays cannot be frozen and are left. */
function freezeDeep<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Array.isArray(value) ? value : Object.values(value)) freezeDeep(part);
  return value;
}

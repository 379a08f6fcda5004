import { equalBytes } from "../encoding/bytes.ts";
import type { ValueCodec } from "./codec.ts";

/** Written values that are remembered at once. */
const KEPT = 1024;

/**
 * A codec that remembers what it wrote and read last: for large values that every transaction reads, such as parameters and pools. What it
 * returns is shared and frozen.
 * DETERMINISM: a value depends on its bytes alone, so that nobody can tell whether it was remembered.
 */
export function memoized<V>(codec: ValueCodec<V>): ValueCodec<V> {
  // Bytes written in the block being executed come back as the same array; those of the committed state come back as equal ones.
  const values = new Map<Uint8Array, V>();
  let last: { readonly bytes: Uint8Array; readonly value: V } | undefined;
  return {
    json: codec.json,
    encode(value) {
      const bytes = codec.encode(value);
      // Not a WeakMap: what is written is written over soon, and every dead entry of one would cost the collector more than it saves.
      if (values.size >= KEPT) values.clear();
      values.set(bytes, freezeDeep(value));
      return bytes;
    },
    decode(bytes) {
      const known = values.get(bytes);
      if (known !== undefined) return known;
      if (last !== undefined && equalBytes(last.bytes, bytes)) return last.value;
      const value = freezeDeep(codec.decode(bytes));
      last = { bytes: bytes.slice(), value };
      return value;
    },
  };
}

/** Freezes a value of plain objects and arrays; byte arrays cannot be frozen and are left. */
function freezeDeep<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freezeDeep(part);
  return value;
}

import { equalBytes } from "../encoding/bytes.ts";
import type { ValueCodec } from "./codec.ts";

/** Values of one generation; there are two. */
const KEPT = 4096;

/**
 * A codec that remembers what it wrote and read last: for values that every transaction or every block reads, such as parameters, pools and
 * validators. What it returns is shared and frozen. A walk over many values leaves nothing behind.
 * DETERMINISM: a value depends on its bytes alone, so that nobody can tell whether it was remembered.
 */
export function memoized<V>(codec: ValueCodec<V>): ValueCodec<V> {
  // By the array that holds the bytes, which stays the same from block to block for as long as nobody writes over it. Not a WeakMap: what is
  // written is written over soon, and every dead entry of one would cost the collector more than it saves.
  let young = new Map<Uint8Array, V>();
  let old = new Map<Uint8Array, V>();
  let last: { readonly bytes: Uint8Array; readonly value: V } | undefined;
  const remember = (bytes: Uint8Array, value: V): V => {
    if (young.size >= KEPT) [old, young] = [young, new Map()];
    young.set(bytes, value);
    return value;
  };
  return {
    json: codec.json,
    encode(value) {
      const bytes = codec.encode(value);
      remember(bytes, freezeDeep(value));
      return bytes;
    },
    decode(bytes) {
      const known = young.get(bytes);
      if (known !== undefined) return known;
      const older = old.get(bytes);
      if (older !== undefined) return remember(bytes, older);
      // Equal ones come in arrays of their own from states that are read past what is remembered of them.
      if (last !== undefined && equalBytes(last.bytes, bytes)) return last.value;
      const value = remember(bytes, freezeDeep(codec.decode(bytes)));
      last = { bytes: bytes.slice(), value };
      return value;
    },
    scan: (bytes) => young.get(bytes) ?? old.get(bytes) ?? codec.decode(bytes),
  };
}

/** Freezes a value of plain objects and arrays; byte arrays cannot be frozen and are left. */
function freezeDeep<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Array.isArray(value) ? value : Object.values(value)) freezeDeep(part);
  return value;
}

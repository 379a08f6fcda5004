/** Room that many share. Small, since one array that lives on holds all of it. */
const SLAB_BYTES = 1 << 13;
/** V8 keeps arrays up to here in its own heap, where they cost little. */
export const IN_HEAP = 64;
/** Longer arrays have memory of their own. */
const LONGEST = SLAB_BYTES >> 3;

let slab = new ArrayBuffer(SLAB_BYTES);
let end = 0;

/**
 * A new array of zeros that may share its buffer with others: for those that are made for every transaction. One with memory of its own outside of V8's
 * heap costs half a microsecond to make and as much to collect, and hastens full collections.
 */
export function cutBytes(length: number): Uint8Array {
  if (length <= IN_HEAP || length > LONGEST) return new Uint8Array(length);
  if (end + length > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    end = 0;
  }
  const bytes = new Uint8Array(slab, end, length);
  end += length;
  return bytes;
}

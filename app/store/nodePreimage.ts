// What the hash of a node covers (IAVL v1): signed zigzag varints of height, size and stamp, then the key and the value's hash of a leaf, or
// the two children's hashes. Proofs carry the same bytes as prefixes and suffixes.

/** Longest beginning of a preimage: three varints of 64 bits. */
export const maxNodePrefix = 30;

/**
 * Writes a signed 64-bit varint (zigzag) of a non-negative integer given as two 32-bit words.
 * @returns the index after it
 */
export function putVarint(out: Uint8Array, at: number, low: number, high: number): number {
  let lowBits = low << 1;
  let highBits = (high << 1) | (low >>> 31);
  while (highBits !== 0 || lowBits >>> 0 > 127) {
    out[at++] = (lowBits & 127) | 128;
    lowBits = (lowBits >>> 7) | (highBits << 25);
    highBits >>>= 7;
  }
  out[at++] = lowBits;
  return at;
}

/**
 * Writes an unsigned varint.
 * @param value 0 to 2^32 − 1
 * @returns the index after it
 */
export function putUvarint(out: Uint8Array, at: number, value: number): number {
  let rest = value;
  while (rest >>> 0 > 127) {
    out[at++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  out[at++] = rest;
  return at;
}

/**
 * Writes the beginning of a node's preimage: height, size, stamp.
 * @param height 0 for a leaf
 * @param size number of leaves below, at most 2^32 − 1; 1 for a leaf
 * @param versionLow low word of the stamp
 * @param versionHigh high word of the stamp
 * @returns the index after it
 */
export function putNodePrefix(out: Uint8Array, at: number, height: number, size: number, versionLow: number, versionHigh: number): number {
  const afterHeight = putVarint(out, at, height, 0);
  const afterSize = putVarint(out, afterHeight, size, 0);
  return putVarint(out, afterSize, versionLow, versionHigh);
}

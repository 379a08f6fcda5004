// Big-endian numbers of 64 bits, byte by byte. A DataView over a small array makes V8 move its bytes out of the heap, which takes six times as long.

/** Writes a number, 0 … 2^64 − 1. CONTRACT: there is room for its eight bytes. */
export function putUint64(bytes: Uint8Array, at: number, value: bigint): void {
  putUint32(bytes, at, Number(BigInt.asUintN(32, value >> 32n)));
  putUint32(bytes, at + 4, Number(BigInt.asUintN(32, value)));
}

/** Eight bytes of a number, 0 … 2^64 − 1. */
export function uint64Bytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  putUint64(bytes, 0, value);
  return bytes;
}

/** @throws RangeError when fewer than eight bytes are there */
export function getUint64(bytes: Uint8Array, at = 0): bigint {
  if (at + 8 > bytes.length) throw new RangeError(`8 bytes expected at ${at}, got ${bytes.length - at}`);
  const high = getUint32(bytes, at);
  const low = BigInt(getUint32(bytes, at + 4));
  return high === 0 ? low : (BigInt(high) << 32n) | low;
}

/** Writes a number, 0 … 2^32 − 1. CONTRACT: there is room for its four bytes. */
export function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

function getUint32(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
}

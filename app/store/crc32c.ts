// CRC-32C (Castagnoli, RFC 3720 §12.1): the checksum of every record and page that recovery reads back.

const polynomial = 0x82f63b78;

/** Eight tables of 256 entries: table k advances a byte by k further zero bytes, so that eight bytes take eight independent look-ups. */
const tables = buildTables();

/**
 * The checksum of `bytes`, 0 to 2^32−1.
 * @param seed the checksum of the bytes before, to go on with; 0 at the start
 */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  const whole = bytes.length - (bytes.length & 7);
  return ~rest(bytes, whole, words(bytes, whole, ~seed)) >>> 0;
}

/**
 * Eight bytes at a time, up to `end`. Apart from what is left: V8 compiles a long first loop before it has seen the second, and falls out of that code
 * at each end.
 */
function words(bytes: Uint8Array, end: number, seed: number): number {
  let crc = seed;
  for (let at = 0; at < end; at += 8) {
    const low = crc ^ word(bytes, at);
    crc =
      look(7, low) ^
      look(6, low >>> 8) ^
      look(5, low >>> 16) ^
      look(4, low >>> 24) ^
      look(3, byte(bytes, at + 4)) ^
      look(2, byte(bytes, at + 5)) ^
      look(1, byte(bytes, at + 6)) ^
      look(0, byte(bytes, at + 7));
  }
  return crc;
}

/** Byte by byte, from `start` on. */
function rest(bytes: Uint8Array, start: number, seed: number): number {
  let crc = seed;
  for (let at = start; at < bytes.length; at += 1) crc = look(0, crc ^ byte(bytes, at)) ^ (crc >>> 8);
  return crc;
}

function look(table: number, index: number): number {
  // In range by the mask: 8 tables of 256 entries.
  return tables[(table << 8) | (index & 255)] as number;
}

function byte(bytes: Uint8Array, at: number): number {
  // In range: the callers stay below bytes.length.
  return bytes[at] as number;
}

function word(bytes: Uint8Array, at: number): number {
  return byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24);
}

function buildTables(): Int32Array {
  const built = new Int32Array(8 * 256);
  for (let index = 0; index < 256; index += 1) {
    let crc = index;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    built[index] = crc;
  }
  for (let index = 256; index < built.length; index += 1) {
    const before = built[index - 256] as number; // in range: index ≥ 256
    built[index] = (before >>> 8) ^ (built[before & 255] as number); // masked to one table
  }
  return built;
}

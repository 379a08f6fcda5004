// Headers of a tape archive (POSIX ustar), as far as archives of snapshots need them: plain files with short names. Everything else that such an
// archive may hold (folders, links, long names, sizes told elsewhere) is refused, so nothing has to be bounded but what is left.
import { encodeUtf8 } from "../encoding/bytes.ts";
import { StoreError } from "../store/storeError.ts";

/** Bytes of a header; the bytes of a file are filled up to a multiple of it. */
export const TAR_BLOCK = 512;

/** A file in an archive. */
export interface TarEntry {
  readonly name: string;
  /** Bytes of the file. */
  readonly size: number;
}

const NAME = 100;
const AT = {
  mode: 100,
  uid: 108,
  gid: 116,
  size: 124,
  time: 136,
  checksum: 148,
  type: 156,
  magic: 257,
  major: 329,
  minor: 337,
  prefix: 345,
};
const CHECKSUM_BYTES = 8;
const PLAIN_FILE = 0x30;
const MAX_SIZE = 8 ** 11 - 1;

/** The header of a file for all to read, from no user and no time: equal files make equal archives. @param entry a name of up to 100 bytes, a size below 8 GiB */
export function encodeTarHeader({ name, size }: TarEntry): Uint8Array {
  const nameBytes = encodeUtf8(name);
  if (nameBytes.length > NAME || !Number.isInteger(size) || size < 0 || size > MAX_SIZE)
    throw new RangeError(`expected a name of at most ${NAME} bytes and a size of at most ${MAX_SIZE}, got ${name} and ${size}`);
  const header = new Uint8Array(TAR_BLOCK);
  header.set(nameBytes);
  putOctal(header, AT.mode, 7, 0o644);
  putOctal(header, AT.uid, 7, 0);
  putOctal(header, AT.gid, 7, 0);
  putOctal(header, AT.size, 11, size);
  putOctal(header, AT.time, 11, 0);
  header[AT.type] = PLAIN_FILE;
  header.set(encodeUtf8("ustar\0" + "00"), AT.magic);
  putOctal(header, AT.major, 7, 0);
  putOctal(header, AT.minor, 7, 0);
  putOctal(header, AT.checksum, 6, checksum(header));
  header[AT.checksum + 7] = 0x20;
  return header;
}

/**
 * The file that a header names.
 * @param header 512 bytes
 * @returns undefined for a block of zeros, which ends an archive
 * @throws store/21 for what is no header of a plain file
 */
export function decodeTarHeader(header: Uint8Array): TarEntry | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  if (octalAt(header, AT.checksum, CHECKSUM_BYTES) !== checksum(header)) throw bad("expected the header of a file, got other bytes");
  const name = textAt(header, 0, NAME);
  const type = header[AT.type];
  // Programs before POSIX leave the type of plain files zero.
  if (type !== PLAIN_FILE && type !== 0)
    throw bad(`expected plain files, got ${JSON.stringify(name)} of type ${textAt(header, AT.type, 1)}`);
  if (header[AT.prefix] !== 0) throw bad(`expected names of at most ${NAME} bytes, got a longer one`);
  const size = octalAt(header, AT.size, 12);
  if (size === undefined) throw bad(`expected the size of ${JSON.stringify(name)} in octal digits, got other bytes`);
  return { name, size };
}

/** The sum of a header's bytes, those of the sum itself counted as spaces. */
function checksum(header: Uint8Array): number {
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= AT.checksum && at < AT.checksum + CHECKSUM_BYTES ? 0x20 : byte;
  return sum;
}

function putOctal(header: Uint8Array, at: number, digits: number, value: number): void {
  header.set(encodeUtf8(value.toString(8).padStart(digits, "0")), at);
}

/** @returns undefined for other bytes than octal digits between spaces and zeros */
function octalAt(header: Uint8Array, at: number, length: number): number | undefined {
  const text = textAt(header, at, length).trim();
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function textAt(header: Uint8Array, at: number, length: number): string {
  const bytes = Buffer.from(header.buffer, header.byteOffset + at, length);
  const end = bytes.indexOf(0);
  return bytes.toString("latin1", 0, end < 0 ? length : end);
}

function bad(detail: string): StoreError {
  return new StoreError("badSnapshot", `archive: ${detail}`);
}

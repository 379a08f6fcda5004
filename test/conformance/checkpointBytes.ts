// The bytes of a checkpoint, to be damaged in ways that checksums do not show. Written from the description in app/store/README.md, not with its code.
import { createHash } from "node:crypto";
import { crc32c } from "../../app/store/crc32c.ts";

const LENGTH = 4;
const CRC = 4;
const DIGEST = 32;

/** A page within the bytes of a file. */
export interface PagePlace {
  /** Where its checksum begins. */
  readonly sum: number;
  /** Where its content begins and ends. */
  readonly from: number;
  readonly to: number;
}

/** The pages of a file, as far as their lengths lead. */
export function findPages(file: Uint8Array): readonly PagePlace[] {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const pages: PagePlace[] = [];
  for (let at = 0; at + LENGTH <= bytes.length; ) {
    const sum = at + LENGTH;
    const from = sum + (pages.length === 0 || isUnhashed(bytes) ? CRC : DIGEST);
    const to = from + bytes.readUInt32LE(at);
    if (to > bytes.length) break;
    pages.push({ sum, from, to });
    at = to;
  }
  return pages;
}

/** A copy with the checksum of every page put right, as far as the lengths lead. */
export function mendCheckpoint(file: Uint8Array): Buffer {
  const bytes = Buffer.from(file);
  let last: Uint8Array = new Uint8Array(0);
  for (const [number, { sum, from, to }] of findPages(bytes).entries()) {
    const content = bytes.subarray(from, to);
    last = createHash("sha256").update(last).update(content).digest();
    if (number === 0 || isUnhashed(bytes)) bytes.writeUInt32LE(crc32c(content, number), sum);
    else bytes.set(last, sum);
  }
  return bytes;
}

/** Format 1: every page has a CRC-32C. */
const isUnhashed = (bytes: Uint8Array): boolean => bytes[LENGTH + CRC + 1] === 1;

// The pages of a checkpoint file. A page is its length and its checksum, four bytes little-endian each, and its content, whose first byte says
// what it is: the header, nodes of one store in post-order, or the end with the number of pages before it. The checksum starts from the page's
// number, so that a page in the wrong place does not pass.

import { closeSync, openSync, readSync } from "node:fs";
import { ByteReader, type ByteWriter } from "./byteStream.ts";
import { formatCrc } from "./commitRecord.ts";
import { crc32c } from "./crc32c.ts";
import { StoreError } from "./storeError.ts";

/** Layout of header and nodes; raised when it changes. */
export const checkpointFormat = 1;
/** What a page holds. */
export const pageKind = { header: 0x48, nodes: 0x4e, end: 0x45 } as const;
/** A page of nodes is closed at this size, in bytes. */
export const pageBytes = 1 << 20;

const frameBytes = 8;

/** A page that passed its checksum, read up to behind its kind. */
export interface Page {
  readonly kind: number;
  readonly input: ByteReader;
  /** Names the page in errors. */
  readonly what: string;
}

/** The page as it stands in the file. */
export function framePage(content: ByteWriter, number: number): Buffer {
  const bytes = content.finish();
  const framed = Buffer.allocUnsafe(frameBytes + bytes.length);
  framed.writeUInt32LE(bytes.length, 0);
  framed.writeUInt32LE(crc32c(bytes, number), 4);
  framed.set(bytes, frameBytes);
  return framed;
}

/**
 * The pages of a file, each checked before it is given out; complete only when the last one was the end page.
 * @throws store/13 naming file, page and both checksums
 */
export function* readPages(path: string): Generator<Page, void, undefined> {
  const file = openSync(path, "r");
  try {
    let at = 0;
    for (let number = 0; ; number += 1) {
      const what = `${path} page ${number}`;
      const frame = readExactly(file, at, frameBytes, what);
      const content = readExactly(file, at + frameBytes, frame.readUInt32LE(0), what);
      const expected = frame.readUInt32LE(4);
      const found = crc32c(content, number);
      if (found !== expected) {
        throw new StoreError("corruptRecord", `${what} at byte ${at}: expected crc32c ${formatCrc(expected)}, got ${formatCrc(found)}`);
      }
      at += frameBytes + content.length;
      const input = new ByteReader(content, what);
      const kind = input.byte();
      yield { kind, input, what };
      if (kind === pageKind.end) return;
    }
  } finally {
    closeSync(file);
  }
}

function readExactly(file: number, at: number, length: number, what: string): Buffer {
  // A damaged length must not allocate gigabytes: read in steps and stop at the end of the file.
  const parts: Buffer[] = [];
  for (let read = 0; read < length; ) {
    const part = Buffer.allocUnsafe(Math.min(length - read, 4 * pageBytes));
    const count = readSync(file, part, 0, part.length, at + read);
    if (count === 0) throw new StoreError("corruptRecord", `${what} at byte ${at}: expected ${length} bytes, the file ends after ${read}`);
    parts.push(part.subarray(0, count));
    read += count;
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

// The pages of a checkpoint file. A page is a frame and its content, whose first byte says what it is: the header, nodes of one store in post-order,
// or the end with the number of pages before it. A frame is the length of the content, four bytes little-endian, and a checksum. That of the
// header is a CRC-32C, so that whoever knows any format can read which one it is. Behind it a page has the SHA-256 of the digest of the page before it and
// of its content: the digest covers the file up to there, so no page passes in another place or another file.

import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { toHex } from "../encoding/bytes.ts";
import { ByteReader } from "./byteStream.ts";
import { crc32c } from "./crc32c.ts";
import { StoreError } from "./storeError.ts";

/** Layout of header and nodes; raised when it changes. */
export const checkpointFormat = 2;
/** The layout before, which is still read: nodes without hashes, every page with a CRC-32C that starts from the page's number. */
export const unhashedFormat = 1;
/** What a page holds. */
export const pageKind = { header: 0x48, nodes: 0x4e, end: 0x45 } as const;
/** A page of nodes is closed at this size, in bytes. */
export const pageBytes = 1 << 20;

const lengthBytes = 4;

/** A page that passed its checksum, read up to behind its kind; its bytes stay until the next page is read. */
export interface Page {
  readonly kind: number;
  readonly input: ByteReader;
  /** Names the page in errors. */
  readonly what: string;
}

/** The checksum of a page. */
interface Check {
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /** @param number of the page in its file, from 0 */
  of(content: Uint8Array, number: number): Uint8Array;
}

const crcCheck: Check = {
  name: "crc32c",
  size: 4,
  of(content, number) {
    const crc = Buffer.allocUnsafe(crcCheck.size);
    crc.writeUInt32LE(crc32c(content, number), 0);
    return crc;
  },
};

/** @param header content of the first page */
function chainFrom(header: Uint8Array): Check {
  let last = createHash("sha256").update(header).digest();
  return {
    name: "sha256",
    size: last.length,
    of(content) {
      last = createHash("sha256").update(last).update(content).digest();
      return last;
    },
  };
}

/** Puts the pages of one file into their frames, from the header on. */
export class PageFramer {
  #chain: Check | undefined;
  #number = 0;

  /** The next page as it stands in the file. */
  frame(content: Uint8Array): Buffer {
    const check = this.#chain ?? crcCheck;
    this.#chain ??= chainFrom(content);
    const framed = Buffer.allocUnsafe(lengthBytes + check.size + content.length);
    framed.writeUInt32LE(content.length, 0);
    framed.set(check.of(content, this.#number), lengthBytes);
    framed.set(content, lengthBytes + check.size);
    this.#number += 1;
    return framed;
  }
}

/**
 * The pages of a file, each checked before it is given out; complete only when the last one was the end page.
 * @throws store/13 naming file, page and both checksums
 */
export function* readPages(path: string): Generator<Page, void, undefined> {
  const file = new PageFile(path);
  try {
    const header = file.next(crcCheck);
    const [kind, format] = header;
    const check = kind === pageKind.header && format === unhashedFormat ? crcCheck : chainFrom(header);
    for (let content = header; ; content = file.next(check)) {
      const input = new ByteReader(content, file.what);
      const page = { kind: input.byte(), input, what: file.what };
      yield page;
      if (page.kind === pageKind.end) return;
    }
  } finally {
    file.close();
  }
}

/** A file that is read page by page into the same memory. */
class PageFile {
  readonly #path: string;
  readonly #file: number;
  #buffer = Buffer.allocUnsafeSlow(pageBytes + (pageBytes >>> 2));
  #at = 0;
  #number = -1;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "r");
  }

  /** Names the page that was read last. */
  get what(): string {
    return `${this.#path} page ${this.#number}`;
  }

  /** The content of the next page. */
  next({ name, size, of }: Check): Buffer {
    this.#number += 1;
    const at = this.#at;
    const frame = Buffer.from(this.#read(lengthBytes + size));
    const content = this.#read(frame.readUInt32LE(0));
    const expected = frame.subarray(lengthBytes);
    const found = of(content, this.#number);
    if (expected.equals(found)) return content;
    throw new StoreError("corruptRecord", `${this.what} at byte ${at}: expected ${name} ${toHex(expected)}, got ${toHex(found)}`);
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(length: number): Buffer {
    for (let read = 0; read < length; ) {
      // A damaged length must not allocate gigabytes: room is made as far as the file goes.
      if (read === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], Math.min(length, 2 * read));
      const count = readSync(this.#file, this.#buffer, read, Math.min(length, this.#buffer.length) - read, this.#at + read);
      if (count === 0)
        throw new StoreError("corruptRecord", `${this.what} at byte ${this.#at}: expected ${length} bytes, the file ends after ${read}`);
      read += count;
    }
    this.#at += length;
    return this.#buffer.subarray(0, length);
  }
}

import { BinaryReader } from "@bufbuild/protobuf/wire";
import { readKnownText } from "./knownTexts.ts";

/** A type of messages, known as one that reads bytes. */
interface MessageType<T> {
  decode(bytes: Uint8Array): T;
}

/** The same as ts-proto generates it. */
interface GeneratedType<T> {
  decode(input: BinaryReader | Uint8Array, length?: number): T;
}

/** Reads the messages of one transaction: one reader for all, and texts that were read lately are not made again. */
export class TxReader extends BinaryReader {
  readonly #bytes: Uint8Array;

  /** @param bytes the whole transaction */
  constructor(bytes: Uint8Array) {
    super(bytes);
    this.#bytes = bytes;
  }

  /** The message in a part of the transaction. CONTRACT: the type is generated, the part a view into the same memory. */
  read<T>(type: MessageType<T>, part: Uint8Array): T {
    this.pos = part.byteOffset - this.#bytes.byteOffset;
    return (type as GeneratedType<T>).decode(this, part.length);
  }

  override string(strict?: boolean): string {
    const from = this.pos;
    const length = this.uint32();
    const start = this.pos;
    const text = start + length > this.len ? undefined : readKnownText(this.#bytes, start, start + length);
    if (text === undefined) {
      this.pos = from;
      return super.string(strict);
    }
    this.pos = start + length;
    return text;
  }
}

import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { cutBytes } from "../encoding/slab.ts";

/**
 * Largest ABCI message accepted from the socket, in bytes. A block may hold 100 MiB of transactions (CometBFT's hard limit);
 * the rest is room for votes, evidence and field headers.
 */
export const MAX_MESSAGE_BYTES = 128 * 1024 * 1024;

/** Why a byte stream is not a stream of ABCI frames. The connection it came from cannot be used any further. */
export class FramingError extends Error {
  override readonly name = "FramingError";
}

/**
 * Cuts a byte stream into messages: each is an unsigned varint length followed by that many bytes
 * (CometBFT v0.38 abci/types/messages.go; releases up to 0.36 used a zig-zag length and are not understood).
 * Memory grows with what has arrived, never with what a length claims.
 */
export class FrameReader {
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  /** Bytes held in #chunks. */
  #held = 0;
  /** Length of the message being collected; undefined while its varint is incomplete. */
  #need: number | undefined;

  /** @param limit largest message accepted, in bytes. */
  constructor(limit: number = MAX_MESSAGE_BYTES) {
    this.#limit = limit;
  }

  /** True between two frames, the only place where a stream may end. */
  get atBorder(): boolean {
    return this.#need === undefined && this.#held === 0;
  }

  /** What is here of the message that is coming in, in words: `3 of 100 bytes`. */
  get progress(): string {
    return this.#need === undefined ? "part of its length" : `${this.#held} of ${this.#need} bytes`;
  }

  /**
   * Takes the next bytes of the stream, cut anywhere.
   *
   * @param chunk is not kept: messages are copies, so that one that is kept does not hold a whole socket buffer in memory.
   * @returns the messages completed by it, in order.
   * @throws FramingError when a length is longer than five bytes, above the limit or not minimal; the reader must not be used again.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    const messages: Uint8Array[] = [];
    let at = 0;
    while (true) {
      if (this.#need === undefined) {
        const after = this.#readLength(chunk, at);
        if (after === undefined) return messages;
        at = after;
      }
      const need = this.#need ?? 0;
      const end = at + need - this.#held;
      if (end > chunk.length) {
        if (at < chunk.length) this.#keep(chunk.subarray(at));
        return messages;
      }
      messages.push(this.#join(chunk.subarray(at, end), need));
      at = end;
      this.#need = undefined;
    }
  }

  /** Reads the length that starts in the kept bytes and goes on in `chunk` at `from`; returns the place behind it, or undefined when it is incomplete. */
  #readLength(chunk: Uint8Array, from: number): number | undefined {
    let value = 0;
    let index = 0;
    const kept = this.#chunks[0];
    const keptLength = this.#held;
    while (true) {
      const byte = index < keptLength ? kept?.[index] : chunk[from + index - keptLength];
      if (byte === undefined) break;
      if (index >= 4 && byte > 0x0f) throw new FramingError("a message length takes more than 32 bits");
      // Multiplied, not shifted: the fifth byte would reach the sign bit.
      value += (byte & 0x7f) * 2 ** (7 * index);
      index++;
      if (byte < 0x80) {
        if (byte === 0 && index > 1) throw new FramingError("a message length is not written in its shortest form");
        if (value > this.#limit) throw new FramingError(`a message of ${value} bytes is above the limit of ${this.#limit}`);
        this.#chunks = [];
        this.#held = 0;
        this.#need = value;
        return from + index - keptLength;
      }
    }
    // At most four bytes: copied together, so that the kept part of a length is always one chunk.
    const rest = chunk.subarray(from);
    const partial = new Uint8Array(keptLength + rest.length);
    if (kept !== undefined) partial.set(kept);
    partial.set(rest, keptLength);
    this.#chunks = partial.length > 0 ? [partial] : [];
    this.#held = partial.length;
    return undefined;
  }

  #keep(bytes: Uint8Array): void {
    this.#chunks.push(bytes.slice());
    this.#held += bytes.length;
  }

  #join(last: Uint8Array, length: number): Uint8Array {
    const message = cutBytes(length);
    let at = 0;
    for (const chunk of this.#chunks) {
      message.set(chunk, at);
      at += chunk.length;
    }
    message.set(last, at);
    this.#chunks = [];
    this.#held = 0;
    return message;
  }
}

/**
 * Writes one message as a frame.
 *
 * @param message encoded protobuf message.
 * @returns varint length and message in one array.
 */
export function encodeFrame(message: Uint8Array): Uint8Array {
  return new BinaryWriter().bytes(message).finish();
}

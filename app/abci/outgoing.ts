import { putUvarint } from "../encoding/varint.ts";

/** Room for the answers to a burst of checks, some ten bytes each. */
const ROOM = 1 << 12;
/** Most bytes of a message's length. */
const LENGTH_BYTES = 5;

/** Answers on their way to the socket, one behind the other in one array: thousands come in a second, and parts that are joined later are objects. */
export class Outgoing {
  #bytes = new Uint8Array(ROOM);
  #end = 0;

  get isEmpty(): boolean {
    return this.#end === 0;
  }

  /** Begins a frame. @param length bytes of the message that follows, below 2^31 */
  begin(length: number): void {
    this.#reserve(LENGTH_BYTES);
    this.#end = putUvarint(this.#bytes, this.#end, length);
  }

  /** Puts the next bytes of a message. */
  put(part: Uint8Array): void {
    this.#reserve(part.length);
    this.#bytes.set(part, this.#end);
    this.#end += part.length;
  }

  /** All that was put since the last call. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#end);
    this.#bytes = new Uint8Array(ROOM);
    this.#end = 0;
    return taken;
  }

  #reserve(size: number): void {
    const needed = this.#end + size;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}

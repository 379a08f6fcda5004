import { ByteSlots } from "../encoding/byteSlots.ts";

/** Places for numbers: 3.5 MB, of which a chain touches what its accounts need. */
const PLACES = 1 << 17;
const [ADDRESS_BYTES, NUMBER_BYTES] = [20, 6];
const LIMIT = 1n << 48n;

/**
 * Numbers of accounts that sign again and again, by their addresses. An account keeps the number that it was made with, so nobody looks whether one has
 * changed. CONTRACT: only for what can save time, never for what is agreed on.
 */
export class AccountNumbers {
  readonly #known = new ByteSlots(PLACES, ADDRESS_BYTES, NUMBER_BYTES);

  /** @param address 20 bytes */
  find(address: Uint8Array): bigint | undefined {
    const bytes = this.#known.find(address);
    if (bytes === undefined) return undefined;
    let number = 0;
    for (const byte of bytes) number = number * 256 + byte;
    return BigInt(number);
  }

  /** Remembers a number; one of more than 48 bits is forgotten at once. CONTRACT: it was not found. @param address 20 bytes */
  set(address: Uint8Array, number: bigint): void {
    if (number >= LIMIT) return;
    const bytes = new Uint8Array(NUMBER_BYTES);
    let rest = Number(number);
    for (let at = NUMBER_BYTES - 1; at >= 0; at--) {
      bytes[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.#known.set(address, bytes);
  }
}

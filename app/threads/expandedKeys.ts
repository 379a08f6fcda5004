import { ByteSlots } from "../encoding/byteSlots.ts";
import type { Secp256k1Library } from "../runtime/secp256k1Backend.ts";

/** Places for keys: 6.5 MB, of which a chain touches what its accounts need. */
const PLACES = 1 << 16;
const [KEY_BYTES, POINT_BYTES] = [33, 64];
/** First byte of a key that has both coordinates. */
const WHOLE = 4;

/**
 * Keys with both coordinates of their points, of those who sign again and again: the square root that a key of 33 bytes needs is a tenth of a check.
 * DETERMINISM: both forms name the same point, so they find the same signatures right.
 */
export class ExpandedKeys {
  readonly #backend: Secp256k1Library;
  readonly #known = new ByteSlots(PLACES, KEY_BYTES, POINT_BYTES);
  readonly #key = Uint8Array.of(WHOLE, ...new Uint8Array(POINT_BYTES));

  constructor(backend: Secp256k1Library) {
    this.#backend = backend;
  }

  /** The key as 65 bytes, in an array that is the same each time; one that is no point of the curve as it is. */
  expand(publicKey: Uint8Array): Uint8Array {
    const known = this.#known.find(publicKey);
    if (known !== undefined) {
      this.#key.set(known, 1);
      return this.#key;
    }
    const key = this.#backend.expand(publicKey);
    if (key === undefined) return publicKey;
    this.#known.set(publicKey, key.subarray(1));
    return key;
  }
}

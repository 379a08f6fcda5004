import { createRecentMap } from "../runtime/recentMap.ts";
import type { Secp256k1Library } from "../runtime/secp256k1Backend.ts";
import { formatKeyText } from "../store/keyText.ts";

/** Keys remembered at least. */
const REMEMBERED = 16_384;

/**
 * Keys with both coordinates of their points, of those who sign again and again: the square root that a key of 33 bytes needs is a tenth of a check.
 * DETERMINISM: both forms name the same point, so they find the same signatures right.
 */
export class ExpandedKeys {
  readonly #backend: Secp256k1Library;
  readonly #known = createRecentMap<Uint8Array>(REMEMBERED);

  constructor(backend: Secp256k1Library) {
    this.#backend = backend;
  }

  /** The key as 65 bytes; one that is no point of the curve as it is. */
  expand(publicKey: Uint8Array): Uint8Array {
    const name = formatKeyText(publicKey);
    let key = this.#known.find(name);
    if (key === undefined) {
      key = this.#backend.expand(publicKey) ?? publicKey.slice();
      this.#known.set(name, key);
    }
    return key;
  }
}

import type { ValueCodec } from "./codec.ts";

/** As the constructor below gives back what it is given, a class over it puts its private fields on an object that it did not make. */
function bear(bytes: Uint8Array): Uint8Array {
  return bytes;
}
const Bearer = bear as unknown as new (bytes: Uint8Array) => object;

/**
 * A value on the array of its bytes, where nobody else sees it. A map by arrays would have to be cleared, and until then hold what nobody asks for any
 * more: with some records written per validator and block, moving those took collections a tenth of a block.
 */
class KeptValue extends Bearer {
  #owner: object;
  #value: unknown;

  private constructor(bytes: Uint8Array, owner: object, value: unknown) {
    super(bytes);
    this.#owner = owner;
    this.#value = value;
  }

  static put(bytes: Uint8Array, owner: object, value: unknown): void {
    if (!(#owner in bytes)) {
      new KeptValue(bytes, owner, value);
      return;
    }
    bytes.#owner = owner;
    bytes.#value = value;
  }

  /** @returns undefined when there is none of that owner */
  static find(bytes: Uint8Array, owner: object): unknown {
    return #owner in bytes && bytes.#owner === owner ? bytes.#value : undefined;
  }
}

/**
 * A codec whose values stay with their bytes: for records that many blocks read and write, of which the bytes stay the same array until somebody
 * writes over them. What it returns is shared. CONTRACT: nobody changes it. A walk over many values leaves nothing behind.
 * DETERMINISM: a value depends on its bytes alone, so that nobody can tell whether it was kept.
 */
export function kept<V>(codec: ValueCodec<V>): ValueCodec<V> {
  const owner = {};
  return {
    json: codec.json,
    encode(value) {
      const bytes = codec.encode(value);
      KeptValue.put(bytes, owner, value);
      return bytes;
    },
    decode(bytes) {
      const known = KeptValue.find(bytes, owner);
      if (known !== undefined) return known as V;
      const value = codec.decode(bytes);
      KeptValue.put(bytes, owner, value);
      return value;
    },
    scan: (bytes) => (KeptValue.find(bytes, owner) as V | undefined) ?? (codec.scan ?? codec.decode)(bytes),
  };
}

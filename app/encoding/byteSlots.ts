/**
 * Byte strings of one length and what they lead to, of one length too, remembered in a fixed number of places of one array: nothing of it is an object
 * that a collection moves or looks at, however many there are. A key has two places; a newcomer takes the first and moves who was there to the second.
 * For what can be made again: keys that end alike push each other out, which only costs time.
 */
export class ByteSlots {
  readonly #keyBytes: number;
  readonly #stride: number;
  readonly #mask: number;
  /** Rows of a mark that somebody is there, a key and its value; made when there is something to remember. */
  #rows: Uint8Array | undefined;

  /** @param places a power of two, at least 2 @param keyBytes at least 4 */
  constructor(places: number, keyBytes: number, valueBytes: number) {
    this.#keyBytes = keyBytes;
    this.#stride = 1 + keyBytes + valueBytes;
    this.#mask = places - 2;
  }

  /** A copy of what a key of the right length leads to. */
  find(key: Uint8Array): Uint8Array | undefined {
    const rows = this.#rows;
    if (rows === undefined) return undefined;
    const [stride, keyBytes] = [this.#stride, this.#keyBytes];
    const first = this.#rowOf(key);
    for (let row = first; row <= first + stride; row += stride)
      if (isAt(rows, row, key, keyBytes)) return rows.slice(row + 1 + keyBytes, row + stride);
    return undefined;
  }

  /** CONTRACT: the key was not found; both lengths are right. */
  set(key: Uint8Array, value: Uint8Array): void {
    this.#rows ??= new Uint8Array((this.#mask + 2) * this.#stride);
    const row = this.#rowOf(key);
    this.#rows.copyWithin(row + this.#stride, row, row + this.#stride);
    this.#rows[row] = 1;
    this.#rows.set(key, row + 1);
    this.#rows.set(value, row + 1 + this.#keyBytes);
  }

  /** By the last bytes. */
  #rowOf(key: Uint8Array): number {
    let hash = 0;
    for (let i = this.#keyBytes - 4; i < this.#keyBytes; i++) hash = Math.imul(hash ^ (key[i] ?? 0), 0x01000193);
    return ((hash ^ (hash >>> 15)) & this.#mask) * this.#stride;
  }
}

function isAt(rows: Uint8Array, row: number, key: Uint8Array, length: number): boolean {
  if (rows[row] !== 1) return false;
  for (let i = 0; i < length; i++) if (rows[row + 1 + i] !== key[i]) return false;
  return true;
}

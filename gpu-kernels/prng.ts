/** The generator of test data (specification §8): xorshift32. The same on every machine; never for secrets. */
export class Xorshift {
  #state: number;

  /** @param seed 1…2^32−1 */
  constructor(seed: number) {
    this.#state = seed | 0;
    if (this.#state === 0) throw new RangeError("seed: expected 1 to 2^32-1, got 0");
  }

  /** The next unsigned 32-bit integer. */
  next(): number {
    let s = this.#state;
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    this.#state = s;
    return s >>> 0;
  }

  /** An integer of −a…a. */
  amp(a: number): number {
    return ((this.next() >>> 8) % (2 * a + 1)) - a;
  }
}

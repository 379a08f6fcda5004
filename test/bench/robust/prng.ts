/** Random numbers from a seed: xorshift32 as in kernels-spec §8. */
export class Prng {
  #state: number;

  /** @param seed any integer; 0 counts as 1 */
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** Uniform over 0 … 2^32 − 1 but 0. */
  next(): number {
    let s = this.#state;
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    this.#state = s >>> 0;
    return this.#state;
  }

  /** Uniform integer of −a … a. */
  amp(a: number): number {
    return ((this.next() >>> 8) % (2 * a + 1)) - a;
  }

  /** Uniform over [0, 1). */
  unit(): number {
    return (this.next() >>> 8) / 2 ** 24;
  }
}

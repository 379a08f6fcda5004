/** A seeded source of numbers: the same seed gives the same run (xorshift32). @param seed not zero */
export function createRandom(seed: number): { below(limit: number): number } {
  let state = seed >>> 0;
  return {
    /** A whole number from 0 to limit - 1. */
    below(limit) {
      state ^= state << 13;
      state >>>= 0;
      state ^= state >>> 17;
      state ^= state << 5;
      state >>>= 0;
      return state % limit;
    },
  };
}

/** A seeded source of numbers: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Evenly spread over 0 … below 1, in steps of 2^-32. */
  next(): number;
  /** Mean 0, deviation 1: the sum of twelve even draws, so that no transcendental function is needed; never beyond ±6. */
  normal(): number;
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/**
 * xoshiro128** of Blackman and Vigna, its state filled from the seed by SplitMix32.
 * @param seed 0 … 2^32 − 1
 */
export function createRandom(seed: number): Random {
  let mix = seed >>> 0;
  const fill = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let [a, b, c, d] = [fill(), fill(), fill(), fill()];
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result / 2 ** 32;
  };
  const normal = (): number => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += next();
    return sum;
  };
  return { next, normal };
}

import { createRandom } from "../market/random.ts";
import type { Random } from "../operations/randomMessage.ts";

/** Draws of a simulated chain: the same seed draws the same on every machine. */
export interface Draws extends Random {
  /** True once in `n` times. */
  once(n: number): boolean;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** One of a list by weight; the weights are whole numbers above 0. */
  weighted<T extends { readonly weight: number }>(list: readonly T[]): T;
  /** 0 … most, small ones as likely as large ones: first the number of digits is drawn, then the digits. @param most at least 0 */
  amount(most: bigint): bigint;
  /** So many bytes. */
  bytes(length: number): Uint8Array;
}

/** @param seed 0 … 2^32 − 1 */
export function createDraws(seed: number): Draws {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random.next() * limit);
  const pick = <T>(list: readonly T[]): T => {
    const found = list[below(list.length)];
    if (found === undefined) throw new Error("a list that is not empty expected");
    return found;
  };
  return {
    below,
    once: (n) => below(n) === 0,
    pick,
    weighted(list) {
      let left = below(list.reduce((sum, { weight }) => sum + weight, 0));
      for (const one of list) {
        left -= one.weight;
        if (left < 0) return one;
      }
      return pick(list);
    },
    amount(most) {
      const digits = 1 + below(most.toString().length);
      let value = 0n;
      for (let i = 0; i < digits; i++) value = value * 10n + BigInt(below(10));
      return value > most ? value % (most + 1n) : value;
    },
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}

// Features of a context (specification §6.1, §6.2): the sum of hashed ±1 vectors of its words, each together with the word under way.
import { MAX_COLS } from "./shape.ts";

/** Bytes of a context that count: the last ones. */
export const WINDOW = 64;
const WORDS = MAX_COLS / 32;

/**
 * The 12 words of a key: coordinate d of its vector is −1 where bit d & 31 of word d >> 5 is set, else +1.
 * @returns unsigned 32-bit integers
 */
export function keyWords(key: Uint8Array): Uint32Array {
  let h = 0x811c9dc5;
  for (const byte of key) h = Math.imul(h ^ byte, 0x01000193);
  return Uint32Array.from({ length: WORDS }, (_, k) => mix(h + Math.imul(k + 1, 0x9e3779b9)));
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Keys of a context: `w`, a word, `|`, and the word that the context ends in, if it ends in one.
 * @param context UTF-8 bytes, not normalised
 */
export function featureKeys(context: Uint8Array): Uint8Array[] {
  const window = context.subarray(Math.max(0, context.length - WINDOW));
  const runs: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at <= window.length; at++) {
    if (at < window.length && isWordByte(window[at] as number)) continue;
    // The last run is there even when it is empty: it is the word under way.
    if (at > from || at === window.length) runs.push(window.subarray(from, at));
    from = at + 1;
  }
  const last = runs.pop() as Uint8Array;
  return runs.map((word) => Uint8Array.of(0x77, ...word, 0x7c, ...last));
}

function isWordByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f || byte >= 0x80
  );
}

/**
 * Features u of a context.
 * @returns 384 sums, −32…32; all 0 without a word before the one under way
 */
export function features(context: Uint8Array): Int8Array {
  const u = new Int8Array(MAX_COLS);
  for (const key of featureKeys(context)) {
    const words = keyWords(key);
    for (let d = 0; d < MAX_COLS; d++) u[d] = (u[d] as number) + (((words[d >> 5] as number) >>> (d & 31)) & 1 ? -1 : 1);
  }
  return u;
}

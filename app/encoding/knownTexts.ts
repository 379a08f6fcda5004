/** Places for texts: 128 KiB, and texts that mostly live elsewhere too, as what addresses lead to. A power of two. */
const PLACES = 1 << 14;
/** Longest text that is remembered: addresses, names of types and coins, amounts. */
const LONGEST = 64;

/** Each text has two places that it may stand in; a newcomer takes the first one of them and moves who was there to the second. */
const places = new Array<string>(PLACES).fill("");

/**
 * The text of `bytes[start, end)`, short ASCII, the same string when it was read lately. Transactions name the same few thousand addresses, types and
 * coins: to compare a text costs a fifth of making it, it need not be hashed again, and the strings that wait with transactions are shared. What it
 * comes to follows from the bytes alone; texts that end alike push each other out, which only costs time.
 * @returns undefined for other text
 */
export function readKnownText(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > LONGEST) return undefined;
  const place = placeOf(bytes, start, end);
  const first = places[place] as string;
  if (isTextOf(first, bytes, start, end)) return first;
  const second = places[place + 1] as string;
  if (isTextOf(second, bytes, start, end)) return second;
  const text = makeText(bytes, start, end);
  if (text === undefined) return undefined;
  places[place + 1] = first;
  places[place] = text;
  return text;
}

function isTextOf(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = start; i < end; i++) if (text.charCodeAt(i - start) !== bytes[i]) return false;
  return true;
}

/** Made of codes at once: a text that grows by single letters is a tree of texts. */
function makeText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const codes = new Array<number>(end - start);
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte > 127) return undefined;
    codes[i - start] = byte;
  }
  return String.fromCharCode.apply(null, codes);
}

/** By the last letters, in which addresses differ most: they are a checksum. */
function placeOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = Math.max(end - 6, start); i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) & (PLACES - 2);
}

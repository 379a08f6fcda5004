import { EncodingError } from "./encodingError.ts";
import { TextSlots } from "./textSlots.ts";

/** A bech32 text taken apart: the text and the part before its last `1` in lower case, and the data as bytes. */
export interface Bech32 {
  readonly text: string;
  readonly prefix: string;
  readonly bytes: Uint8Array;
}

const CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const DIGIT = new Int8Array(128).fill(-1);
for (let i = 0; i < CHARSET.length; i++) DIGIT[CHARSET.charCodeAt(i)] = i;
const CODE = Uint8Array.from(CHARSET, (character) => character.charCodeAt(0));
const SEPARATOR_CODE = 49;
/** The generator of BIP-173, times each power of the field's primitive element. */
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** What a digit that leaves the word is multiplied into. */
const FEEDBACK = Int32Array.from({ length: 32 }, (_, top) =>
  GENERATOR.reduce((sum, coefficients, bit) => (((top >>> bit) & 1) === 0 ? sum : sum ^ coefficients), 0),
);

/** Longest data and text; the SDK's limits (address 255 bytes, text 1023 characters), not the 90 characters of BIP-173. */
const MAX_DATA_BYTES = 255;
const MAX_TEXT = 1023;
const MIN_TEXT = 8;
const CHECKSUM_LENGTH = 6;

/**
 * Bech32 text of bytes (BIP-173), lower case.
 * @param prefix 1–83 printable ASCII characters, no upper case
 * @param bytes at most 255 bytes
 * @throws sdk/7 on another prefix or longer data.
 */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  if (!/^[!-@[-~]{1,83}$/.test(prefix)) throw bech32Error(`invalid human-readable part ${JSON.stringify(prefix)}`);
  if (bytes.length > MAX_DATA_BYTES) throw bech32Error(`at most ${MAX_DATA_BYTES} bytes expected, got ${bytes.length}`);
  // Made of codes at once: a text that grows by single letters is a tree of texts.
  const codes: number[] = [];
  for (let i = 0; i < prefix.length; i++) codes.push(prefix.charCodeAt(i));
  codes.push(SEPARATOR_CODE);
  let state = prefixState(prefix);
  let window = 0;
  let bits = 0;
  for (let i = 0; i < bytes.length; i++) {
    window = ((window << 8) | (bytes[i] ?? 0)) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) {
      const digit = (window >>> (bits - 5)) & 31;
      state = step(state, digit);
      codes.push(CODE[digit] ?? 0);
    }
  }
  if (bits > 0) {
    const digit = (window << (5 - bits)) & 31;
    state = step(state, digit);
    codes.push(CODE[digit] ?? 0);
  }
  const checksum = checksumOf(state);
  for (let shift = 5 * (CHECKSUM_LENGTH - 1); shift >= 0; shift -= 5) codes.push(CODE[(checksum >>> shift) & 31] ?? 0);
  return String.fromCharCode.apply(null, codes);
}

/**
 * Takes a bech32 text apart; all lower or all upper case. The texts of the errors are the SDK's, which wallets show.
 * @throws sdk/7 `decoding bech32 failed: …`
 */
export function decodeBech32(text: string): Bech32 {
  const lower = inLowerCase(text);
  const separator = lower.lastIndexOf("1");
  const end = lower.length - CHECKSUM_LENGTH;
  if (separator < 1 || separator + 1 > end) throw bech32Error(`invalid separator index ${separator}`);
  const prefix = lower.slice(0, separator);
  const bytes = new Uint8Array(((end - separator - 1) * 5) >>> 3);
  let state = prefixState(prefix);
  let window = 0;
  let bits = 0;
  let at = 0;
  for (let i = separator + 1; i < end; i++) {
    const digit = digitOf(lower, i);
    state = step(state, digit);
    window = ((window << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (window >>> bits) & 0xff;
  }
  let checksum = 0;
  for (let i = end; i < lower.length; i++) checksum = (checksum << 5) | digitOf(lower, i);
  const expected = checksumOf(state);
  if (checksum !== expected) throw bech32Error(`invalid checksum (expected ${formatChecksum(expected)} got ${lower.slice(end)})`);
  if (bits >= 5 || (window & ((1 << bits) - 1)) !== 0) throw bech32Error("invalid incomplete group");
  if (bytes.length > MAX_DATA_BYTES) throw bech32Error(`at most ${MAX_DATA_BYTES} bytes expected, got ${bytes.length}`);
  return { text: lower, prefix, bytes };
}

/** @throws sdk/7 on a length, a character or a mixture of cases that no bech32 text has */
function inLowerCase(text: string): string {
  // Texts are measured and looked through by bytes; what has others than ASCII fails either way.
  if (text.length < MIN_TEXT || text.length > MAX_TEXT) requireLength(text);
  let hasLower = false;
  let hasUpper = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 33 || code > 126) refuseCharacter(text, i);
    if (code >= 97 && code <= 122) hasLower = true;
    else if (code >= 65 && code <= 90) hasUpper = true;
  }
  if (hasLower && hasUpper) throw bech32Error("string not all lowercase or all uppercase");
  return hasUpper ? text.toLowerCase() : text;
}

function requireLength(text: string): void {
  const { length } = new TextEncoder().encode(text);
  if (length < MIN_TEXT || length > MAX_TEXT) throw bech32Error(`invalid bech32 string length ${length}`);
}

/** Of a character outside of ASCII the first byte is told, as the character of that number. */
function refuseCharacter(text: string, at: number): never {
  requireLength(text);
  const [byte = 0] = new TextEncoder().encode(text.slice(at, at + 2));
  throw bech32Error(`invalid character in string: '${String.fromCharCode(byte)}'`);
}

/** Both directions with a bounded memory: the same few thousand addresses occur in every block. Results must not be changed by callers. */
export interface Bech32Cache {
  encode(prefix: string, bytes: Uint8Array): string;
  decode(text: string): Bech32;
}

/** Makes a cache of at most `limit` texts of each prefix and direction. @param limit a power of two, at least 2 */
export function createBech32Cache(limit = 16_384): Bech32Cache {
  const decoded = new TextSlots<Bech32>(limit);
  const encoded = new Map<string, TextSlots<string>>();
  return {
    decode(text) {
      const known = decoded.find(text);
      if (known !== undefined) return known;
      const parts = decodeBech32(text);
      decoded.set(text, parts);
      return parts;
    },
    encode(prefix, bytes) {
      let texts = encoded.get(prefix);
      if (texts === undefined) {
        texts = new TextSlots(limit);
        encoded.set(prefix, texts);
      }
      const name = nameOf(bytes);
      const known = texts.find(name);
      if (known !== undefined) return known;
      const text = encodeBech32(prefix, bytes);
      texts.set(name, text);
      return text;
    },
  };
}

/** Bytes as characters of the same codes. Reading addresses out of the state spends much of its time here, and most have 20 bytes. */
function nameOf(b: Uint8Array): string {
  if (b.length !== 20) return String.fromCharCode.apply(null, b as unknown as number[]);
  const n = b as unknown as Twenty;
  return String.fromCharCode(
    n[0],
    n[1],
    n[2],
    n[3],
    n[4],
    n[5],
    n[6],
    n[7],
    n[8],
    n[9],
    n[10],
    n[11],
    n[12],
    n[13],
    n[14],
    n[15],
    n[16],
    n[17],
    n[18],
    n[19],
  );
}

type Twenty = Record<0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19, number>;

function bech32Error(reason: string): EncodingError {
  return new EncodingError("sdk", 7, `decoding bech32 failed: ${reason}`);
}

function digitOf(text: string, at: number): number {
  const code = text.charCodeAt(at);
  const digit = DIGIT[code] ?? -1;
  if (digit < 0) throw bech32Error(`invalid character not part of charset: ${code}`);
  return digit;
}

function formatChecksum(checksum: number): string {
  let text = "";
  for (let shift = 5 * (CHECKSUM_LENGTH - 1); shift >= 0; shift -= 5) text += CHARSET.charAt((checksum >>> shift) & 31);
  return text;
}

/** The state of the checksum behind a prefix: the polynomial of BIP-173 over GF(32), computed on 30-bit words. */
function prefixState(prefix: string): number {
  let state = 1;
  for (let i = 0; i < prefix.length; i++) state = step(state, prefix.charCodeAt(i) >>> 5);
  state = step(state, 0);
  for (let i = 0; i < prefix.length; i++) state = step(state, prefix.charCodeAt(i) & 31);
  return state;
}

/** Six digits in 30 bits that belong behind the data. */
function checksumOf(state: number): number {
  let end = state;
  for (let i = 0; i < CHECKSUM_LENGTH; i++) end = step(end, 0);
  return end ^ 1;
}

function step(state: number, digit: number): number {
  return ((state & 0x1ffffff) << 5) ^ digit ^ (FEEDBACK[state >>> 25] ?? 0);
}

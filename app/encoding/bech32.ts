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
  const digits = toDigits(bytes);
  return `${prefix}1${charactersOf(digits)}${charactersOf(checksum(prefix, digits))}`;
}

/**
 * Takes a bech32 text apart; all lower or all upper case. The texts of the errors are the SDK's, which wallets show.
 * @throws sdk/7 `decoding bech32 failed: …`
 */
export function decodeBech32(text: string): Bech32 {
  if (text.length < MIN_TEXT || text.length > MAX_TEXT) throw bech32Error(`invalid bech32 string length ${text.length}`);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 33 || code > 126) throw bech32Error(`invalid character in string: '${text.charAt(i)}'`);
  }
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) throw bech32Error("string not all lowercase or all uppercase");
  const separator = lower.lastIndexOf("1");
  if (separator < 1 || separator + CHECKSUM_LENGTH + 1 > lower.length) throw bech32Error(`invalid separator index ${separator}`);
  const prefix = lower.slice(0, separator);
  const digits = digitsOf(lower, separator + 1);
  const data = digits.subarray(0, digits.length - CHECKSUM_LENGTH);
  const expected = charactersOf(checksum(prefix, data));
  const got = lower.slice(-CHECKSUM_LENGTH);
  if (expected !== got) throw bech32Error(`invalid checksum (expected ${expected} got ${got})`);
  const bytes = toBytes(data);
  if (bytes.length > MAX_DATA_BYTES) throw bech32Error(`at most ${MAX_DATA_BYTES} bytes expected, got ${bytes.length}`);
  return { text: lower, prefix, bytes };
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

function digitsOf(text: string, from: number): Uint8Array {
  const digits = new Uint8Array(text.length - from);
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = DIGIT[code] ?? -1;
    if (digit < 0) throw bech32Error(`invalid character not part of charset: ${code}`);
    digits[i - from] = digit;
  }
  return digits;
}

function charactersOf(digits: Uint8Array): string {
  let text = "";
  for (const digit of digits) text += CHARSET.charAt(digit);
  return text;
}

function toDigits(bytes: Uint8Array): Uint8Array {
  const digits: number[] = [];
  let window = 0;
  let bits = 0;
  for (const byte of bytes) {
    window = ((window << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      digits.push((window >>> bits) & 31);
    }
  }
  if (bits > 0) digits.push((window << (5 - bits)) & 31);
  return Uint8Array.from(digits);
}

function toBytes(digits: Uint8Array): Uint8Array {
  const bytes = new Uint8Array((digits.length * 5) >>> 3);
  let window = 0;
  let bits = 0;
  let at = 0;
  for (const digit of digits) {
    window = ((window << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (window >>> bits) & 0xff;
  }
  if (bits >= 5 || (window & ((1 << bits) - 1)) !== 0) throw bech32Error("invalid incomplete group");
  return bytes;
}

/** The polynomial of BIP-173 over GF(32), computed on 30-bit words. */
function checksum(prefix: string, digits: Uint8Array): Uint8Array {
  let state = 1;
  for (let i = 0; i < prefix.length; i++) state = step(state, prefix.charCodeAt(i) >>> 5);
  state = step(state, 0);
  for (let i = 0; i < prefix.length; i++) state = step(state, prefix.charCodeAt(i) & 31);
  for (const digit of digits) state = step(state, digit);
  for (let i = 0; i < CHECKSUM_LENGTH; i++) state = step(state, 0);
  state ^= 1;
  return Uint8Array.from({ length: CHECKSUM_LENGTH }, (_, i) => (state >>> (5 * (CHECKSUM_LENGTH - 1 - i))) & 31);
}

function step(state: number, digit: number): number {
  const top = state >>> 25;
  let next = ((state & 0x1ffffff) << 5) ^ digit;
  if ((top & 1) !== 0) next ^= 0x3b6a57b2;
  if ((top & 2) !== 0) next ^= 0x26508e6d;
  if ((top & 4) !== 0) next ^= 0x1ea119fa;
  if ((top & 8) !== 0) next ^= 0x3d4233dd;
  if ((top & 16) !== 0) next ^= 0x2a1462b3;
  return next;
}

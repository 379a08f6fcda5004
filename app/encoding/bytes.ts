import { invalidRequestError } from "./encodingError.ts";
import { cutBytes, IN_HEAP } from "./slab.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Order of two byte strings as unsigned bytes, a prefix first: negative, zero or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether two byte strings are the same. Not constant time: never for secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The parts one after another, in a new array. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** {@link concatBytes} of two parts, without a list of them: keys of state are made for every access. */
export function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/**
 * The bytes from one place to another: a copy where that is cheaper than a view. The first view of a small array moves its bytes out of V8's heap, which
 * takes five times as long as to copy them. CONTRACT: nobody changes either.
 */
export function partOf(bytes: Uint8Array, from: number, to = bytes.length): Uint8Array {
  return bytes.length <= IN_HEAP ? bytes.slice(from, to) : bytes.subarray(from, to);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal text of bytes. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/**
 * Bytes of hexadecimal text, either case, no prefix, no spaces.
 * @throws sdk/18 on an odd length or another character.
 */
export function fromHex(text: string): Uint8Array {
  if ((text.length & 1) === 1) throw invalidRequestError(`hexadecimal text of even length expected, got ${text.length} characters`);
  const bytes = new Uint8Array(text.length >>> 1);
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(text.charCodeAt(2 * i));
    const low = hexDigit(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0)
      throw invalidRequestError(`hexadecimal digits expected at character ${2 * i}, got ${JSON.stringify(text.slice(2 * i, 2 * i + 2))}`);
    bytes[i] = (high << 4) | low;
  }
  return bytes;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  if (code >= 65 && code <= 70) return code - 55;
  return -1;
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_VALUE = new Int8Array(128).fill(-1);
for (let i = 0; i < BASE64.length; i++) BASE64_VALUE[BASE64.charCodeAt(i)] = i;

const BASE64_CODE = Uint8Array.from(BASE64, (digit) => digit.charCodeAt(0));
const PADDING_CODE = 61;
/** Bytes, whole groups of three, that become text at once: more arguments than their digits a call may not have everywhere. */
const BASE64_SLICE = 3072;

/** Standard padded base64 (RFC 4648 §4) of bytes. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += BASE64_SLICE)
    text += sliceToBase64(bytes, from, Math.min(from + BASE64_SLICE, bytes.length));
  return text;
}

/** Made of codes at once: a text that grows by single digits is a tree of texts, forty times as large and flattened by who reads it. */
function sliceToBase64(bytes: Uint8Array, from: number, to: number): string {
  const codes = cutBytes(Math.ceil((to - from) / 3) * 4);
  let at = 0;
  for (let i = from; i < to; i += 3) {
    const left = to - i;
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    codes[at++] = BASE64_CODE[group >>> 18] ?? 0;
    codes[at++] = BASE64_CODE[(group >>> 12) & 63] ?? 0;
    codes[at++] = left > 1 ? (BASE64_CODE[(group >>> 6) & 63] ?? 0) : PADDING_CODE;
    codes[at++] = left > 2 ? (BASE64_CODE[group & 63] ?? 0) : PADDING_CODE;
  }
  return String.fromCharCode.apply(null, codes as unknown as number[]);
}

/**
 * Bytes of standard padded base64. Strict: padding, alphabet and zero rest bits must be exact, so that every byte string has one text.
 * @throws sdk/18 on anything else.
 */
export function fromBase64(text: string): Uint8Array {
  if ((text.length & 3) !== 0) throw invalidRequestError(`padded base64 expected, got ${text.length} characters`);
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length >>> 2) * 3 - padding);
  const digits = text.length - padding;
  let group = 0;
  let at = 0;
  for (let i = 0; i < digits; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? (BASE64_VALUE[code] ?? -1) : -1;
    if (value < 0) throw invalidRequestError(`base64 expected, got ${JSON.stringify(text.charAt(i))} at character ${i}`);
    group = ((group << 6) | value) & 0xffffff;
    if ((i & 3) === 0) continue;
    // After the 2nd, 3rd and 4th digit of a group 4, 2 and 0 bits are left over for the next byte.
    const rest = 6 - 2 * (i & 3);
    bytes[at++] = (group >>> rest) & 0xff;
  }
  const unused = padding === 2 ? group & 15 : padding === 1 ? group & 3 : 0;
  if (unused !== 0) throw invalidRequestError("base64 without stray bits expected, got a non-zero rest before the padding");
  return bytes;
}

/** Longest text that a loop encodes faster than a call of TextEncoder. */
const SHORT_TEXT = 64;

/** Bytes of short ASCII text, which denominations, identifiers and amounts are; undefined for other text. */
function encodeAscii(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return undefined;
    bytes[i] = code;
  }
  return bytes;
}

/**
 * UTF-8 bytes of text.
 * @throws sdk/18 when the text has a lone surrogate, which UTF-8 cannot carry.
 */
export function encodeUtf8(text: string): Uint8Array {
  const ascii = text.length <= SHORT_TEXT ? encodeAscii(text) : undefined;
  if (ascii !== undefined) return ascii;
  if (!text.isWellFormed()) throw invalidRequestError("well-formed Unicode text expected, got a lone surrogate");
  return encoder.encode(text);
}

/**
 * Text of UTF-8 bytes; a byte order mark stays in the text.
 * @throws sdk/18 when the bytes are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalidRequestError("UTF-8 expected, got other bytes");
  }
}

/** Whether `bytes[start, end)` is well-formed UTF-8 (Unicode §3.9: no overlong forms, no surrogates, nothing above U+10FFFF). */
export function isUtf8(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  let i = start;
  while (i < end) {
    const first = bytes[i] ?? 0;
    if (first < 0x80) {
      i++;
      continue;
    }
    const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length === 0 || i + length > end) return false;
    const second = bytes[i + 1] ?? 0;
    const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) return false;
    for (let k = 2; k < length; k++) if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) return false;
    i += length;
  }
  return true;
}

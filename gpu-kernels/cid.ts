// Content identifiers of shards (specification §2): CIDv1, codec raw, SHA-256, and no other form.
import { sha256 } from "#sha256";
import { KernelError } from "./kernelError.ts";

/** Version 1, codec raw, hash function SHA-256, 32 bytes of hash. */
const HEAD = Uint8Array.of(0x01, 0x55, 0x12, 0x20);
/** Bytes and characters of an identifier. */
export const CID_BYTES = 36;
export const CID_CHARACTERS = 59;
/** Base 32 of RFC 4648 in lower case; `b` before the text says so. */
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** Identifier of a content: 36 bytes. */
export function cidOf(content: Uint8Array): Uint8Array {
  const cid = new Uint8Array(CID_BYTES);
  cid.set(HEAD);
  cid.set(sha256(content), HEAD.length);
  return cid;
}

/**
 * Checks that bytes are an identifier of the one form.
 * @returns the SHA-256 of the content
 * @throws KernelError `cid`
 */
export function requireCid(cid: Uint8Array): Uint8Array {
  if (cid.length !== CID_BYTES || HEAD.some((byte, i) => cid[i] !== byte))
    throw new KernelError("cid", `expected ${CID_BYTES} bytes that begin with 01551220, got ${cid.length} bytes`);
  return cid.subarray(HEAD.length);
}

/**
 * Text of an identifier: 59 characters from `b` on.
 * @throws KernelError `cid` when the bytes are none
 */
export function cidText(cid: Uint8Array): string {
  requireCid(cid);
  let text = "b";
  let [bits, held] = [0, 0];
  for (const byte of cid) {
    bits = ((bits << 8) | byte) & 0xfff;
    held += 8;
    for (; held >= 5; held -= 5) text += ALPHABET[(bits >> (held - 5)) & 31];
  }
  return text + ALPHABET[(bits << (5 - held)) & 31];
}

/**
 * Reads the text of an identifier; only the form that {@link cidText} gives.
 * @returns 36 bytes
 * @throws KernelError `cid`
 */
export function parseCid(text: string): Uint8Array {
  if (text.length !== CID_CHARACTERS || !/^b[a-z2-7]+$/.test(text))
    throw new KernelError(
      "cid",
      `expected b and ${CID_CHARACTERS - 1} characters of lower case base 32, got ${text.slice(0, 2 * CID_CHARACTERS)}`,
    );
  const cid = new Uint8Array(CID_BYTES);
  let [bits, held, at] = [0, 0, 0];
  for (const character of text.slice(1)) {
    bits = ((bits << 5) | ALPHABET.indexOf(character)) & 0xfff;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    cid[at++] = (bits >> held) & 255;
  }
  if ((bits & ((1 << held) - 1)) !== 0) throw new KernelError("cid", `expected zero bits at the end, got ${text}`);
  requireCid(cid);
  return cid;
}

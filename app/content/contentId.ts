import { createHash } from "node:crypto";
import { CID } from "multiformats/cid";
import * as digest from "multiformats/hashes/digest";
import { ContentError } from "./contentError.ts";

/** Codes of multicodec: bytes without structure, and SHA-256. */
const RAW = 0x55;
const SHA2_256 = 0x12;
/** `b` and 36 bytes in base32. */
const TEXT = /^b[a-z2-7]{58}$/;

/**
 * The identifier of bytes as text: CIDv1, codec raw, SHA-256, base32 in lower case (59 characters, kernels-spec §2).
 * @param bytes any number of them
 */
export function contentIdOf(bytes: Uint8Array): string {
  return CID.createV1(RAW, digest.create(SHA2_256, createHash("sha256").update(bytes).digest())).toString();
}

/**
 * An identifier as libraries have it.
 * @throws ContentError badCid for another version, codec, hash or base, and for any text that is not the one way to write it
 */
export function parseContentId(text: string): CID {
  const cid = TEXT.test(text) ? findCid(text) : undefined;
  if (cid === undefined || !isContentId(cid) || cid.toString() !== text)
    throw new ContentError("badCid", `CIDv1 of raw bytes with SHA-256 in base32, 59 characters, expected, got ${shown(text)}`);
  return cid;
}

/** Whether an identifier names raw bytes by their SHA-256. */
export function isContentId({ version, code, multihash }: CID): boolean {
  return version === 1 && code === RAW && multihash.code === SHA2_256 && multihash.size === 32;
}

function findCid(text: string): CID | undefined {
  try {
    return CID.parse(text);
  } catch {
    return undefined;
  }
}

function shown(text: string): string {
  const most = 80;
  return JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text);
}

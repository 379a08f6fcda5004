import { sha256 } from "@noble/hashes/sha2.js";
import type { Side } from "#proto/hanzo/hmm/v1/types";
import { requireUint } from "#sdk";
import { AMOUNT_BITS } from "../curve/math.ts";
import { LIMIT_BITS } from "../orders/record.ts";

/** What a sealed order's hash binds. */
export interface SealedTerms {
  /** Chain on which it is revealed. */
  readonly chainId: string;
  /** Round in which it is revealed, below 2^64. */
  readonly round: bigint;
  /** Pool to trade with. */
  readonly poolId: string;
  /** Address bytes of the trader. */
  readonly sender: Uint8Array;
  /** Buy or sell. */
  readonly side: Side;
  /** Resource base units, below 2^128. */
  readonly resource: bigint;
  /** Worst acceptable price with all fees, credit per resource base unit times 10¹⁸, below 2^192. */
  readonly limitE18: bigint;
  /** Random bytes that keep the order from being guessed, {@link SALT_BYTES} of them. */
  readonly salt: Uint8Array;
}

/** Length of a salt. */
export const SALT_BYTES = 32;
/** Length of a hash. */
export const HASH_BYTES = 32;

const encoder = new TextEncoder();
/** First bytes of everything that is hashed: no other message of any kind begins with them. */
const DOMAIN = encoder.encode("hanzo/hmm/commit/v1");

/**
 * Hash that commits to an order without showing it. Because it binds chain, round, pool and sender, nobody can reveal a copy of somebody else's
 * order, and none can be revealed twice. It is SHA-256 over these bytes, one after another, numbers big-endian:
 *
 * | bytes | what                                                                |
 * | ----- | ------------------------------------------------------------------- |
 * | 19    | the ASCII text `hanzo/hmm/commit/v1`                                |
 * | 4 + n | chain identifier: its length in bytes, then UTF-8                   |
 * | 8     | round                                                               |
 * | 4 + n | pool identifier: its length in bytes, then UTF-8                    |
 * | 4 + n | sender: the length of the address in bytes, then the address, raw   |
 * | 1     | side: 1 buy, 2 sell                                                 |
 * | 16    | resource, base units                                                |
 * | 24    | limit price, credit per resource base unit times 10¹⁸               |
 * | 32    | salt                                                                |
 *
 * @returns 32 bytes
 * @throws math/2 when a number is too wide for its field
 */
export function sealedOrderHash({ chainId, round, poolId, sender, side, resource, limitE18, salt }: SealedTerms): Uint8Array {
  return sha256
    .create()
    .update(DOMAIN)
    .update(prefixed(encoder.encode(chainId)))
    .update(bigEndian(round, 64, "round"))
    .update(prefixed(encoder.encode(poolId)))
    .update(prefixed(sender))
    .update(bigEndian(BigInt(side), 8, "side"))
    .update(bigEndian(resource, AMOUNT_BITS, "resource"))
    .update(bigEndian(limitE18, LIMIT_BITS, "limit_e18"))
    .update(salt)
    .digest();
}

/** A number in as many bytes as its width asks for. */
function bigEndian(value: bigint, bits: number, name: string): Uint8Array {
  const bytes = new Uint8Array(bits >>> 3);
  let rest = requireUint(value, bits, name);
  for (let i = bytes.length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}

/** Bytes behind four bytes of length. */
function prefixed(bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(4 + bytes.length);
  new DataView(joined.buffer).setUint32(0, bytes.length);
  joined.set(bytes, 4);
  return joined;
}

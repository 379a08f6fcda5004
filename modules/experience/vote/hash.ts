import { sha256 } from "@noble/hashes/sha2.js";
import type { Score } from "#proto/hanzo/experience/v1/types";
import { encodeUtf8 } from "#sdk";

/** What a vote's hash binds. */
export interface VoteTerms {
  /** Chain on which it is revealed. */
  readonly chainId: string;
  /** Round, below 2^64. */
  readonly roundId: bigint;
  /** Address bytes of the voter. */
  readonly voter: Uint8Array;
  /** Scores by rising entry. */
  readonly scores: readonly Score[];
  /** Random bytes that keep the scores from being guessed, {@link SALT_BYTES} of them. */
  readonly salt: Uint8Array;
}

/** Length of a salt, and of a hash. */
export const SALT_BYTES = 32;

/** First bytes of everything that is hashed: no other message of any kind begins with them. */
const DOMAIN = encodeUtf8("hanzo/experience/vote/v1");

/**
 * Hash that commits to scores without showing them. Because it binds chain, round and voter, nobody can use somebody else's. It is SHA-256 over
 * these bytes, one after another, numbers big-endian:
 *
 * | bytes   | what                                                              |
 * | ------- | ----------------------------------------------------------------- |
 * | 24      | the ASCII text `hanzo/experience/vote/v1`                         |
 * | 4 + n   | chain identifier: its length in bytes, then UTF-8                 |
 * | 8       | round                                                             |
 * | 4 + n   | voter: the length of the address in bytes, then the address, raw  |
 * | 4       | number of scores                                                  |
 * | 10 each | entry in 8 bytes, quality in 2                                    |
 * | 32      | salt                                                              |
 *
 * @returns 32 bytes
 */
export function voteHash({ chainId, roundId, voter, scores, salt }: VoteTerms): Uint8Array {
  const hash = sha256
    .create()
    .update(DOMAIN)
    .update(prefixed(encodeUtf8(chainId)))
    .update(uint(roundId, 8))
    .update(prefixed(voter));
  hash.update(uint(BigInt(scores.length), 4));
  for (const { entryId, quality } of scores) hash.update(uint(entryId, 8)).update(uint(BigInt(quality), 2));
  return hash.update(salt).digest();
}

/** A number in so many bytes, the highest first. */
export function uint(value: bigint, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * (bytes - 1 - i))) & 255n));
}

/** Bytes behind four bytes of length. */
function prefixed(bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(4 + bytes.length);
  joined.set(uint(BigInt(bytes.length), 4));
  joined.set(bytes, 4);
  return joined;
}

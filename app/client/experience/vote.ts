import type { MsgCommitVote, MsgRevealVote } from "#proto/hanzo/experience/v1/tx";
import { sha256 } from "#sha256";
import { decodeBech32 } from "../../encoding/bech32.ts";
import { concatBytes, encodeUtf8 } from "../../encoding/bytes.ts";
import { ClientError } from "../clientError.ts";

/** A quality that a validator gives an entry. */
export interface EntryScore {
  readonly entryId: bigint;
  /** 0 to 65535. */
  readonly quality: number;
}

/** A vote to be made. */
export interface VoteOptions {
  /** Chain on which it is revealed. */
  readonly chainId: string;
  readonly roundId: bigint;
  /** Account of the validator's operator (bech32). */
  readonly voter: string;
  /** One for each entry that is voted on, in any order. */
  readonly scores: readonly EntryScore[];
  /** 32 random bytes; the platform's secure randomness when left out. Whoever knows them can take the vote's bond. */
  readonly salt?: Uint8Array;
}

/** Both messages of a vote. Only `commit` may be shown before votes are revealed; `reveal` must be kept until then. */
export interface VotePlan {
  readonly hash: Uint8Array;
  readonly salt: Uint8Array;
  /** `/hanzo.experience.v1.MsgCommitVote`. */
  readonly commit: MsgCommitVote;
  /** `/hanzo.experience.v1.MsgRevealVote`. */
  readonly reveal: MsgRevealVote;
}

const SALT_BYTES = 32;
const MAX_QUALITY = 65_535;
const MAX_SCORES = 256;

/**
 * Makes a vote: the hash that commits to it, as modules/experience/README.md lays it out, and both messages.
 * @throws client/1 for no scores or more than 256, an entry twice, a number out of range, or another length of the salt; sdk/7 when the voter is no address
 */
export function createVote({
  chainId,
  roundId,
  voter,
  scores: given,
  salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES)),
}: VoteOptions): VotePlan {
  if (salt.length !== SALT_BYTES) throw new ClientError(`salt: expected ${SALT_BYTES} bytes, got ${salt.length}`);
  if (given.length < 1 || given.length > MAX_SCORES) throw new ClientError(`scores: expected 1 to ${MAX_SCORES}, got ${given.length}`);
  const scores = given.toSorted((a, b) => (a.entryId < b.entryId ? -1 : a.entryId > b.entryId ? 1 : 0));
  for (const [at, { entryId, quality }] of scores.entries()) {
    if (at > 0 && scores[at - 1]?.entryId === entryId) throw new ClientError(`scores: entry ${entryId} is there twice`);
    if (!Number.isInteger(quality) || quality < 0 || quality > MAX_QUALITY)
      throw new ClientError(`quality of entry ${entryId}: expected 0 to ${MAX_QUALITY}, got ${quality}`);
  }
  const hash = sha256(
    concatBytes(
      encodeUtf8("hanzo/experience/vote/v1"),
      withLength(encodeUtf8(chainId)),
      bigEndian(roundId, 8, "round"),
      withLength(decodeBech32(voter).bytes),
      bigEndian(BigInt(scores.length), 4, "scores"),
      ...scores.flatMap(({ entryId, quality }) => [bigEndian(entryId, 8, "entry"), bigEndian(BigInt(quality), 2, "quality")]),
      salt,
    ),
  );
  return { hash, salt, commit: { voter, roundId, hash }, reveal: { voter, roundId, scores, salt } };
}

function withLength(bytes: Uint8Array): Uint8Array {
  return concatBytes(bigEndian(BigInt(bytes.length), 4, "length"), bytes);
}

function bigEndian(value: bigint, bytes: number, name: string): Uint8Array {
  if (value < 0n || value >> BigInt(8 * bytes) !== 0n) throw new ClientError(`${name}: expected 0 to 2^${8 * bytes} - 1, got ${value}`);
  return Uint8Array.from({ length: bytes }, (_, at) => Number((value >> BigInt(8 * (bytes - 1 - at))) & 255n));
}

import { hashes, verify } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import type { CommitSig } from "#proto/tendermint/types/types";
import { BlockIDFlag, type Validator } from "#proto/tendermint/types/validator";
import { equalBytes, toHex } from "../../encoding/bytes.ts";
import type { LightBlock } from "./lightBlock.ts";
import { LightError } from "./lightError.ts";
import { totalPower } from "./validatorSet.ts";
import { voteSignBytes } from "./voteSignBytes.ts";

hashes.sha512 = (message) => sha512(message);

/** A part of the voting power, from 1/3 to 1. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** More than this part of a set's power makes a block final. */
const FINAL: Fraction = { numerator: 2n, denominator: 3n };
const SIGNATURE_LENGTH = 64;
const HASH_LENGTH = 32;

/**
 * Checks a commit by itself and against its own validators: its form, every signature in it, and that more than two thirds of the power voted
 * for the block. Which block and whose validators these are is for the caller to check.
 * @throws LightError badCommit, badSignature, insufficientPower
 */
export function verifyCommit(chainId: string, { commit, validators }: LightBlock): void {
  requireForm({ commit, validators });
  const votes = commit.signatures;
  let power = 0n;
  for (const [index, validator] of validators.entries()) {
    const vote = votes[index];
    if (vote === undefined || vote.blockIdFlag === BlockIDFlag.BLOCK_ID_FLAG_ABSENT) continue;
    if (!isSigned(chainId, commit, vote, validator))
      throw new LightError("badSignature", `validator ${toHex(validator.address)} at height ${commit.height}`);
    if (isForBlock(vote)) power += validator.votingPower;
  }
  const total = totalPower(validators);
  if (!isMoreThan(power, total, FINAL))
    throw new LightError("insufficientPower", `more than 2/3 of ${total} expected, got ${power} at height ${commit.height}`);
}

/**
 * Checks that validators who are already trusted stand behind a block of another height: more than `trustLevel` of their power voted for it.
 * CONTRACT: {@link verifyCommit} has accepted the block, so its signatures belong to the addresses that they name.
 * @throws LightError insufficientTrust
 */
export function requireTrustedVotes(trusted: readonly Validator[], { commit }: Pick<LightBlock, "commit">, trustLevel: Fraction): void {
  const voted = new Set(commit.signatures.filter(isForBlock).map(({ validatorAddress }) => toHex(validatorAddress)));
  const power = totalPower(trusted.filter(({ address }) => voted.has(toHex(address))));
  const total = totalPower(trusted);
  if (!isMoreThan(power, total, trustLevel)) {
    const level = `${trustLevel.numerator}/${trustLevel.denominator}`;
    throw new LightError("insufficientTrust", `more than ${level} of ${total} expected, got ${power} at height ${commit.height}`);
  }
}

/** One entry per validator, each absent and empty or complete and by that validator. */
function requireForm({ commit, validators }: Pick<LightBlock, "commit" | "validators">): void {
  const { blockId, round, signatures } = commit;
  const isBlock =
    blockId?.hash.length === HASH_LENGTH && blockId.partSetHeader?.hash.length === HASH_LENGTH && blockId.partSetHeader.total > 0;
  if (!isBlock) throw new LightError("badCommit", "a complete block id expected");
  if (!Number.isSafeInteger(round) || round < 0) throw new LightError("badCommit", `a round of at least 0 expected, got ${round}`);
  if (signatures.length !== validators.length)
    throw new LightError("badCommit", `${validators.length} votes expected, got ${signatures.length}`);
  for (const [index, vote] of signatures.entries()) {
    if (vote.blockIdFlag === BlockIDFlag.BLOCK_ID_FLAG_ABSENT) {
      if (vote.signature.length > 0 || vote.validatorAddress.length > 0)
        throw new LightError("badCommit", `vote ${index} is absent and not empty`);
      continue;
    }
    if (!isForBlock(vote) && vote.blockIdFlag !== BlockIDFlag.BLOCK_ID_FLAG_NIL)
      throw new LightError("badCommit", `a known flag expected of vote ${index}, got ${vote.blockIdFlag}`);
    if (vote.signature.length !== SIGNATURE_LENGTH)
      throw new LightError("badCommit", `a signature of ${SIGNATURE_LENGTH} bytes expected of vote ${index}, got ${vote.signature.length}`);
    if (!equalBytes(vote.validatorAddress, validators[index]?.address ?? new Uint8Array(0)))
      throw new LightError("badCommit", `vote ${index} is by ${toHex(vote.validatorAddress)}, who is not validator ${index}`);
  }
}

function isForBlock(vote: CommitSig): boolean {
  return vote.blockIdFlag === BlockIDFlag.BLOCK_ID_FLAG_COMMIT;
}

function isSigned(chainId: string, commit: LightBlock["commit"], vote: CommitSig, { pubKey }: Validator): boolean {
  if (pubKey?.ed25519 === undefined) return false;
  try {
    // ZIP 215 is what CometBFT accepts: another rule would part from the chain on odd signatures.
    return verify(vote.signature, voteSignBytes(chainId, commit, vote), pubKey.ed25519, { zip215: true });
  } catch {
    return false;
  }
}

function isMoreThan(power: bigint, total: bigint, { numerator, denominator }: Fraction): boolean {
  return power * denominator > total * numerator;
}

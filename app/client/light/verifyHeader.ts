import type { Header } from "#proto/tendermint/types/types";
import { equalBytes, toHex } from "../../encoding/bytes.ts";
import { headerHash } from "./headerHash.ts";
import type { LightBlock } from "./lightBlock.ts";
import { LightError } from "./lightError.ts";
import { requireValidSet, validatorsHash } from "./validatorSet.ts";
import { type Fraction, requireTrustedVotes, verifyCommit } from "./verifyCommit.ts";

/** What a light client believes in besides its trusted header. */
export interface LightRules {
  readonly chainId: string;
  /** How long validators can be held to account for what they signed, in nanoseconds: at most the chain's evidence age. */
  readonly trustingPeriodNs: bigint;
  /** How far the clocks of validators may be ahead of this one's, in nanoseconds. */
  readonly clockDriftNs: bigint;
  /** More than this part of the trusted validators' power must stand behind a header that is not the next one; 1/3 to 1. */
  readonly trustLevel: Fraction;
}

/** Time of a header in nanoseconds since 1970. */
function headerTimeNs({ time }: Header): bigint {
  return time === undefined ? 0n : time.seconds * 1_000_000_000n + BigInt(time.nanos);
}

/**
 * Checks a block against nothing but itself: chain, height, validators, commit, signatures.
 * @param height what was asked for
 * @throws LightError wrongChain, wrongHeight, badValidators, wrongValidators, wrongBlock, badCommit, badSignature, insufficientPower
 */
export function verifyBlock(chainId: string, height: bigint, block: LightBlock): void {
  const { header, commit, validators } = block;
  if (header.chainId !== chainId)
    throw new LightError("wrongChain", `${chainId} expected, got ${JSON.stringify(header.chainId.slice(0, 64))}`);
  if (header.height !== height) throw new LightError("wrongHeight", `${height} expected, got ${header.height}`);
  if (commit.height !== height) throw new LightError("badCommit", `a commit of height ${height} expected, got ${commit.height}`);
  requireValidSet(validators);
  if (!equalBytes(validatorsHash(validators), header.validatorsHash))
    throw new LightError("wrongValidators", `${toHex(header.validatorsHash)} expected, got ${toHex(validatorsHash(validators))}`);
  const hash = headerHash(header);
  const committed = commit.blockId?.hash ?? new Uint8Array(0);
  if (!equalBytes(committed, hash)) throw new LightError("wrongBlock", `votes for ${toHex(hash)} expected, got ${toHex(committed)}`);
  verifyCommit(chainId, block);
}

/**
 * Checks a later block against a trusted one: as its successor, or across a gap when enough of the trusted validators stand behind it.
 * @param nowNs this machine's time, nanoseconds since 1970
 * @throws LightError those of {@link verifyBlock}; expired, fromFuture, notLater, wrongNextValidators, insufficientTrust
 */
export function verifyLater(rules: LightRules, trusted: LightBlock, block: LightBlock, nowNs: bigint): void {
  const { header } = block;
  requireFresh(rules, trusted.header, nowNs);
  if (header.height <= trusted.header.height)
    throw new LightError("wrongHeight", `a height above ${trusted.header.height} expected, got ${header.height}`);
  verifyBlock(rules.chainId, header.height, block);
  const time = headerTimeNs(header);
  if (time <= headerTimeNs(trusted.header))
    throw new LightError("notLater", `a time after ${headerTimeNs(trusted.header)} ns expected, got ${time} ns`);
  if (time >= nowNs + rules.clockDriftNs)
    throw new LightError("fromFuture", `a time before ${nowNs + rules.clockDriftNs} ns expected, got ${time} ns`);
  if (header.height === trusted.header.height + 1n) {
    if (!equalBytes(header.validatorsHash, trusted.header.nextValidatorsHash))
      throw new LightError(
        "wrongNextValidators",
        `${toHex(trusted.header.nextValidatorsHash)} expected, got ${toHex(header.validatorsHash)}`,
      );
    return;
  }
  requireTrustedVotes(trusted.validators, block, rules.trustLevel);
}

/**
 * Checks a block's direct predecessor by the hash that its successor names.
 * @throws LightError those of {@link verifyBlock}; brokenChain, notLater
 */
export function verifyEarlier(chainId: string, trusted: LightBlock, block: LightBlock): void {
  const height = trusted.header.height - 1n;
  verifyBlock(chainId, height, block);
  const named = trusted.header.lastBlockId?.hash ?? new Uint8Array(0);
  const hash = headerHash(block.header);
  if (!equalBytes(hash, named)) throw new LightError("brokenChain", `${toHex(named)} expected at height ${height}, got ${toHex(hash)}`);
  if (headerTimeNs(block.header) >= headerTimeNs(trusted.header))
    throw new LightError("notLater", `a time before ${headerTimeNs(trusted.header)} ns expected at height ${height}`);
}

/** Whether the validators of a header can still be held to account for what they signed. */
export function isFresh({ trustingPeriodNs }: LightRules, header: Header, nowNs: bigint): boolean {
  return nowNs < headerTimeNs(header) + trustingPeriodNs;
}

/** @throws LightError expired */
export function requireFresh(rules: LightRules, header: Header, nowNs: bigint): void {
  if (isFresh(rules, header, nowNs)) return;
  const expired = headerTimeNs(header) + rules.trustingPeriodNs;
  throw new LightError("expired", `height ${header.height} was to be trusted until ${expired} ns, now it is ${nowNs} ns`);
}

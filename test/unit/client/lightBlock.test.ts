// A block with any field altered is refused, each field by the check that is for it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CommitSig } from "#proto/tendermint/types/types";
import type { Validator } from "#proto/tendermint/types/validator";
import { headerHash } from "../../../app/client/light/headerHash.ts";
import type { LightBlock } from "../../../app/client/light/lightBlock.ts";
import { LightError, type LightErrorName } from "../../../app/client/light/lightError.ts";
import { validatorsHash } from "../../../app/client/light/validatorSet.ts";
import { type LightRules, verifyBlock, verifyEarlier, verifyLater } from "../../../app/client/light/verifyHeader.ts";
import { CHAIN_START_NS, createLightChain, type Member, signHeader, validatorsOf } from "../../harness/lightChain.ts";

const SECOND = 1_000_000_000n;
const chainId = "light-1";
const MEMBERS: readonly Member[] = [
  { seed: 1, power: 40n },
  { seed: 2, power: 30n },
  { seed: 3, power: 20n },
  { seed: 4, power: 10n },
];
const chain = createLightChain({ chainId, length: 12, members: () => MEMBERS });
const HEIGHT = 5;
const block = chain.block(HEIGHT);
const NOW = CHAIN_START_NS + 60n * SECOND;
const rules: LightRules = {
  chainId,
  trustingPeriodNs: 3600n * SECOND,
  clockDriftNs: 10n * SECOND,
  trustLevel: { numerator: 1n, denominator: 3n },
};

/** The bytes with one bit turned. */
const turned = (bytes: Uint8Array): Uint8Array => bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));

const refuses = (kind: LightErrorName, call: () => void): void => {
  assert.throws(call, (error) => error instanceof LightError && error.kind === kind && error.detail !== "", kind);
};

const withVote = (index: number, change: (vote: CommitSig) => Partial<CommitSig>): LightBlock => ({
  ...block,
  commit: { ...block.commit, signatures: block.commit.signatures.map((vote, at) => (at === index ? { ...vote, ...change(vote) } : vote)) },
});
/** A set that differs, under a header that says so: what remains is the check of the set itself. */
const withValidators = (change: (set: Validator[]) => Validator[]): LightBlock => {
  const validators = change([...block.validators]);
  return { ...block, header: { ...block.header, validatorsHash: validatorsHash(validators) }, validators };
};
const withCommit = (change: Partial<LightBlock["commit"]>): LightBlock => ({ ...block, commit: { ...block.commit, ...change } });
const withHeader = (change: Partial<LightBlock["header"]>): LightBlock => ({ ...block, header: { ...block.header, ...change } });

const { header, commit, validators } = block;
const id = commit.blockId!;
const [first] = validators;

const TAMPERED: readonly [name: string, expected: LightErrorName, block: LightBlock][] = [
  ["header.version.block", "wrongBlock", withHeader({ version: { block: 12n, app: 0n } })],
  ["header.version.app", "wrongBlock", withHeader({ version: { block: 11n, app: 1n } })],
  ["header.version missing", "wrongBlock", withHeader({ version: undefined })],
  ["header.chainId", "wrongChain", withHeader({ chainId: "light-2" })],
  ["header.height", "wrongHeight", withHeader({ height: 6n })],
  ["header.time by a nanosecond", "wrongBlock", withHeader({ time: { seconds: header.time!.seconds, nanos: header.time!.nanos + 1 } })],
  ["header.time missing", "wrongBlock", withHeader({ time: undefined })],
  [
    "header.lastBlockId.hash",
    "wrongBlock",
    withHeader({ lastBlockId: { ...header.lastBlockId!, hash: turned(header.lastBlockId!.hash) } }),
  ],
  [
    "header.lastBlockId.partSetHeader",
    "wrongBlock",
    withHeader({ lastBlockId: { ...header.lastBlockId!, partSetHeader: { total: 2, hash: header.lastBlockId!.partSetHeader!.hash } } }),
  ],
  ["header.lastCommitHash", "wrongBlock", withHeader({ lastCommitHash: turned(header.lastCommitHash) })],
  ["header.dataHash", "wrongBlock", withHeader({ dataHash: turned(header.dataHash) })],
  ["header.validatorsHash", "wrongValidators", withHeader({ validatorsHash: turned(header.validatorsHash) })],
  ["header.nextValidatorsHash", "wrongBlock", withHeader({ nextValidatorsHash: turned(header.nextValidatorsHash) })],
  ["header.consensusHash", "wrongBlock", withHeader({ consensusHash: turned(header.consensusHash) })],
  ["header.appHash", "wrongBlock", withHeader({ appHash: turned(header.appHash) })],
  ["header.lastResultsHash", "wrongBlock", withHeader({ lastResultsHash: turned(header.lastResultsHash) })],
  ["header.evidenceHash", "wrongBlock", withHeader({ evidenceHash: turned(header.evidenceHash) })],
  ["header.proposerAddress", "wrongBlock", withHeader({ proposerAddress: turned(header.proposerAddress) })],
  ["a header without a field", "wrongBlock", withHeader({ appHash: new Uint8Array(0) })],
  ["commit.height", "badCommit", withCommit({ height: 4n })],
  ["commit.round", "badSignature", withCommit({ round: 1 })],
  ["commit.round below zero", "badCommit", withCommit({ round: -1 })],
  ["commit.blockId.hash", "wrongBlock", withCommit({ blockId: { ...id, hash: turned(id.hash) } })],
  ["commit.blockId missing", "wrongBlock", withCommit({ blockId: undefined })],
  [
    "commit.blockId.partSetHeader.hash",
    "badSignature",
    withCommit({ blockId: { ...id, partSetHeader: { total: 1, hash: turned(id.partSetHeader!.hash) } } }),
  ],
  [
    "commit.blockId.partSetHeader.total",
    "badSignature",
    withCommit({ blockId: { ...id, partSetHeader: { ...id.partSetHeader!, total: 2 } } }),
  ],
  ["commit.blockId.partSetHeader missing", "badCommit", withCommit({ blockId: { ...id, partSetHeader: undefined } })],
  ["commit without its last vote", "badCommit", withCommit({ signatures: commit.signatures.slice(0, -1) })],
  ["commit with a vote too many", "badCommit", withCommit({ signatures: [...commit.signatures, commit.signatures[0]!] })],
  ["commit with votes in another order", "badCommit", withCommit({ signatures: [...commit.signatures].reverse() })],
  ["vote.signature", "badSignature", withVote(3, ({ signature }) => ({ signature: turned(signature) }))],
  ["vote.signature of all zeros", "badSignature", withVote(0, () => ({ signature: new Uint8Array(64) }))],
  ["vote.signature cut short", "badCommit", withVote(0, ({ signature }) => ({ signature: signature.subarray(1) }))],
  ["vote.timestamp", "badSignature", withVote(1, () => ({ timestamp: { seconds: 1n, nanos: 0 } }))],
  ["vote.timestamp missing", "badSignature", withVote(1, () => ({ timestamp: undefined }))],
  ["vote.validatorAddress", "badCommit", withVote(1, ({ validatorAddress }) => ({ validatorAddress: turned(validatorAddress) }))],
  ["vote.blockIdFlag to nil", "badSignature", withVote(0, () => ({ blockIdFlag: 3 }))],
  ["vote.blockIdFlag to absent", "badCommit", withVote(0, () => ({ blockIdFlag: 1 }))],
  ["vote.blockIdFlag unknown", "badCommit", withVote(0, () => ({ blockIdFlag: 0 }))],
  [
    "validator.votingPower",
    "wrongValidators",
    { ...block, validators: validators.map((one) => ({ ...one, votingPower: one.votingPower + 1n })) },
  ],
  [
    "validator.pubKey",
    "badValidators",
    { ...block, validators: [{ ...first!, pubKey: { ed25519: turned(first!.pubKey!.ed25519!) } }, ...validators.slice(1)] },
  ],
  [
    "validator.address",
    "badValidators",
    { ...block, validators: [{ ...first!, address: turned(first!.address) }, ...validators.slice(1)] },
  ],
  ["a validator less", "wrongValidators", { ...block, validators: validators.slice(1) }],
  ["validators in another order", "wrongValidators", { ...block, validators: [...validators].reverse() }],
  ["a set without validators", "badValidators", withValidators(() => [])],
  ["a validator twice", "badValidators", withValidators((set) => [...set, set[0]!])],
  ["a validator without power", "badValidators", withValidators((set) => [...set.slice(1), { ...set[0]!, votingPower: 0n }])],
  ["power above CometBFT's limit", "badValidators", withValidators((set) => set.map((one) => ({ ...one, votingPower: 1n << 59n })))],
  [
    "a key of another kind",
    "badValidators",
    withValidators((set) => [...set.slice(1), { ...set[0]!, pubKey: { secp256k1: new Uint8Array(33) } }]),
  ],
];

describe("a block of a light client", () => {
  it("is accepted as it was signed", () => verifyBlock(chainId, BigInt(HEIGHT), block));

  for (const [name, expected, tampered] of TAMPERED)
    it(`is refused with ${expected}: ${name}`, () => refuses(expected, () => verifyBlock(chainId, BigInt(HEIGHT), tampered)));

  it("needs more than two thirds of the power", () => {
    const signed = (absent: readonly number[]): LightBlock => signHeader(header, MEMBERS, absent);
    verifyBlock(chainId, BigInt(HEIGHT), signed([4]));
    verifyBlock(chainId, BigInt(HEIGHT), signed([2]));
    refuses("insufficientPower", () => verifyBlock(chainId, BigInt(HEIGHT), signed([1])));
    refuses("insufficientPower", () => verifyBlock(chainId, BigInt(HEIGHT), signed([3, 4, 2])));
    const thirds = [1, 2, 3].map((seed) => ({ seed, power: 10n }));
    const exact = signHeader({ ...header, validatorsHash: validatorsHash(validatorsOf(thirds)) }, thirds, [3]);
    refuses("insufficientPower", () => verifyBlock(chainId, BigInt(HEIGHT), exact));
  });
});

describe("a later block", () => {
  it("is accepted as a successor and across a gap", () => {
    verifyLater(rules, block, chain.block(6), NOW);
    verifyLater(rules, block, chain.block(12), NOW);
  });

  const strangers: readonly Member[] = [5, 6, 7].map((seed) => ({ seed, power: 50n }));
  /** A block of strangers, properly signed by them. */
  const usurped = (height: number): LightBlock =>
    signHeader({ ...chain.block(height).header, validatorsHash: validatorsHash(validatorsOf(strangers)) }, strangers);
  const timed = (height: number, seconds: bigint): LightBlock =>
    signHeader({ ...chain.block(height).header, time: { seconds, nanos: 0 } }, MEMBERS);
  const startSeconds = CHAIN_START_NS / SECOND;

  const REFUSED: readonly [name: string, expected: LightErrorName, later: LightBlock, now?: bigint][] = [
    ["a successor by other validators than announced", "wrongNextValidators", usurped(6)],
    ["a block across a gap by strangers", "insufficientTrust", usurped(12)],
    ["the same height", "wrongHeight", block],
    ["an earlier height", "wrongHeight", chain.block(4)],
    ["the trusted block's own time", "notLater", timed(6, startSeconds + 4n)],
    ["an earlier time", "notLater", timed(12, startSeconds)],
    ["a time ahead of this clock by the drift", "fromFuture", timed(6, startSeconds + 70n)],
    ["a trusted block whose time is over", "expired", chain.block(6), CHAIN_START_NS + 4n * SECOND + rules.trustingPeriodNs],
  ];
  for (const [name, expected, later, now = NOW] of REFUSED)
    it(`is refused with ${expected}: ${name}`, () => refuses(expected, () => verifyLater(rules, block, later, now)));

  it("may be ahead of this clock by less than the drift", () => verifyLater(rules, block, timed(6, startSeconds + 69n), NOW));
  it("is measured by the trust level", () => {
    const half: readonly Member[] = [MEMBERS[0]!, { seed: 9, power: 10n }];
    const later = signHeader({ ...chain.block(12).header, validatorsHash: validatorsHash(validatorsOf(half)) }, half);
    verifyLater(rules, block, later, NOW);
    refuses("insufficientTrust", () => verifyLater({ ...rules, trustLevel: { numerator: 2n, denominator: 5n } }, block, later, NOW));
    verifyLater({ ...rules, trustLevel: { numerator: 3999n, denominator: 10_000n } }, block, later, NOW);
  });
});

describe("an earlier block", () => {
  it("is accepted when the trusted one names it", () => verifyEarlier(chainId, block, chain.block(4)));
  it("is refused with brokenChain when it does not", () => {
    const other = createLightChain({ chainId, length: 5, members: () => MEMBERS, salt: 1 }).block(4);
    assert.notDeepEqual(headerHash(other.header), header.lastBlockId?.hash);
    refuses("brokenChain", () => verifyEarlier(chainId, block, other));
  });
  it("is refused with wrongHeight when it is not the direct predecessor", () =>
    refuses("wrongHeight", () => verifyEarlier(chainId, block, chain.block(3))));
});

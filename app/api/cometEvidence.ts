// Evidence of misbehaviour in CometBFT's JSON, as its RPC of v0.38 writes it. Fields without a tag of their own keep their Go names.
import type { DuplicateVoteEvidence, Evidence, EvidenceList, LightClientAttackEvidence } from "#proto/tendermint/types/evidence";
import type { LightBlock, Vote } from "#proto/tendermint/types/types";
import type { Validator, ValidatorSet } from "#proto/tendermint/types/validator";
import { parseTimestamp } from "../encoding/timeText.ts";
import {
  base64,
  hex,
  type JsonBlockId,
  type JsonCommit,
  type JsonHeader,
  type JsonValidator,
  toBlockId,
  toCommit,
  toHeader,
  toValidator,
} from "./cometJson.ts";

/** A vote. */
interface JsonVote {
  readonly type: number;
  readonly height: string;
  readonly round: number;
  readonly block_id: JsonBlockId;
  readonly timestamp: string;
  readonly validator_address: string;
  readonly validator_index: number;
  readonly signature: string | null;
  readonly extension?: string | null;
  readonly extension_signature?: string | null;
}
interface JsonDuplicateVote {
  readonly vote_a: JsonVote;
  readonly vote_b: JsonVote;
  readonly TotalVotingPower: string;
  readonly ValidatorPower: string;
  readonly Timestamp: string;
}
interface JsonLightBlock {
  readonly signed_header: { readonly header: JsonHeader; readonly commit: JsonCommit };
  readonly validator_set: { readonly validators: readonly JsonValidator[]; readonly proposer: JsonValidator | null };
}
interface JsonLightClientAttack {
  readonly ConflictingBlock: JsonLightBlock;
  readonly CommonHeight: string;
  readonly ByzantineValidators: readonly JsonValidator[] | null;
  readonly TotalVotingPower: string;
  readonly Timestamp: string;
}
/** Proof of misbehaviour in a block. */
export type JsonEvidence =
  | { readonly type: "tendermint/DuplicateVoteEvidence"; readonly value: JsonDuplicateVote }
  | { readonly type: "tendermint/LightClientAttackEvidence"; readonly value: JsonLightClientAttack };

/** The evidence of a block. @throws Error for a kind of evidence that CometBFT v0.38 does not have */
export function toEvidenceList(evidence: readonly JsonEvidence[] | null): EvidenceList {
  return { evidence: (evidence ?? []).map(toEvidence) };
}

function toEvidence(evidence: JsonEvidence): Evidence {
  switch (evidence.type) {
    case "tendermint/DuplicateVoteEvidence":
      return { duplicateVoteEvidence: toDuplicateVote(evidence.value), lightClientAttackEvidence: undefined };
    case "tendermint/LightClientAttackEvidence":
      return { duplicateVoteEvidence: undefined, lightClientAttackEvidence: toLightClientAttack(evidence.value) };
    default:
      throw new Error(`evidence of a duplicate vote or of an attack on light clients expected, got ${JSON.stringify(evidence)}`);
  }
}

function toDuplicateVote(evidence: JsonDuplicateVote): DuplicateVoteEvidence {
  return {
    voteA: toVote(evidence.vote_a),
    voteB: toVote(evidence.vote_b),
    totalVotingPower: BigInt(evidence.TotalVotingPower),
    validatorPower: BigInt(evidence.ValidatorPower),
    timestamp: parseTimestamp(evidence.Timestamp),
  };
}

function toVote(vote: JsonVote): Vote {
  return {
    type: vote.type as Vote["type"],
    height: BigInt(vote.height),
    round: vote.round,
    blockId: toBlockId(vote.block_id),
    timestamp: parseTimestamp(vote.timestamp),
    validatorAddress: hex(vote.validator_address),
    validatorIndex: vote.validator_index,
    signature: base64(vote.signature ?? ""),
    extension: base64(vote.extension ?? ""),
    extensionSignature: base64(vote.extension_signature ?? ""),
  };
}

function toLightClientAttack(evidence: JsonLightClientAttack): LightClientAttackEvidence {
  return {
    conflictingBlock: toLightBlock(evidence.ConflictingBlock),
    commonHeight: BigInt(evidence.CommonHeight),
    byzantineValidators: (evidence.ByzantineValidators ?? []).map(toProtoValidator),
    totalVotingPower: BigInt(evidence.TotalVotingPower),
    timestamp: parseTimestamp(evidence.Timestamp),
  };
}

function toLightBlock({ signed_header: { header, commit }, validator_set: set }: JsonLightBlock): LightBlock {
  return { signedHeader: { header: toHeader(header), commit: toCommit(commit) }, validatorSet: toValidatorSet(set) };
}

function toValidatorSet({ validators, proposer }: JsonLightBlock["validator_set"]): ValidatorSet {
  return {
    validators: validators.map(toProtoValidator),
    proposer: proposer === null ? undefined : toProtoValidator(proposer),
    // CometBFT leaves the sum out of the message: it is known from the validators.
    totalVotingPower: 0n,
  };
}

function toProtoValidator(json: JsonValidator): Validator {
  const { address, keyType, publicKey, power, proposerPriority } = toValidator(json);
  return { address, pubKey: { [keyType]: publicKey }, votingPower: power, proposerPriority };
}

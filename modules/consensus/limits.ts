import type { ABCIParams, BlockParams, ConsensusParams, EvidenceParams, ValidatorParams } from "#proto/tendermint/types/params";
import { unregisteredError } from "#sdk";

/** Largest block that CometBFT makes, in bytes (types.MaxBlockSizeBytes). */
export const MAX_BLOCK_BYTES = 104_857_600n;

/** Key types of validators that CometBFT v0.38 knows. */
const KEY_TYPES: readonly string[] = ["ed25519", "secp256k1"];

/** The groups of parameters that an update carries; `abci` may be missing. */
export interface ParamGroups {
  readonly block: BlockParams | undefined;
  readonly evidence: EvidenceParams | undefined;
  readonly validator: ValidatorParams | undefined;
  readonly abci: ABCIParams | undefined;
}

/**
 * What CometBFT's ConsensusParams.ValidateBasic wants. Parameters that it refuses would stop the chain, so they must not reach it.
 * @throws undefined/1, as the SDK, naming the parameter, its bounds and what came.
 */
export function validateConsensusParams({ block, evidence, validator, abci }: ParamGroups): void {
  if (block === undefined || evidence === undefined || validator === undefined) throw unregisteredError("all parameters must be present");
  validateBlock(block);
  validateEvidence(evidence, block.maxBytes === -1n ? MAX_BLOCK_BYTES : block.maxBytes);
  if (abci !== undefined && abci.voteExtensionsEnableHeight < 0n) {
    throw unregisteredError(`ABCI.VoteExtensionsEnableHeight cannot be negative. Got: ${abci.voteExtensionsEnableHeight}`);
  }
  if (validator.pubKeyTypes.length === 0) throw unregisteredError("len(Validator.PubKeyTypes) must be greater than 0");
  for (const [i, type] of validator.pubKeyTypes.entries()) {
    if (!KEY_TYPES.includes(type)) throw unregisteredError(`params.Validator.PubKeyTypes[${i}], ${type}, is an unknown pubkey type`);
  }
}

function validateBlock({ maxBytes, maxGas }: BlockParams): void {
  if (maxBytes === 0n) throw unregisteredError("block.MaxBytes cannot be 0");
  if (maxBytes < -1n) throw unregisteredError(`block.MaxBytes must be -1 or greater than 0. Got ${maxBytes}`);
  if (maxBytes > MAX_BLOCK_BYTES) throw unregisteredError(`block.MaxBytes is too big. ${maxBytes} > ${MAX_BLOCK_BYTES}`);
  if (maxGas < -1n) throw unregisteredError(`block.MaxGas must be greater or equal to -1. Got ${maxGas}`);
}

function validateEvidence({ maxAgeNumBlocks, maxAgeDuration, maxBytes }: EvidenceParams, largest: bigint): void {
  if (maxAgeNumBlocks <= 0n) throw unregisteredError(`evidence.MaxAgeNumBlocks must be greater than 0. Got ${maxAgeNumBlocks}`);
  const { seconds, nanos } = maxAgeDuration ?? { seconds: 0n, nanos: 0 };
  if (seconds < 0n || nanos < 0 || (seconds === 0n && nanos === 0)) {
    throw unregisteredError(`evidence.MaxAgeDuration must be greater than 0, got ${seconds} s and ${nanos} ns`);
  }
  if (maxBytes > largest) throw unregisteredError(`evidence.MaxBytesEvidence is greater than upper bound, ${maxBytes} > ${largest}`);
  if (maxBytes < 0n) throw unregisteredError(`evidence.MaxBytes must be non negative. Got: ${maxBytes}`);
}

/**
 * Vote extensions can be switched on for a later height, and never off again (CometBFT's ConsensusParams.ValidateUpdate).
 * @param height of the block being executed
 * @throws undefined/1
 */
export function validateChange(before: ConsensusParams | undefined, abci: ABCIParams | undefined, height: bigint): void {
  const current = before?.abci?.voteExtensionsEnableHeight ?? 0n;
  const next = abci?.voteExtensionsEnableHeight ?? current;
  if (next === current) return;
  if (current !== 0n && next === 0n) throw unregisteredError("vote extensions cannot be disabled once enabled");
  if (next <= height) {
    throw unregisteredError(
      `VoteExtensionsEnableHeight cannot be updated to a past height, initial height: ${next}, current height ${height}`,
    );
  }
  if (current !== 0n && current <= height) {
    throw unregisteredError(
      `VoteExtensionsEnableHeight cannot be modified once the initial height has occurred, initial height: ${current}, current height ${height}`,
    );
  }
}

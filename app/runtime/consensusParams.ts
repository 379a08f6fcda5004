import { ConsensusParams } from "#proto/tendermint/types/params";
import { sdkError } from "#sdk";
import { equalBytes } from "../encoding/bytes.ts";

/** CometBFT's hard limit on a block, in bytes. */
const MAX_BLOCK_BYTES = 104_857_600n;

/** Parameters that a block is made and judged by. */
export interface BlockLimits {
  /** Bytes of a block, -1 for CometBFT's own limit. */
  readonly maxBytes: bigint;
  /** Undefined for no limit. */
  readonly maxGas: bigint | undefined;
  readonly validatorKeyTypes: readonly string[];
}

/** The limits in a set of parameters; absent groups do not limit. */
export function blockLimits(params: ConsensusParams | undefined): BlockLimits {
  const maxGas = params?.block?.maxGas ?? -1n;
  return {
    maxBytes: params?.block?.maxBytes ?? -1n,
    maxGas: maxGas > 0n ? maxGas : undefined,
    validatorKeyTypes: params?.validator?.pubKeyTypes ?? ["ed25519"],
  };
}

/**
 * The update for CometBFT, undefined when nothing changed. Always all groups: a group that is present replaces all of its fields.
 * @throws sdk/35 when CometBFT would refuse it, which would stop the chain
 */
export function consensusParamUpdates(
  before: ConsensusParams | undefined,
  after: ConsensusParams | undefined,
): ConsensusParams | undefined {
  if (after === undefined || after === before) return undefined;
  if (before !== undefined && equalBytes(ConsensusParams.encode(before).finish(), ConsensusParams.encode(after).finish())) return undefined;
  checkConsensusParams(after);
  return after;
}

/** @throws sdk/35 with the field that CometBFT would refuse */
export function checkConsensusParams({ block, evidence, validator }: ConsensusParams): void {
  if (block === undefined || evidence === undefined || validator === undefined)
    throw sdkError.logic("consensus parameters with block, evidence and validator groups expected");
  const { maxBytes, maxGas } = block;
  if (maxBytes === 0n || maxBytes < -1n || maxBytes > MAX_BLOCK_BYTES)
    throw sdkError.logic(`block.max_bytes of -1 or 1…${MAX_BLOCK_BYTES} expected, got ${maxBytes}`);
  if (maxGas < -1n) throw sdkError.logic(`block.max_gas of -1 or more expected, got ${maxGas}`);
  const age = evidence.maxAgeDuration;
  if (evidence.maxAgeNumBlocks <= 0n) throw sdkError.logic(`evidence.max_age_num_blocks above 0 expected, got ${evidence.maxAgeNumBlocks}`);
  if (age === undefined || age.seconds < 0n || (age.seconds === 0n && age.nanos <= 0))
    throw sdkError.logic("evidence.max_age_duration above 0 expected");
  const largest = maxBytes === -1n ? MAX_BLOCK_BYTES : maxBytes;
  if (evidence.maxBytes < 0n || evidence.maxBytes > largest)
    throw sdkError.logic(`evidence.max_bytes of 0…${largest} expected, got ${evidence.maxBytes}`);
  if (validator.pubKeyTypes.length === 0) throw sdkError.logic("at least one validator key type expected");
  for (const type of validator.pubKeyTypes)
    if (type !== "ed25519" && type !== "secp256k1") throw sdkError.logic(`validator key type ed25519 or secp256k1 expected, got ${type}`);
}

import type { AggregateParams, Params } from "#proto/hanzo/experience/v1/types";
import { BPS, E18, MathError, parseUint } from "#sdk";
import { experienceError } from "./errors.ts";

/** Width of every amount. */
export const AMOUNT_BITS = 128;
/** Most contributors of an aggregate. */
export const MAX_SHARDS = 256;
/** Bytes of the largest shard: 256 rows of 384 columns. */
const MAX_SHARD_BYTES = 12_544n;
/** Ten years of blocks of one second: longer times are mistakes. */
const MAX_BLOCKS = 315_360_000n;
/** Highest quality. */
export const MAX_QUALITY = 65_535;
/** Longest name of a module. */
const MAX_MODULE_NAME = 64;

/** Ranges of whole numbers: field of Params, name on the wire, least, most. */
const RANGES: readonly (readonly [field: keyof Params, name: string, least: bigint, most: bigint])[] = [
  ["commitBlocks", "commit_blocks", 1n, MAX_BLOCKS],
  ["revealBlocks", "reveal_blocks", 1n, MAX_BLOCKS],
  ["voteBlocks", "vote_blocks", 1n, MAX_BLOCKS],
  ["voteRevealBlocks", "vote_reveal_blocks", 1n, MAX_BLOCKS],
  ["aggregateDelayBlocks", "aggregate_delay_blocks", 1n, 10_000n],
  ["challengeBlocks", "challenge_blocks", 1n, MAX_BLOCKS],
  ["maxShards", "max_shards", 1n, BigInt(MAX_SHARDS)],
  ["maxEntriesPerSubmitter", "max_entries_per_submitter", 1n, BigInt(MAX_SHARDS)],
  ["maxOpenRounds", "max_open_rounds", 1n, 64n],
  ["maxBlockBytes", "max_block_bytes", MAX_SHARD_BYTES, 16n << 20n],
  ["maxHoldoutBytes", "max_holdout_bytes", 1n, 1n << 20n],
  ["maxHoldouts", "max_holdouts", 1n, 64n],
  ["maxParents", "max_parents", 0n, 64n],
  ["settlePerBlock", "settle_per_block", 1n, 4096n],
  ["gasPerByte", "gas_per_byte", 0n, 1000n],
  ["stakeCapBps", "stake_cap_bps", 1n, BPS],
  ["minQuality", "min_quality", 0n, BigInt(MAX_QUALITY)],
  ["defaultQuality", "default_quality", 0n, BigInt(MAX_QUALITY)],
  ["voteQuorumBps", "vote_quorum_bps", 0n, BPS],
  ["voterCapBps", "voter_cap_bps", 1n, BPS],
  ["capDen", "cap_den", 1n, 65_536n],
  ["agreementHi", "agreement_hi", 1n, 4096n],
  ["agreementRounds", "agreement_rounds", 1n, 8n],
  ["utilityTargetPpm", "utility_target_ppm", 0n, 1_000_000n],
  ["unmeasuredRefundBps", "unmeasured_refund_bps", 0n, BPS],
  ["challengerBps", "challenger_bps", 0n, BPS],
  ["burnBps", "burn_bps", 0n, BPS],
  ["duplicateBps", "duplicate_bps", 1n, BPS],
  ["maxDelegations", "max_delegations", 1n, 1000n],
];

/** Parameters of a new chain: D of 25 AI (whitepaper App. D), and blocks of about a second. */
export const DEFAULT_PARAMS: Params = {
  bond: (25n * E18).toString(),
  challengeStake: E18.toString(),
  voteBond: E18.toString(),
  holdoutBond: (25n * E18).toString(),
  commitBlocks: 600n,
  revealBlocks: 300n,
  voteBlocks: 300n,
  voteRevealBlocks: 300n,
  aggregateDelayBlocks: 20n,
  challengeBlocks: 1800n,
  maxShards: 64,
  maxEntriesPerSubmitter: 4,
  maxOpenRounds: 16,
  maxBlockBytes: 1n << 19n,
  maxHoldoutBytes: 1n << 16n,
  maxHoldouts: 16,
  maxParents: 8,
  settlePerBlock: 64,
  gasPerByte: 10n,
  stakeCapBps: 1000,
  minQuality: 0,
  defaultQuality: MAX_QUALITY,
  voteQuorumBps: 3334,
  voterCapBps: 3333,
  capNum: 1,
  capDen: 2,
  agreementLo: 1434,
  agreementHi: 3072,
  agreementRounds: 3,
  utilityTargetPpm: 0,
  unmeasuredRefundBps: 10_000,
  challengerBps: 5000,
  burnBps: 5000,
  duplicateBps: 5000,
  maxDelegations: 64,
  treasuryModule: "treasury",
};

/** Amounts of the parameters, native base units. */
export interface ParamAmounts {
  readonly bond: bigint;
  readonly challengeStake: bigint;
  readonly voteBond: bigint;
  readonly holdoutBond: bigint;
}

/** Reads the amounts. @throws math/2, math/4 when one is no amount */
export function amountsOf(params: Params): ParamAmounts {
  return {
    bond: parseUint(params.bond, AMOUNT_BITS, "bond"),
    challengeStake: parseUint(params.challengeStake, AMOUNT_BITS, "challenge_stake"),
    voteBond: parseUint(params.voteBond, AMOUNT_BITS, "vote_bond"),
    holdoutBond: parseUint(params.holdoutBond, AMOUNT_BITS, "holdout_bond"),
  };
}

/** Parameters of an aggregate that is frozen now. */
export function aggregateParamsOf({ capNum, capDen, agreementLo, agreementHi, agreementRounds }: Params): AggregateParams {
  return { capNum, capDen, lo: agreementLo, hi: agreementHi, rounds: agreementRounds };
}

function refuse(detail: string): never {
  throw experienceError.invalidParams(detail);
}

/**
 * Checks parameters before they are stored.
 * @throws experience/2 naming the field, the allowed range and the value
 */
export function validateParams(params: Params): void {
  for (const [field, name, least, most] of RANGES) {
    const value = BigInt(params[field] as number | bigint);
    if (value < least || value > most) refuse(`${name}: expected ${least} to ${most}, got ${value}`);
  }
  const { capNum, capDen, agreementLo, agreementHi, treasuryModule } = params;
  if (2 * capNum < capDen || 3 * capNum > 2 * capDen) refuse(`cap_num/cap_den: expected 1/2 to 2/3, got ${capNum}/${capDen}`);
  if (agreementLo >= agreementHi) refuse(`agreement_lo: expected less than agreement_hi ${agreementHi}, got ${agreementLo}`);
  if (treasuryModule === "" || treasuryModule.length > MAX_MODULE_NAME)
    refuse(`treasury_module: expected 1 to ${MAX_MODULE_NAME} characters, got ${treasuryModule.length}`);
  // A full round must fit into its reveals twice, or honest submitters would lose bonds to a crowd.
  const room = params.revealBlocks * params.maxBlockBytes;
  const wanted = 2n * BigInt(params.maxShards) * MAX_SHARD_BYTES;
  if (room < wanted) refuse(`reveal_blocks × max_block_bytes: expected at least ${wanted}, twice a full round, got ${room}`);
  try {
    for (const [name, amount] of Object.entries(amountsOf(params))) if (amount === 0n) refuse(`${name}: expected at least 1, got 0`);
  } catch (cause) {
    if (cause instanceof MathError) refuse(cause.detail);
    throw cause;
  }
}

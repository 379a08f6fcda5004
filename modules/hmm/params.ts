import type { Params } from "#proto/hanzo/hmm/v1/types";
import { BPS, E18, MathError, parseUint } from "#sdk";
import { AMOUNT_BITS, RESERVE_BITS } from "./curve/math.ts";
import { hmmError } from "./errors.ts";

/** Denomination of the compute credit where a genesis names none. */
export const DEFAULT_CREDIT_DENOM = "credit";
/** Below this many base units one unit of rounding is worth too much. */
const LEAST_MIN_RESERVE = 1000n;
/** Longest name of a module. */
const MAX_MODULE_NAME = 64;
/** Ten years of blocks of one second: longer times are mistakes. */
const MAX_BLOCKS = 315_360_000n;

/** Ranges of whole numbers: field of Params, name on the wire, least, most. Above the window of 100 bps a sandwich pays (hmm §6). */
const RANGES: readonly (readonly [field: keyof Params, name: string, least: bigint, most: bigint])[] = [
  ["burnBps", "burn_bps", 0n, BPS],
  ["treasuryBps", "treasury_bps", 0n, BPS],
  ["maxOrderBps", "max_order_bps", 1n, BPS],
  ["referenceBlocks", "reference_blocks", 1n, MAX_BLOCKS],
  ["liquidityLockBlocks", "liquidity_lock_blocks", 0n, MAX_BLOCKS],
  ["immediateWindowBps", "immediate_window_bps", 0n, 100n],
  ["largeOrderBps", "large_order_bps", 1n, BPS],
  ["blockLimitBps", "block_limit_bps", 1n, 9000n],
  ["breakerBlocks", "breaker_blocks", 0n, MAX_BLOCKS],
  ["orderBlocks", "order_blocks", 1n, 10_000n],
  ["maxBatchOrders", "max_batch_orders", 1n, 4096n],
  ["maxBlockOrders", "max_block_orders", 1n, 65_536n],
  ["commitBlocks", "commit_blocks", 2n, MAX_BLOCKS],
  ["revealBlocks", "reveal_blocks", 2n, MAX_BLOCKS],
  ["forfeitBps", "forfeit_bps", 0n, BPS],
  ["maxSealedOrders", "max_sealed_orders", 1n, 65_536n],
  ["volatilityBlocks", "volatility_blocks", 1n, MAX_BLOCKS],
  ["twapWindowBlocks", "twap_window_blocks", 1n, MAX_BLOCKS],
  ["twapClampBps", "twap_clamp_bps", 1n, BPS],
  ["bondBps", "bond_bps", 0n, 100n * BPS],
  ["maxCommitmentBlocks", "max_commitment_blocks", 1n, MAX_BLOCKS],
  ["rampBps", "ramp_bps", 1n, 10n],
  ["routeTolerancePpm", "route_tolerance_ppm", 0n, 1_000_000n],
  ["maxRouteLegs", "max_route_legs", 1n, 256n],
];

/** Parameters of a new chain: 25 % of market fees burned, 15 % to the treasury, 60 % to liquidity providers. */
export const DEFAULT_PARAMS: Params = {
  treasuryModule: "treasury",
  burnBps: 2500,
  treasuryBps: 2000,
  maxOrderBps: 3000,
  minReserve: LEAST_MIN_RESERVE.toString(),
  referenceBlocks: 300n,
  liquidityLockBlocks: 300n,
  immediateWindowBps: 25,
  largeOrderBps: 100,
  blockLimitBps: 5000,
  breakerBlocks: 300n,
  orderBlocks: 10n,
  maxBatchOrders: 4096,
  maxBlockOrders: 8192,
  etaE18: E18.toString(),
  commitBlocks: 5n,
  revealBlocks: 5n,
  commitTier: (1000n * E18).toString(),
  forfeitBps: 100,
  maxSealedOrders: 4096,
  volatilityBlocks: 64n,
  twapWindowBlocks: 900n,
  twapClampBps: 500,
  bondBps: 15_000,
  maxCommitmentBlocks: MAX_BLOCKS,
  rampBps: 10,
  routeTolerancePpm: 50,
  maxRouteLegs: 64,
};

/**
 * Smallest reserve that an operation may leave.
 * @returns base units
 */
export function minReserveOf(params: Params): bigint {
  return parseUint(params.minReserve, RESERVE_BITS, "min_reserve");
}

/**
 * Part of its conserving trade that a pool takes in a batch.
 * @returns η times 10¹⁸
 */
export function etaOf(params: Params): bigint {
  return parseUint(params.etaE18, AMOUNT_BITS, "eta_e18");
}

/**
 * Smallest deposit of a sealed order.
 * @returns credit base units
 */
export function commitTierOf(params: Params): bigint {
  return parseUint(params.commitTier, AMOUNT_BITS, "commit_tier");
}

function requireBig(name: string, amount: bigint, least: bigint, most?: bigint): void {
  if (amount < least || (most !== undefined && amount > most)) {
    throw hmmError.invalidParams(`${name}: expected ${most === undefined ? `at least ${least}` : `${least} to ${most}`}, got ${amount}`);
  }
}

/**
 * Checks parameters before they are stored.
 * @throws hmm/15 naming the field, the allowed range and the value
 */
export function validateParams(params: Params): void {
  if (params.treasuryModule.length > MAX_MODULE_NAME) {
    throw hmmError.invalidParams(`treasury_module: expected at most ${MAX_MODULE_NAME} characters, got ${params.treasuryModule.length}`);
  }
  for (const [field, name, least, most] of RANGES) requireBig(name, BigInt(params[field] as number | bigint), least, most);
  try {
    requireBig("min_reserve", minReserveOf(params), LEAST_MIN_RESERVE);
    requireBig("eta_e18", etaOf(params), E18 / 2n, E18);
    requireBig("commit_tier", commitTierOf(params), 1n);
  } catch (cause) {
    if (cause instanceof MathError) throw hmmError.invalidParams(cause.detail);
    throw cause;
  }
}

import type { Params } from "#proto/hanzo/hmm/v1/types";
import { BPS, MathError, parseUint } from "#sdk";
import { hmmError } from "./errors.ts";
import { RESERVE_BITS } from "./math.ts";

/** Denomination of the compute credit where a genesis names none. */
export const DEFAULT_CREDIT_DENOM = "credit";
/** Below this many base units one unit of rounding is worth too much. */
const LEAST_MIN_RESERVE = 1000n;
/** Longest name of a module. */
const MAX_MODULE_NAME = 64;
/** Ten years of blocks of one second: longer times are mistakes. */
const MAX_BLOCKS = 315_360_000n;

/** Parameters of a new chain: 25 % of market fees burned, 15 % to the treasury, 60 % to liquidity providers. */
export const DEFAULT_PARAMS: Params = {
  treasuryModule: "treasury",
  burnBps: 2500,
  treasuryBps: 2000,
  maxOrderBps: 3000,
  minReserve: LEAST_MIN_RESERVE.toString(),
  referenceBlocks: 300n,
  liquidityLockBlocks: 300n,
};

/**
 * Smallest reserve that an operation may leave.
 * @returns base units
 */
export function minReserveOf(params: Params): bigint {
  return parseUint(params.minReserve, RESERVE_BITS, "min_reserve");
}

function requireBps(value: number, least: number, name: string): void {
  if (!Number.isInteger(value) || value < least || BigInt(value) > BPS) {
    throw hmmError.invalidParams(`${name}: expected ${least} to ${BPS} bps, got ${value}`);
  }
}

function requireBlocks(value: bigint, least: bigint, name: string): void {
  if (value < least || value > MAX_BLOCKS) throw hmmError.invalidParams(`${name}: expected ${least} to ${MAX_BLOCKS} blocks, got ${value}`);
}

/**
 * Checks parameters before they are stored.
 * @throws hmm/15 naming the field, the allowed range and the value
 */
export function validateParams(params: Params): void {
  if (params.treasuryModule.length > MAX_MODULE_NAME) {
    throw hmmError.invalidParams(`treasury_module: expected at most ${MAX_MODULE_NAME} characters, got ${params.treasuryModule.length}`);
  }
  requireBps(params.burnBps, 0, "burn_bps");
  requireBps(params.treasuryBps, 0, "treasury_bps");
  requireBps(params.maxOrderBps, 1, "max_order_bps");
  requireBlocks(params.referenceBlocks, 1n, "reference_blocks");
  requireBlocks(params.liquidityLockBlocks, 0n, "liquidity_lock_blocks");
  let least: bigint;
  try {
    least = minReserveOf(params);
  } catch (cause) {
    if (cause instanceof MathError) throw hmmError.invalidParams(cause.detail);
    throw cause;
  }
  if (least < LEAST_MIN_RESERVE)
    throw hmmError.invalidParams(`min_reserve: expected at least ${LEAST_MIN_RESERVE} base units, got ${least}`);
}

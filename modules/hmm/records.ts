// What the market stores, with integers instead of decimal text. The bytes in state are those of the protobuf messages.

import { Pool, type PoolStatus, Position, Vault } from "#proto/hanzo/hmm/v1/types";
import { parseUint, type ValueCodec } from "#sdk";
import type { FeeGrowth, QuotePool } from "./fees.ts";
import { AMOUNT_BITS, RESERVE_BITS } from "./math.ts";

/** Stored pool. Units as in the message hanzo.hmm.v1.Pool. */
export interface PoolState extends QuotePool, FeeGrowth {
  readonly id: string;
  readonly denom: string;
  readonly status: PoolStatus;
  /** Shares outstanding. */
  readonly shares: bigint;
  /** Credit base units held for liquidity providers. */
  readonly feesHeld: bigint;
}

/** Stored liquidity position. */
export interface PositionState {
  readonly owner: string;
  readonly poolId: string;
  readonly shares: bigint;
  readonly feeGrowthQ128: bigint;
  /** Credit base units counted and not collected. */
  readonly feesOwed: bigint;
  /** First height at which shares can be removed. */
  readonly unlockHeight: bigint;
}

/** Stored vault. */
export interface VaultState {
  readonly creditDenom: string;
  /** Native base units: equal to the supply of credit. */
  readonly locked: bigint;
}

/** Width of the vault and of held fees, which are parts of the bank's supply of credit: the width of supplies. */
export const SUPPLY_BITS = 256;
/** Width of fee growth: 128 bits of whole credit and 128 of fraction per share, with room for centuries of fees. */
const GROWTH_BITS = 512;

/**
 * Message of a stored pool.
 * @throws math/4, math/2 never for a stored state
 */
export function poolToProto(pool: PoolState): Pool {
  const { id, denom, status } = pool;
  return {
    id,
    denom,
    status,
    psi: pool.psi.toString(),
    theta: pool.theta.toString(),
    centreE18: pool.centreE18.toString(),
    wE18: pool.wE18.toString(),
    lambdaE18: pool.lambdaE18.toString(),
    marketFeeE18: pool.marketFeeE18.toString(),
    riskE18: pool.riskE18.toString(),
    psiRef: pool.psiRef.toString(),
    shares: pool.shares.toString(),
    feeGrowthQ128: pool.feeGrowthQ128.toString(),
    feeCarryQ128: pool.feeCarryQ128.toString(),
    feesHeld: pool.feesHeld.toString(),
  };
}

/**
 * Reads the message of a pool: from state or from a genesis file.
 * @throws math/4 when a number is not canonical, math/2 when it is too wide; the text names pool and field
 */
export function poolFromProto(pool: Pool): PoolState {
  const read = (field: keyof Pool, bits: number): bigint => parseUint(String(pool[field]), bits, `pools.${pool.id}.${field}`);
  return {
    id: pool.id,
    denom: pool.denom,
    status: pool.status,
    psi: read("psi", RESERVE_BITS),
    theta: read("theta", RESERVE_BITS),
    centreE18: read("centreE18", RESERVE_BITS),
    wE18: read("wE18", RESERVE_BITS),
    lambdaE18: read("lambdaE18", RESERVE_BITS),
    marketFeeE18: read("marketFeeE18", RESERVE_BITS),
    riskE18: read("riskE18", RESERVE_BITS),
    psiRef: read("psiRef", RESERVE_BITS),
    shares: read("shares", AMOUNT_BITS),
    feeGrowthQ128: read("feeGrowthQ128", GROWTH_BITS),
    feeCarryQ128: read("feeCarryQ128", SUPPLY_BITS),
    feesHeld: read("feesHeld", SUPPLY_BITS),
  };
}

/** Message of a stored position. */
export function positionToProto({ owner, poolId, shares, feeGrowthQ128, feesOwed, unlockHeight }: PositionState): Position {
  return { owner, poolId, shares: shares.toString(), feeGrowthQ128: feeGrowthQ128.toString(), feesOwed: feesOwed.toString(), unlockHeight };
}

/**
 * Reads the message of a position.
 * @throws math/4, math/2 as {@link poolFromProto}
 */
export function positionFromProto(position: Position): PositionState {
  const { owner, poolId, unlockHeight } = position;
  const at = `positions.${owner}.${poolId}`;
  return {
    owner,
    poolId,
    shares: parseUint(position.shares, AMOUNT_BITS, `${at}.shares`),
    feeGrowthQ128: parseUint(position.feeGrowthQ128, GROWTH_BITS, `${at}.feeGrowthQ128`),
    feesOwed: parseUint(position.feesOwed, SUPPLY_BITS, `${at}.feesOwed`),
    unlockHeight,
  };
}

/** Message of the stored vault. */
export function vaultToProto({ creditDenom, locked }: VaultState): Vault {
  return { creditDenom, locked: locked.toString() };
}

/**
 * Reads the message of a vault.
 * @throws math/4, math/2 as {@link poolFromProto}
 */
export function vaultFromProto({ creditDenom, locked }: Vault): VaultState {
  return { creditDenom, locked: parseUint(locked, SUPPLY_BITS, "vault.locked") };
}

/** State codec of pools. */
export const poolRecord: ValueCodec<PoolState> = {
  encode: (pool) => Pool.encode(poolToProto(pool)).finish(),
  decode: (bytes) => poolFromProto(Pool.decode(bytes)),
  json: { proto: Pool.$type },
};

/** State codec of positions. */
export const positionRecord: ValueCodec<PositionState> = {
  encode: (position) => Position.encode(positionToProto(position)).finish(),
  decode: (bytes) => positionFromProto(Position.decode(bytes)),
  json: { proto: Position.$type },
};

/** State codec of the vault. */
export const vaultRecord: ValueCodec<VaultState> = {
  encode: (vault) => Vault.encode(vaultToProto(vault)).finish(),
  decode: (bytes) => vaultFromProto(Vault.decode(bytes)),
  json: { proto: Vault.$type },
};

// What the market stores, with integers instead of decimal text. The bytes in state are those of the protobuf messages.

import { type Pool, PoolService, type PoolStatus, Position, Vault } from "#proto/hanzo/hmm/v1/types";
import { encodeMessage, memoized, parseUint, type ValueCodec } from "#sdk";
import type { FeeGrowth, QuotePool } from "./curve/fees.ts";
import { AMOUNT_BITS, RESERVE_BITS } from "./curve/math.ts";

/** What a pool knows of the block being executed. Units as in the message hanzo.hmm.v1.PoolBlock. */
export interface PoolBlockState {
  readonly height: bigint;
  /** Resource reserve at the start of the block, resource base units. */
  readonly psi: bigint;
  /** Credit base units earned by liquidity providers in the block, not yet spread over shares. */
  readonly fees: bigint;
  /** Shares issued in the block. */
  readonly freshShares: bigint;
  /** Credit base units of market fees to be burned at the end of the block. */
  readonly burn: bigint;
  /** Credit base units of market fees for the treasury at the end of the block. */
  readonly treasury: bigint;
}

/** Accumulator of the average price. Units as in the message hanzo.hmm.v1.PoolTwap. */
export interface PoolTwapState {
  readonly cumulativeE18: bigint;
  readonly priceE18: bigint;
  readonly height: bigint;
  readonly count: bigint;
}

/** Where the curve is moving. */
export interface PoolRampState {
  readonly centreE18: bigint;
  readonly wE18: bigint;
  readonly lambdaE18: bigint;
}

/** Stored pool. Units as in the message hanzo.hmm.v1.Pool. */
export interface PoolState extends QuotePool, FeeGrowth {
  readonly id: string;
  readonly denom: string;
  readonly status: PoolStatus;
  /** Shares outstanding, fresh ones included. */
  readonly shares: bigint;
  /** Credit base units held for liquidity providers. */
  readonly feesHeld: bigint;
  readonly resourceClass: string;
  readonly service: PoolService;
  readonly dynamicRisk: boolean;
  readonly volatilityE18: bigint;
  readonly block: PoolBlockState;
  readonly twap: PoolTwapState;
  readonly ramp: PoolRampState | undefined;
  /** Height at which a tripped pool resumes; 0 when it does not by itself. */
  readonly resumeHeight: bigint;
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
  /** Shares issued in the block being executed, which earn from the next block on. */
  readonly freshShares: bigint;
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
    resourceClass: pool.resourceClass,
    service: pool.service,
    dynamicRisk: pool.dynamicRisk,
    volatilityE18: pool.volatilityE18.toString(),
    block: blockToProto(pool),
    ...timePartsToProto(pool),
    resumeHeight: pool.resumeHeight,
  };
}

function blockToProto({ block }: PoolState): NonNullable<Pool["block"]> {
  return {
    height: block.height,
    psi: block.psi.toString(),
    fees: block.fees.toString(),
    freshShares: block.freshShares.toString(),
    burn: block.burn.toString(),
    treasury: block.treasury.toString(),
  };
}

/** The parts of a pool's message that change with time. */
function timePartsToProto({ twap, ramp }: PoolState): Pick<Pool, "twap" | "ramp"> {
  return {
    twap: {
      cumulativeE18: twap.cumulativeE18.toString(),
      priceE18: twap.priceE18.toString(),
      height: twap.height,
      count: twap.count,
    },
    ramp:
      ramp === undefined
        ? undefined
        : { centreE18: ramp.centreE18.toString(), wE18: ramp.wE18.toString(), lambdaE18: ramp.lambdaE18.toString() },
  };
}

function blockFromProto({ id, block }: Pool): PoolBlockState {
  const read = (text: string, bits: number, field: string): bigint => parseUint(text, bits, `pools.${id}.block.${field}`);
  if (block === undefined) return { height: 0n, psi: 0n, fees: 0n, freshShares: 0n, burn: 0n, treasury: 0n };
  return {
    height: block.height,
    psi: read(block.psi, RESERVE_BITS, "psi"),
    fees: read(block.fees, SUPPLY_BITS, "fees"),
    freshShares: read(block.freshShares, AMOUNT_BITS, "fresh_shares"),
    burn: read(block.burn, SUPPLY_BITS, "burn"),
    treasury: read(block.treasury, SUPPLY_BITS, "treasury"),
  };
}

function twapFromProto({ id, twap }: Pool): PoolTwapState {
  if (twap === undefined) return { cumulativeE18: 0n, priceE18: 0n, height: 0n, count: 0n };
  return {
    cumulativeE18: parseUint(twap.cumulativeE18, SUPPLY_BITS, `pools.${id}.twap.cumulative_e18`),
    priceE18: parseUint(twap.priceE18, SUPPLY_BITS, `pools.${id}.twap.price_e18`),
    height: twap.height,
    count: twap.count,
  };
}

function rampFromProto({ id, ramp }: Pool): PoolRampState | undefined {
  if (ramp === undefined) return undefined;
  const read = (text: string, field: string): bigint => parseUint(text, RESERVE_BITS, `pools.${id}.ramp.${field}`);
  return {
    centreE18: read(ramp.centreE18, "centre_e18"),
    wE18: read(ramp.wE18, "w_e18"),
    lambdaE18: read(ramp.lambdaE18, "lambda_e18"),
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
    resourceClass: pool.resourceClass,
    service: pool.service ?? PoolService.create(),
    dynamicRisk: pool.dynamicRisk,
    volatilityE18: read("volatilityE18", SUPPLY_BITS),
    block: blockFromProto(pool),
    twap: twapFromProto(pool),
    ramp: rampFromProto(pool),
    resumeHeight: pool.resumeHeight,
  };
}

/** Message of a stored position. */
export function positionToProto(position: PositionState): Position {
  const { owner, poolId, shares, feeGrowthQ128, feesOwed, unlockHeight, freshShares } = position;
  return {
    owner,
    poolId,
    shares: shares.toString(),
    feeGrowthQ128: feeGrowthQ128.toString(),
    feesOwed: feesOwed.toString(),
    unlockHeight,
    freshShares: freshShares === 0n ? "" : freshShares.toString(),
  };
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
    freshShares: position.freshShares === "" ? 0n : parseUint(position.freshShares, AMOUNT_BITS, `${at}.freshShares`),
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

/** State codec of positions. */
export const positionRecord: ValueCodec<PositionState> = {
  encode: (position) => encodeMessage(Position, positionToProto(position)),
  decode: (bytes) => positionFromProto(Position.decode(bytes)),
  json: { proto: Position.$type },
};

/** State codec of the vault. */
export const vaultRecord: ValueCodec<VaultState> = memoized({
  encode: (vault) => encodeMessage(Vault, vaultToProto(vault)),
  decode: (bytes) => vaultFromProto(Vault.decode(bytes)),
  json: { proto: Vault.$type },
});

// How a pool is stored. Every trade reads its pool and writes it: what a trade leaves alone is encoded once, and what was written or read last
// is not decoded again.

import { Pool } from "#proto/hanzo/hmm/v1/types";
import { encodeMessage, equalBytes, type ValueCodec } from "#sdk";
import { type PoolBlockState, type PoolState, poolFromProto, poolToProto } from "./records.ts";

/** Pools that are remembered; of more, some are encoded and decoded anew. */
const KEPT_POOLS = 4096;

/** What is remembered of a pool: what was written or read last. */
interface KnownPool {
  bytes: Uint8Array;
  pool: PoolState;
  /** Bytes of what trades leave alone; undefined before the pool was written. */
  still: Uint8Array | undefined;
}

const known = new Map<string, KnownPool>();
/** The same by the array of the bytes, which stays the same for as long as nobody writes over it. */
const states = new Map<Uint8Array, PoolState>();

/** Remembers a state in the place of the pool's last one, so that nothing is kept of what was written over. */
function remember(bytes: Uint8Array, pool: PoolState, still: Uint8Array | undefined): void {
  const before = known.get(pool.id);
  if (before !== undefined) {
    states.delete(before.bytes);
    before.bytes = bytes;
    before.pool = pool;
    before.still = still;
  } else {
    if (known.size >= KEPT_POOLS) {
      known.clear();
      states.clear();
    }
    known.set(pool.id, { bytes, pool, still });
  }
  states.set(bytes, pool);
}

/** Whether no more than trades of one block lies between two states of a pool: all that these leave alone is the same. */
function isStill(a: PoolState, b: PoolState): boolean {
  return (
    a.centreE18 === b.centreE18 &&
    a.wE18 === b.wE18 &&
    a.lambdaE18 === b.lambdaE18 &&
    a.marketFeeE18 === b.marketFeeE18 &&
    a.riskE18 === b.riskE18 &&
    a.psiRef === b.psiRef &&
    a.shares === b.shares &&
    a.feeGrowthQ128 === b.feeGrowthQ128 &&
    a.feeCarryQ128 === b.feeCarryQ128 &&
    a.volatilityE18 === b.volatilityE18 &&
    a.status === b.status &&
    a.denom === b.denom &&
    a.resourceClass === b.resourceClass &&
    a.dynamicRisk === b.dynamicRisk &&
    a.resumeHeight === b.resumeHeight &&
    a.service === b.service &&
    a.twap === b.twap &&
    a.ramp === b.ramp
  );
}

/** Tags of the fields that a trade changes, of hanzo.hmm.v1.Pool and of hanzo.hmm.v1.PoolBlock within it. All but the height are digits. */
const POOL = { psi: 0x22, theta: 0x2a, feesHeld: 0x7a, block: [0xa2, 0x01] } as const;
const ID = 0x0a;
const BLOCK = { height: 0x08, psi: 0x12, fees: 0x1a, freshShares: 0x22, burn: 0x2a, treasury: 0x32 } as const;
/** Room for those fields: eight numbers of at most 78 digits and a height, with tags and lengths. */
const MOVING_BYTES = 1024;

/** Records lie one in front of the other in an array of this size: one of its own for each, outside of V8's heap, costs more than writing it. */
const SLAB_BYTES = 1 << 14;
let slab = new Uint8Array(SLAB_BYTES);
/** First byte of the slab that is taken: it is filled from its end, so that every length is known when it is due. */
let taken = SLAB_BYTES;

/** Writes a field of fewer than 128 digits in front of a place. @returns its first byte's place */
function putNumber(before: number, tag: number, value: bigint): number {
  const digits = value.toString();
  const { length } = digits;
  const at = before - length;
  for (let i = 0; i < length; i++) slab[at + i] = digits.charCodeAt(i);
  slab[at - 1] = length;
  slab[at - 2] = tag;
  return at - 2;
}

/** Writes a varint below 2^64 in front of a place. @returns its first byte's place */
function putVarint(before: number, value: bigint): number {
  let bytes = 1;
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) bytes++;
  const at = before - bytes;
  let rest = value;
  for (let i = at; i < before - 1; i++, rest >>= 7n) slab[i] = Number(rest & 0x7fn) | 0x80;
  slab[before - 1] = Number(rest);
  return at;
}

/** Writes the block's field in front of a place. @returns its first byte's place */
function putBlock(before: number, { height, psi, fees, freshShares, burn, treasury }: PoolBlockState): number {
  let at = putNumber(before, BLOCK.treasury, treasury);
  at = putNumber(at, BLOCK.burn, burn);
  at = putNumber(at, BLOCK.freshShares, freshShares);
  at = putNumber(at, BLOCK.fees, fees);
  at = putNumber(at, BLOCK.psi, psi);
  if (height !== 0n) {
    at = putVarint(at, height);
    slab[--at] = BLOCK.height;
  }
  at = putVarint(at, BigInt(before - at));
  slab[--at] = POOL.block[1];
  slab[--at] = POOL.block[0];
  return at;
}

/**
 * The fields that a trade leaves alone, then those that it changes: most of a pool is numbers as text that stay as they are. Readers of
 * protobuf take fields in any order. DETERMINISM: the bytes depend on the pool alone, remembered or not.
 */
function join(still: Uint8Array, { psi, theta, feesHeld, block }: PoolState): Uint8Array {
  const room = still.length + MOVING_BYTES;
  if (room > taken) {
    slab = new Uint8Array(Math.max(room, SLAB_BYTES));
    taken = slab.length;
  }
  const end = taken;
  taken = putBlock(end, block);
  taken = putNumber(taken, POOL.feesHeld, feesHeld);
  taken = putNumber(taken, POOL.theta, theta);
  taken = putNumber(taken, POOL.psi, psi) - still.length;
  slab.set(still, taken);
  return slab.subarray(taken, end);
}

function encodePool(pool: PoolState): Uint8Array {
  const before = known.get(pool.id);
  const still =
    before?.still !== undefined && isStill(before.pool, pool)
      ? before.still
      : encodeMessage(Pool, { ...poolToProto(pool), psi: "", theta: "", feesHeld: "", block: undefined });
  const bytes = join(still, pool);
  remember(bytes, pool, still);
  return bytes;
}

/** The identifier that a record begins with, which is ASCII; empty when it begins otherwise. */
function idOf(bytes: Uint8Array): string {
  let id = "";
  const end = bytes[0] === ID ? 2 + (bytes[1] ?? 0) : 2;
  for (let i = 2; i < end; i++) id += String.fromCharCode(bytes[i] ?? 0);
  return id;
}

function decodePool(bytes: Uint8Array): PoolState {
  const same = states.get(bytes);
  if (same !== undefined) return same;
  // Equal ones come in arrays of their own from states that are read past what is remembered of them.
  const before = known.get(idOf(bytes));
  if (before !== undefined && equalBytes(before.bytes, bytes)) return before.pool;
  const pool = poolFromProto(Pool.decode(bytes));
  remember(bytes, pool, undefined);
  return pool;
}

/**
 * State codec of pools. What it returns is shared: nobody changes a state of a pool, a new one is made of it.
 * DETERMINISM: a state depends on its bytes alone, so that nobody can tell whether it was remembered.
 */
export const poolRecord: ValueCodec<PoolState> = {
  encode: encodePool,
  decode: decodePool,
  scan: (bytes) => states.get(bytes) ?? poolFromProto(Pool.decode(bytes)),
  json: { proto: Pool.$type },
};

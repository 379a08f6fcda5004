import { minOf } from "../math/minOf.ts";
import { sdkError } from "./errors.ts";

/** Counts gas against a limit. One unit is the SDK's unit; figures of stores and signatures are the SDK's defaults. */
export interface GasMeter {
  readonly limit: bigint;
  readonly used: bigint;
  /** Adds units. @throws sdk/11 out of gas when the limit is passed; `used` then holds what was asked for. */
  consume(units: bigint, why: string): void;
  /** {@link consume} of a safe integer ≥ 0, such as the gas of one access to a store: cheaper than a bigint for each. */
  count(units: number, why: string): void;
}

/** Gas of store access (cosmos-sdk store/types KVGasConfig). */
export const KV_GAS = {
  has: 1000n,
  delete: 1000n,
  readFlat: 1000n,
  readPerByte: 3n,
  writeFlat: 2000n,
  writePerByte: 30n,
  iterNext: 30n,
} as const;

/** Largest unsigned 64-bit number: the limit that a meter without limit reports. */
export const MAX_GAS = (1n << 64n) - 1n;

/** Most units that are kept as a number before they join the others: a sum below it plus one access is exact. */
const MOST_PENDING = 1n << 52n;

/** The meter of work that nobody pays for and nobody counts: block hooks, genesis. */
export const FREE_GAS: GasMeter = { limit: MAX_GAS, used: 0n, consume() {}, count() {} };

/** A meter with a limit; `limit` undefined counts without end (simulation). */
export function createGasMeter(limit?: bigint): GasMeter {
  let settled = 0n;
  /** Units counted since. INVARIANT: what was used is settled + pending. */
  let pending = 0;
  /** Most that may be pending before the limit must be looked at. */
  let room = Number(minOf(limit ?? MOST_PENDING, MOST_PENDING));
  const settle = (why: string): void => {
    settled += BigInt(pending);
    pending = 0;
    room = Number(limit === undefined ? MOST_PENDING : minOf(limit - settled, MOST_PENDING));
    if (room < 0) throw sdkError.outOfGas(`out of gas in location: ${why}; gasWanted: ${limit}, gasUsed: ${settled}`);
  };
  return {
    limit: limit ?? MAX_GAS,
    get used() {
      return settled + BigInt(pending);
    },
    consume(units, why) {
      settled += units;
      settle(why);
    },
    count(units, why) {
      pending += units;
      if (pending > room) settle(why);
    },
  };
}

import { sdkError } from "./errors.ts";

/** Counts gas against a limit. One unit is the SDK's unit; figures of stores and signatures are the SDK's defaults. */
export interface GasMeter {
  readonly limit: bigint;
  readonly used: bigint;
  /** Adds units. @throws sdk/11 out of gas when the limit is passed; `used` then holds what was asked for. */
  consume(units: bigint, why: string): void;
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

/** A meter with a limit; `limit` undefined counts without end (simulation, block hooks, genesis). */
export function createGasMeter(limit?: bigint): GasMeter {
  let used = 0n;
  return {
    limit: limit ?? MAX_GAS,
    get used() {
      return used;
    },
    consume(units, why) {
      used += units;
      if (limit !== undefined && used > limit) {
        throw sdkError.outOfGas(`out of gas in location: ${why}; gasWanted: ${limit}, gasUsed: ${used}`);
      }
    },
  };
}

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

/** Most units of one charge that are counted as a number; any below {@link MOST_PENDING} could be. */
const MOST_COUNTED = 1n << 32n;

/** The meter of work that nobody pays for and nobody counts: block hooks, genesis. */
export const FREE_GAS: GasMeter = { limit: MAX_GAS, used: 0n, consume() {}, count() {} };

/** A meter with a limit; `limit` undefined counts without end (simulation). */
export function createGasMeter(limit?: bigint): GasMeter {
  return new Meter(limit);
}

/** A class: of an object with a getter each new one is put together by the runtime of V8, and every transaction has a meter. */
class Meter implements GasMeter {
  readonly limit: bigint;
  readonly #isEndless: boolean;
  #settled = 0n;
  /** Units counted since. INVARIANT: what was used is settled + pending. */
  #pending = 0;
  /** Most that may be pending before the limit must be looked at. */
  #room: number;

  constructor(limit: bigint | undefined) {
    this.limit = limit ?? MAX_GAS;
    this.#isEndless = limit === undefined;
    this.#room = Number(minOf(this.limit, MOST_PENDING));
  }

  get used(): bigint {
    return this.#settled + BigInt(this.#pending);
  }

  consume(units: bigint, why: string): void {
    if (units >= 0n && units <= MOST_COUNTED) {
      this.count(Number(units), why);
      return;
    }
    this.#settled += units;
    this.#settle(why);
  }

  count(units: number, why: string): void {
    this.#pending += units;
    if (this.#pending > this.#room) this.#settle(why);
  }

  #settle(why: string): void {
    this.#settled += BigInt(this.#pending);
    this.#pending = 0;
    this.#room = Number(this.#isEndless ? MOST_PENDING : minOf(this.limit - this.#settled, MOST_PENDING));
    if (this.#room < 0) throw sdkError.outOfGas(`out of gas in location: ${why}; gasWanted: ${this.limit}, gasUsed: ${this.#settled}`);
  }
}

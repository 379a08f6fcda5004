// The ring of a pool's observations on a plain map.
import assert from "node:assert/strict";
import type { PoolObservation } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import type { Market } from "../../../modules/hmm/market.ts";
import { exportObservations } from "../../../modules/hmm/pool/observations.ts";
import { type Average, averageE18, observe } from "../../../modules/hmm/pool/twap.ts";
import type { PoolState } from "../../../modules/hmm/records.ts";

/** Accumulator of a pool without observations. */
export const NO_TWAP: PoolState["twap"] = { cumulativeE18: 0n, priceE18: 0n, height: 0n, count: 0n };

export interface PriceRing {
  /** Only its identifier and its accumulator mean anything. */
  readonly pool: PoolState;
  observe(spot: bigint, height: bigint, clampBps: bigint): void;
  average(blocks: bigint, height: bigint): Average;
  /** Entries of the ring that were read. */
  reads: number;
  size(): number;
  exported(): PoolObservation[];
}

export function createRing(): PriceRing {
  const rows = new Map<bigint, PoolObservation>();
  let pool = { id: "gpu", centreE18: 7n, twap: NO_TWAP } as PoolState;
  let reads = 0;
  const observations = {
    get(_: unknown, [, slot]: readonly [string, bigint]): PoolObservation {
      reads++;
      return rows.get(slot) ?? assert.fail(`slot ${slot}`);
    },
    set: (_: unknown, [, slot]: readonly [string, bigint], row: PoolObservation) => void rows.set(slot, row),
  };
  const market = { state: { observations } } as unknown as Market;
  const at = (height: bigint): Ctx => ({ height }) as Ctx;
  return {
    get pool() {
      return pool;
    },
    observe(spot, height, clampBps) {
      pool = observe(market, at(height), pool, spot, clampBps);
    },
    average: (blocks, height) => averageE18(market, at(height), pool, blocks),
    get reads() {
      return reads;
    },
    set reads(count) {
      reads = count;
    },
    size: () => rows.size,
    exported: () => exportObservations(market, at(0n), pool),
  };
}

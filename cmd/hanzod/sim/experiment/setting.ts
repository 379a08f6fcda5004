import type { QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import type { Flow } from "../market/flow.ts";
import { createPool, fromE18 } from "../market/simPool.ts";

/** f_m of every experiment: 30 bps, times 10¹⁸. */
export const MARKET_FEE_E18 = 3n * 10n ** 15n;

/** What a run of the simulator is asked for. */
export interface Setting {
  /** λ with w = 1, times 10¹⁸, ascending, without repetition. */
  readonly lambdasE18: readonly bigint[];
  /** Length of the long experiments. */
  readonly blocks: number;
  /** 0 … 2^32 − 1. */
  readonly seed: number;
}

/** φ of the long experiments: 0.05 % of the reserve per block and side. */
export const USUAL_SHARE = 0.0005;

/** The calm market: demand and supply meet at the centre price. */
export function calmFlow(share: number, elasticity: number): Flow {
  return { share, demand: 1, supply: 1, demandElasticity: elasticity, supplyElasticity: elasticity };
}

/** A pool without risk fee: the theory that figures are compared with has none. */
export function poolOf(lambdaE18: bigint): QuotePool {
  return createPool({ lambdaE18, marketFeeE18: MARKET_FEE_E18, riskE18: 0n });
}

/** λ as a float. */
export function lambdaOf(lambdaE18: bigint): number {
  return fromE18(lambdaE18);
}

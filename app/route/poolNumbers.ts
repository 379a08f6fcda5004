// A pool in floating point, in credit base units. A solver meets the same pools again and again, so each is converted once.

import type { KnownPool } from "../../modules/hmm/route/knownPool.ts";

/** A pool as the solver's formulas use it. */
export interface PoolNumbers {
  /** c: credit base units per resource base unit. */
  readonly centre: number;
  /** X = cΨ and T = Θ, credit base units. */
  readonly x: number;
  readonly t: number;
  /** λ/w. */
  readonly lambda: number;
  /** 1/(1 − f_m). */
  readonly gross: number;
  /** ρ/X_ref, per credit base unit. */
  readonly risk: number;
  /** c(Ψ_ref − Ψ) and Θ − Θ_ref, credit base units. */
  readonly apart: number;
  readonly value: number;
  /** Largest purchase, resource base units. */
  readonly cap: number;
}

/** Credit that the curve asks for taking `taken` (may be negative) out of X. */
export function curveIn(x: number, t: number, lambda: number, taken: number): number {
  const b = x - taken + lambda * t;
  const c = taken * (2 * t + lambda * (2 * x - taken));
  return c / (b + Math.sqrt(b * b + lambda * c));
}

/**
 * Credit that the curve asks for an amount, up to the rounding of floating point: where the search for the exact figure best begins.
 * @param psi resource base units, below the pool's reserve
 * @returns credit base units, ≥ 0
 */
export function nearCurveCost({ centre, x, t, lambda }: PoolNumbers, psi: bigint): bigint {
  const credit = curveIn(x, t, lambda, centre * Number(psi));
  return credit > 0 && credit < Number.POSITIVE_INFINITY ? BigInt(Math.round(credit)) : 0n;
}

/** By list of pools. */
const known = new WeakMap<readonly KnownPool[], (PoolNumbers | undefined)[]>();

/** The numbers of pools of a list, each converted when first asked for. */
export function numbersOf(pools: readonly KnownPool[]): (pool: KnownPool) => PoolNumbers {
  let list = known.get(pools);
  if (list === undefined) {
    list = pools.map(() => undefined);
    known.set(pools, list);
  }
  const converted = list;
  return (pool) => {
    converted[pool.place] ??= convert(pool);
    return converted[pool.place] as PoolNumbers;
  };
}

function convert(pool: KnownPool): PoolNumbers {
  const w = Number(pool.wE18);
  const lambda = Number(pool.lambdaE18) / w;
  const centre = Number(pool.centreE18) / 1e18;
  const x = centre * Number(pool.psi);
  const t = Number(pool.theta);
  const apart = centre * Number(pool.psiRef - pool.psi);
  // Θ − Θ_ref: what the curve gave for moving from the reference to here.
  const value = apart === 0 ? 0 : -curveIn(x, t, lambda, -apart);
  return {
    centre,
    x,
    t,
    lambda,
    gross: 1 / (1 - Number(pool.marketFeeE18) / 1e18),
    risk: Number(pool.riskE18) / 1e18 / (centre * Number(pool.psiRef)),
    apart,
    value: apart > 0 ? Math.max(0, value) : value,
    cap: Number(pool.cap),
  };
}

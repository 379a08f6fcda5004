// Pools in floating point, in credit base units. A solver meets the same pools again and again, so each is converted once; flat, since of
// objects with a number in each field there would be ten a pool.

import type { KnownPool } from "../../modules/hmm/route/knownPool.ts";

/**
 * Where a pool's numbers stand, from its place in the list on:
 * - centre: c, credit base units per resource base unit
 * - x, t: X = cΨ and T = Θ, credit base units
 * - lambda: λ/w
 * - gross: 1/(1 − f_m)
 * - risk: ρ/X_ref, per credit base unit
 * - apart, value: c(Ψ_ref − Ψ) and Θ − Θ_ref, credit base units
 * - cap: largest purchase, resource base units
 */
export const FIELD = { centre: 0, x: 1, t: 2, lambda: 3, gross: 4, risk: 5, apart: 6, value: 7, cap: 8 } as const;
const FIELDS = 9;

/** Credit that the curve asks for taking `taken` (may be negative) out of X. */
export function curveIn(x: number, t: number, lambda: number, taken: number): number {
  const b = x - taken + lambda * t;
  const c = taken * (2 * t + lambda * (2 * x - taken));
  return c / (b + Math.sqrt(b * b + lambda * c));
}

/** The numbers of the pools of a list, each pool converted when first asked for. */
export class PoolNumbers {
  /** Numbers by pool, see {@link FIELD}. */
  readonly values: Float64Array;
  private readonly converted: Uint8Array;

  constructor(pools: number) {
    this.values = new Float64Array(pools * FIELDS);
    this.converted = new Uint8Array(pools);
  }

  /** Where the numbers of one of the list's pools begin. */
  at(pool: KnownPool): number {
    const { place } = pool;
    const start = place * FIELDS;
    if (this.converted[place] === 0) {
      convert(pool, this.values.subarray(start, start + FIELDS));
      this.converted[place] = 1;
    }
    return start;
  }

  /**
   * Credit that the curve asks for an amount, up to the rounding of floating point: where the search for the exact figure best begins.
   * @param psi resource base units, below the pool's reserve
   * @returns credit base units, ≥ 0
   */
  nearCurveCost(pool: KnownPool, psi: bigint): bigint {
    const { values } = this;
    const at = this.at(pool);
    const taken = (values[at + FIELD.centre] as number) * Number(psi);
    const credit = curveIn(values[at + FIELD.x] as number, values[at + FIELD.t] as number, values[at + FIELD.lambda] as number, taken);
    return credit > 0 && credit < Number.POSITIVE_INFINITY ? BigInt(Math.round(credit)) : 0n;
  }
}

/** By list of pools. */
const known = new WeakMap<readonly KnownPool[], PoolNumbers>();

/** The numbers of a list of pools. */
export function numbersOf(pools: readonly KnownPool[]): PoolNumbers {
  let numbers = known.get(pools);
  if (numbers === undefined) {
    numbers = new PoolNumbers(pools.length);
    known.set(pools, numbers);
  }
  return numbers;
}

function convert(pool: KnownPool, out: Float64Array): void {
  const w = Number(pool.wE18);
  const lambda = Number(pool.lambdaE18) / w;
  const centre = Number(pool.centreE18) / 1e18;
  const x = centre * Number(pool.psi);
  const t = Number(pool.theta);
  const apart = centre * Number(pool.psiRef - pool.psi);
  // Θ − Θ_ref: what the curve gave for moving from the reference to here.
  const value = apart === 0 ? 0 : -curveIn(x, t, lambda, -apart);
  out[FIELD.centre] = centre;
  out[FIELD.x] = x;
  out[FIELD.t] = t;
  out[FIELD.lambda] = lambda;
  out[FIELD.gross] = 1 / (1 - Number(pool.marketFeeE18) / 1e18);
  out[FIELD.risk] = Number(pool.riskE18) / 1e18 / (centre * Number(pool.psiRef));
  out[FIELD.apart] = apart;
  out[FIELD.value] = apart > 0 ? Math.max(0, value) : value;
  out[FIELD.cap] = Number(pool.cap);
}

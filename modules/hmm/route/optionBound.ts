import { E18 } from "#sdk";
import type { KnownPool } from "./knownPool.ts";
import { type RouteComponent, type RouteOption, unitsOf } from "./problem.ts";
import { SLOPE_BITS, slopeRise, tangentAt } from "./tangent.ts";

const SLOPE = 1n << SLOPE_BITS;
/** Most further tangents of one option: each one squares what the last one missed. */
const MAX_TRIES = 3;

function divFloor(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a < 0n && q * b !== a ? q - 1n : q;
}

/** Quotient of any integer by a positive one, rounded up. */
export function divCeil(a: bigint, b: bigint): bigint {
  // Quotients of BigInt go toward zero.
  return a > 0n ? (a + b - 1n) / b : a / b;
}

/** A component with what the prices of its options are compared with. */
export interface Scale {
  readonly component: RouteComponent;
  /** Need of the leading class. */
  readonly units: bigint;
  /** M·units·10¹⁸: an option's price over this is credit base units per unit of the leading class. */
  readonly den: bigint;
}

/** What bounding a route may still cost. */
export interface BoundWork {
  /** An option that misses its supremum by less than this is bounded well enough, credit base units times 2^128. */
  readonly enough: bigint;
  /** Further tangents left for the whole route. */
  refinements: number;
}

/** @param components number of components of the problem */
export function createScale(component: RouteComponent, components: bigint): Scale {
  const units = unitsOf(component);
  return { component, units, den: components * units * E18 };
}

/**
 * Whether an option costs more than its price from the first unit on, even without its risk fee. Decides most options without a square root.
 */
function isTooDear({ component, units, den }: Scale, { pools }: RouteOption, price: bigint): boolean {
  if (price <= 0n) return true;
  const [only] = pools;
  if (pools.length === 1 && only !== undefined) {
    const first = only.firstPrice();
    // Where a risk potential was paid already, its rounding counts: less than two units of credit.
    return (only.psi < only.psiRef ? price + 2n * den : price) * first.den <= first.num * den;
  }
  let cost = 0n;
  let slack = 0n;
  for (const [i, pool] of pools.entries()) {
    const first = pool.firstPrice();
    const lo = (first.num << SLOPE_BITS) / first.den;
    cost += lo * (component.needs[i]?.psi ?? 0n);
    if (i !== component.lead) slack += lo;
    if (pool.psi < pool.psiRef) slack += 2n * SLOPE;
  }
  return divCeil(price << SLOPE_BITS, den) * units + slack * units <= cost;
}

/**
 * Most units that a route could take from an option, rounding of the classes that do not lead included.
 * @returns at least optionCap
 */
function mostUnits({ component, units }: Scale, { pools }: RouteOption): bigint {
  let most = units;
  for (let i = 0; i < pools.length; i++) {
    const pool = pools[i] as KnownPool;
    const cap = i === component.lead ? pool.cap : ((pool.cap + 1n) * units) / (component.needs[i]?.psi ?? 1n);
    if (cap < most) most = cap;
  }
  return most;
}

/** An option that a price draws on. */
interface Draw {
  readonly option: RouteOption;
  /** q·M·units·10¹⁸ per unit. */
  readonly price: bigint;
  /** q times 2^128, rounded down and up. */
  readonly qLo: bigint;
  readonly qHi: bigint;
  /** Most units that can be taken. */
  readonly most: bigint;
}

/** Bound of an option's supremum by the tangent at one part. */
interface Trial {
  readonly units: bigint;
  /** The supremum is at most this, times 2^128. */
  readonly surplus: bigint;
  /** What the slopes miss of the price over the whole range, times 2^128: how much a better part could still lower the bound. */
  readonly miss: bigint;
  /** Slope per unit around the part, times 2^128. */
  readonly slope: bigint;
}

/**
 * Bounds sup { q·u − C(u) : 0 ≤ u ≤ most } by the tangents of the option's pools at a part.
 *
 * A leg of a class that does not lead is its exact part of the need give or take less than a unit, there as well as here: two units of slack at
 * its slope; one at the origin, where rounding down to zero is exact.
 */
function tryPart({ component, units, den }: Scale, { option, price, qLo, qHi, most }: Draw, part: bigint): Trial {
  let floor = 0n;
  let lo = 0n;
  let hi = 0n;
  let slack = 0n;
  for (let i = 0; i < option.pools.length; i++) {
    const need = component.needs[i]?.psi ?? 0n;
    const leads = i === component.lead;
    const tangent = tangentAt(option.pools[i] as KnownPool, leads ? part : (need * part) / units);
    floor += tangent.floor;
    lo += leads ? tangent.lo : (tangent.lo * need) / units;
    hi += leads ? tangent.hi : divCeil(tangent.hi * need, units);
    if (!leads) slack += part === 0n ? tangent.lo : 2n * tangent.hi;
  }
  const up = qHi - lo;
  if (part === 0n) {
    // Nothing taken costs exactly nothing; whatever is taken is at least one unit.
    const best = (up > 0n ? up * most : up) + slack - floor * SLOPE;
    return { units: part, surplus: best > 0n && most > 0n ? best : 0n, miss: up > 0n ? up * most : 0n, slope: lo };
  }
  const right = up * (most - part);
  const left = (hi - qLo) * part;
  let miss = right > 0n ? right : 0n;
  if (left > miss) miss = left;
  return {
    units: part,
    surplus: divCeil((price * part) << SLOPE_BITS, den) - floor * SLOPE + miss + slack,
    miss,
    slope: right > left ? lo : hi,
  };
}

/** Part at which an option's slope should be nearer to its price: by the curvature, then by the chord of the last two trials. */
function nextPart({ component, units }: Scale, { option, qLo, most }: Draw, last: Trial, before: Trial | undefined): bigint {
  const wanted = qLo - last.slope;
  let move: bigint;
  if (before !== undefined && before.slope !== last.slope) {
    move = (wanted * (last.units - before.units)) / (last.slope - before.slope);
  } else {
    let rise = 0n;
    for (const [i, pool] of option.pools.entries()) {
      const need = component.needs[i]?.psi ?? 0n;
      const amount = i === component.lead ? last.units : (need * last.units) / units;
      rise += (slopeRise(pool, amount) * need * need) / (units * units);
    }
    // The rise has 128 bits of fraction more than the slope, so that flat curves keep some digits.
    move = rise === 0n ? 0n : (wanted << SLOPE_BITS) / rise;
  }
  const part = last.units + move;
  return part < 0n ? 0n : part > most ? most : part;
}

/**
 * Bounds from above what an option is worth at a price: sup { q·u − C(u) : 0 ≤ u ≤ cap }.
 * @param price q·M·units·10¹⁸ per unit
 * @param part where the first tangent is tried, units of the leading class, within the option's cap
 * @param work its refinements are counted down
 * @returns credit base units times 2^128, rounded up, ≥ 0
 */
export function mostSurplus(scale: Scale, option: RouteOption, price: bigint, part: bigint, work: BoundWork): bigint {
  if (isTooDear(scale, option, price)) return 0n;
  const wide = price << SLOPE_BITS;
  const qLo = divFloor(wide, scale.den);
  const draw: Draw = { option, price, qLo, qHi: qLo * scale.den === wide ? qLo : qLo + 1n, most: mostUnits(scale, option) };
  let before: Trial | undefined;
  let last = tryPart(scale, draw, part);
  let best = last.surplus;
  for (let tries = 0; tries < MAX_TRIES && last.miss > work.enough && work.refinements > 0; tries++) {
    const next = nextPart(scale, draw, last, before);
    if (next === last.units) break;
    work.refinements--;
    before = last;
    last = tryPart(scale, draw, next);
    if (last.surplus < best) best = last.surplus;
  }
  return best > 0n ? best : 0n;
}

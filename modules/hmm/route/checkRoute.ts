import type { RouteLeg } from "#proto/hanzo/hmm/v1/types";
import { divUp } from "#sdk";
import { hmmError } from "../errors.ts";
import { parseUnits } from "./parseBundle.ts";
import { type RouteComponent, type RouteOption, type RoutePool, type RouteProblem, unitsOf } from "./problem.ts";

/** A purchase from one pool. */
export interface RouteAmount {
  readonly poolId: string;
  /** Resource base units, > 0. */
  readonly psi: bigint;
}

/** What a route takes from one option. */
export interface PlacedOption {
  readonly option: RouteOption;
  /** Part of the component, in units of its leading class. */
  readonly units: bigint;
  /** Resource base units by class of the component. */
  readonly amounts: readonly bigint[];
}

/** A route that serves its problem: the options it uses, by component. */
export type PlacedRoute = readonly (readonly PlacedOption[])[];

/**
 * Reads the legs of a message.
 * @param maxLegs most legs
 * @throws hmm/26 when there are none or too many, when pools do not rise, and when an amount is 0 or wider than 112 bits
 */
export function parseLegs(legs: readonly RouteLeg[], maxLegs: number): RouteAmount[] {
  if (legs.length === 0 || legs.length > maxLegs) throw hmmError.invalidBundle(`legs: expected 1 to ${maxLegs}, got ${legs.length}`);
  let before = "";
  return legs.map(({ poolId, resource }, i) => {
    if (poolId <= before) throw hmmError.invalidBundle(`legs: expected rising pool identifiers, got "${poolId}" after "${before}"`);
    before = poolId;
    return { poolId, psi: parseUnits(resource, `legs[${i}].resource`) };
  });
}

/** Where a pool stands in a problem. */
interface Place {
  readonly component: number;
  readonly option: RouteOption;
  readonly index: number;
  readonly pool: RoutePool;
}

/** Finds the options of the legs without an index of all pools: a route has few legs. */
function findPlaces(problem: RouteProblem, legs: readonly RouteAmount[]): Map<string, Place> {
  const wanted = new Set(legs.map(({ poolId }) => poolId));
  const places = new Map<string, Place>();
  for (const [component, { options }] of problem.components.entries()) {
    for (const option of options) {
      const { pools } = option;
      for (let index = 0; index < pools.length; index++) {
        const pool = pools[index] as RoutePool;
        if (wanted.has(pool.id)) places.set(pool.id, { component, option, index, pool });
      }
    }
  }
  return places;
}

function requireNeeds({ needs, lead }: RouteComponent, placed: readonly PlacedOption[]): void {
  for (const [i, { resourceClass, psi }] of needs.entries()) {
    let sum = 0n;
    for (const { amounts } of placed) sum += amounts[i] ?? 0n;
    if (sum !== psi) throw hmmError.infeasible(`${resourceClass}: expected legs of ${psi} resource base units together, got ${sum}`);
  }
  const units = needs[lead]?.psi ?? 0n;
  for (const { option, amounts, units: part } of placed) {
    for (const [i, { resourceClass, psi }] of needs.entries()) {
      // What the leading class takes is the part itself.
      if (i === lead) continue;
      // Same proportions: every leg is its exact part of the need, rounded up or down.
      const distance = (amounts[i] ?? 0n) * units - psi * part;
      if (distance >= units || -distance >= units) {
        const exact = `${(psi * part) / units}`;
        throw hmmError.infeasible(
          `group "${option.name}": expected ${exact} or one more resource base units of ${resourceClass}, got ${amounts[i] ?? 0n}`,
        );
      }
    }
  }
}

/** Mean of every limit's load over the job, as fractions over one denominator. */
function meansOf(problem: RouteProblem, placed: PlacedRoute): { readonly nums: readonly bigint[]; readonly den: bigint } {
  const needs = problem.components.map(unitsOf);
  const all = needs.reduce((product, units) => product * units, 1n);
  const nums = problem.limits.map((_, k) => {
    let num = 0n;
    for (const [m, options] of placed.entries()) {
      let load = 0n;
      for (const { option, units } of options) {
        const own = option.load[k] ?? 0n;
        if (own !== 0n) load += own * units;
      }
      num += load * (all / (needs[m] ?? 1n));
    }
    return num;
  });
  return { nums, den: all * BigInt(needs.length) };
}

/**
 * What a route reaches of every limit.
 * @returns means in the limits' units, rounded up, in the order of the problem's limits
 */
export function reachedMeans(problem: RouteProblem, placed: PlacedRoute): bigint[] {
  const { nums, den } = meansOf(problem, placed);
  return nums.map((num) => divUp(num, den));
}

/**
 * Checks in integers that legs serve a problem: every need is met exactly, no leg exceeds its pool's cap, the limits on means hold, and a
 * group that serves classes together serves them in the same proportions: its leg of every class is the part that its leg of the leading
 * class is of that class's need, rounded up or down to a base unit.
 * @param legs each pool once, every amount > 0
 * @returns where the legs stand, for the certificate
 * @throws hmm/27 naming what is not met and by how much
 */
export function checkRoute(problem: RouteProblem, legs: readonly RouteAmount[]): PlacedRoute {
  const places = findPlaces(problem, legs);
  const used = problem.components.map(() => new Map<RouteOption, bigint[]>());
  for (const { poolId, psi } of legs) {
    const place = places.get(poolId);
    if (place === undefined) throw hmmError.infeasible(`pool "${poolId}" cannot serve the bundle`);
    if (psi > place.pool.cap)
      throw hmmError.infeasible(`pool "${poolId}": expected at most ${place.pool.cap} resource base units, got ${psi}`);
    const options = used[place.component];
    const amounts = options?.get(place.option) ?? place.option.pools.map(() => 0n);
    amounts[place.index] = psi;
    options?.set(place.option, amounts);
  }
  const placed = used.map((options, m) => {
    const component = problem.components[m];
    const lead = component?.lead ?? 0;
    const list = [...options].map(([option, amounts]) => ({ option, amounts, units: amounts[lead] ?? 0n }));
    if (component !== undefined) requireNeeds(component, list);
    return list;
  });
  const { nums, den } = meansOf(problem, placed);
  for (const [k, { name, bound }] of problem.limits.entries()) {
    const num = nums[k] ?? 0n;
    if (num > bound * den) throw hmmError.infeasible(`${name}: expected a mean of at most ${bound}, got ${divUp(num, den)} (rounded up)`);
  }
  return placed;
}

// Fewer legs than the optimum has: the part of the problem that is not convex. Greedy: the legs that save least are dropped a few at a time
// and the rest is solved again. Where what remains cannot hold the need, a charge per option, spread over its cap, first draws the route to large pools.

import { hmmError } from "../../modules/hmm/errors.ts";
import type { PlacedRoute, RouteAmount } from "../../modules/hmm/route/checkRoute.ts";
import { optionPrice } from "./dualPoint.ts";
import { findRelaxed, type RelaxedRoute } from "./relaxedRoute.ts";
import { type CostPoint, costAt, keepOptions, type RouteModel } from "./routeModel.ts";

/** Rounds of dropping: each keeps at most this share of the legs. */
const KEPT_SHARE = 0.65;
const MAX_ROUNDS = 24;
/** First charge per option, relative to the route's cost, and how many charges are tried. */
const FIRST_CHARGE = 1e-5;
const MAX_CHARGES = 14;

/** A route in whole units. */
export interface WholeLegs {
  readonly legs: RouteAmount[];
  readonly placed: PlacedRoute;
}

/** Rounds an optimum of a model to whole units that pass the check. */
export type ToWhole = (model: RouteModel, route: RelaxedRoute) => WholeLegs | undefined;

function usedOptions({ parts }: RelaxedRoute): number[] {
  const used: number[] = [];
  for (let g = 0; g < parts.length; g++) if ((parts[g] as number) > 0) used.push(g);
  return used;
}

function legCount(model: RouteModel, options: Iterable<number>): number {
  let count = 0;
  for (const g of options) count += (model.legStarts[g + 1] as number) - (model.legStarts[g] as number);
  return count;
}

function componentOf(model: RouteModel, option: number): number {
  let m = 0;
  while (option >= (model.starts[m + 1] as number)) m++;
  return m;
}

/** What every used option saves at the route's prices: about what leaving it out would cost. */
function savings(model: RouteModel, { parts, z }: RelaxedRoute, used: readonly number[]): Map<number, number> {
  const point: CostPoint = { cost: 0, price: 0, rise: 0 };
  return new Map(
    used.map((g) => {
      const y = parts[g] as number;
      costAt(model, g, y, point);
      return [g, optionPrice(model, z, componentOf(model, g), g) * y - point.cost];
    }),
  );
}

/**
 * Drops options from the least saving on until the legs fit, as long as the others can still hold every component.
 * @returns the options kept, rising
 */
function dropLeast(model: RouteModel, route: RelaxedRoute, most: number): number[] {
  const used = usedOptions(route);
  const saved = savings(model, route, used);
  used.sort((a, b) => (saved.get(a) ?? 0) - (saved.get(b) ?? 0) || a - b);
  const kept = new Set(used);
  const room = new Float64Array(model.starts.length - 1).fill(-1);
  for (const g of used) (room[componentOf(model, g)] as number) += model.caps[g] as number;
  let count = legCount(model, used);
  for (const g of used) {
    if (count <= most) break;
    const m = componentOf(model, g);
    const cap = model.caps[g] as number;
    if ((room[m] as number) - cap < 1e-9) continue;
    (room[m] as number) -= cap;
    kept.delete(g);
    count -= legCount(model, [g]);
  }
  return [...kept].sort((a, b) => a - b);
}

/** The optimum with a charge for every option used, spread over the option's cap: few large pools instead of many small ones. */
function solveCharged(model: RouteModel, charge: number): RelaxedRoute | undefined {
  const add = model.caps.map((cap) => (cap > 0 ? charge / cap : 0));
  const shifted: RouteModel = {
    ...model,
    charges: add,
    first: model.first.map((price, g) => price + (add[g] as number)),
    last: model.last.map((price, g) => price + (add[g] as number)),
    full: model.full.map((cost, g) => cost + (add[g] as number) * (model.caps[g] as number)),
  };
  return findRelaxed(shifted, 0);
}

/** Raises the charge until the route's largest options hold it in few enough legs and meet the limits, then lowers it as far as that lasts. */
function findLarge(model: RouteModel, optimum: RelaxedRoute, most: number, toWhole: ToWhole): WholeLegs | undefined {
  let best: { readonly whole: WholeLegs; readonly value: number } | undefined;
  let low = 0;
  let high = FIRST_CHARGE * optimum.value;
  for (let step = 0; step < MAX_CHARGES; step++) {
    const charge = best === undefined ? high : 0.5 * (low + high);
    const charged = solveCharged(model, charge);
    const kept = charged === undefined ? undefined : dropLeast(model, charged, most);
    const fewer = kept === undefined || legCount(model, kept) > most ? undefined : keepOptions(model, kept);
    const route = fewer === undefined ? undefined : findRelaxed(fewer, 0);
    const whole = fewer === undefined || route === undefined ? undefined : toWhole(fewer, route);
    if (whole !== undefined && route !== undefined && whole.legs.length <= most) {
      if (best === undefined || route.value < best.value) best = { whole, value: route.value };
      high = charge;
      if (high - low < 0.3 * high) break;
    } else {
      low = charge;
      if (best === undefined) high = charge * 3;
    }
  }
  return best?.whole;
}

/** Fewest legs that can hold every component: its largest caps. Limits may ask for more. */
function fewestLegs({ caps, starts, legStarts }: RouteModel): number {
  let count = 0;
  for (let m = 0; m + 1 < starts.length; m++) {
    const first = starts[m] as number;
    const perOption = (legStarts[first + 1] as number) - (legStarts[first] as number);
    const falling = caps.slice(first, starts[m + 1] as number).sort((a, b) => b - a);
    let left = 1;
    for (let i = 0; i < falling.length && left > 0; i++) {
      left -= falling[i] as number;
      count += perOption;
    }
  }
  return count;
}

/**
 * A route of at most `most` legs.
 * @param toWhole rounds an optimum of a model
 * @throws hmm/27 when none was found
 */
export function limitLegs(model: RouteModel, optimum: RelaxedRoute, most: number, toWhole: ToWhole): WholeLegs {
  const fewest = fewestLegs(model);
  if (fewest > most) throw hmmError.infeasible(`legs: at least ${fewest} are needed, ${most} are allowed`);
  const found = thinOut(model, optimum, most, toWhole);
  if (found !== undefined) return found;
  const large = findLarge(model, optimum, most, toWhole);
  if (large !== undefined) return large;
  throw hmmError.infeasible(`legs: no route of at most ${most} legs was found, the cheapest has ${legCount(model, usedOptions(optimum))}`);
}

/** Drops legs in rounds, a third of them at most in each. */
function thinOut(model: RouteModel, optimum: RelaxedRoute, most: number, toWhole: ToWhole): WholeLegs | undefined {
  let route = optimum;
  let current = model;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const target = Math.max(most, Math.floor(legCount(current, usedOptions(route)) * KEPT_SHARE));
    const kept = dropLeast(current, route, target);
    if (legCount(current, kept) > target) return undefined;
    current = keepOptions(current, kept);
    const next = findRelaxed(current, 0, route.z) ?? findRelaxed(current, 0);
    if (next === undefined) return undefined;
    route = next;
    if (legCount(current, usedOptions(route)) > most) continue;
    const whole = toWhole(current, route);
    if (whole !== undefined && whole.legs.length <= most) return whole;
  }
  return undefined;
}

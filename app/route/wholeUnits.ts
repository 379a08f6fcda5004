// From parts of floating point to whole base units that pass the integer check.

import { minOf } from "#sdk";
import type { RouteAmount } from "../../modules/hmm/route/checkRoute.ts";
import { optionCap, type RouteComponent, type RouteOption, type RouteProblem, unitsOf } from "../../modules/hmm/route/problem.ts";
import type { RouteModel } from "./routeModel.ts";

/** Whole units by option: numbers of base units of the leading class. */
export type OptionUnits = Map<number, bigint>;

interface Share {
  readonly option: number;
  readonly cap: bigint;
  units: bigint;
  /** What rounding down lost. */
  readonly rest: number;
}

/** Moves `missing` units (may be negative) onto shares, the ones with the most room first. */
function spread(shares: readonly Share[], missing: bigint): bigint {
  let left = missing;
  const room = ({ cap, units }: Share): bigint => (left > 0n ? cap - units : units);
  while (left !== 0n) {
    let best: Share | undefined;
    for (const share of shares) if (best === undefined || room(share) > room(best)) best = share;
    if (best === undefined || room(best) === 0n) return left;
    const size = left > 0n ? left : -left;
    const move = room(best) < size ? room(best) : size;
    best.units += left > 0n ? move : -move;
    left -= left > 0n ? move : -move;
  }
  return 0n;
}

/** Takes missing units from options that the optimum does not use, the cheapest first: where parts are tiny, rounding down fills the others' caps. */
function fillUnused(model: RouteModel, component: RouteComponent, parts: Float64Array, from: number, to: number, missing: bigint): Share[] {
  const unused: number[] = [];
  for (let g = from; g < to; g++) if (!((parts[g] as number) > 0) && (model.caps[g] as number) > 0) unused.push(g);
  unused.sort((a, b) => (model.first[a] as number) - (model.first[b] as number) || a - b);
  const shares: Share[] = [];
  let left = missing;
  for (const option of unused) {
    const cap = optionCap(component, component.options[option - from] as RouteOption);
    const units = minOf(cap, left);
    shares.push({ option, cap, units, rest: 0 });
    left -= units;
    if (left === 0n) break;
  }
  return shares;
}

/** Rounds the parts of one component so that they add up to its units: down, and the largest remainders up. */
function roundComponent(model: RouteModel, component: RouteComponent, parts: Float64Array, from: number, to: number): Share[] {
  const need = unitsOf(component);
  const scale = Number(need);
  const shares: Share[] = [];
  let missing = need;
  for (let g = from; g < to; g++) {
    const part = parts[g] as number;
    const option = model.options[g];
    if (!(part > 0) || option === undefined) continue;
    const exact = part * scale;
    const cap = optionCap(component, option);
    const down = Math.floor(exact);
    const units = BigInt(down) < cap ? BigInt(down) : cap;
    shares.push({ option: g, cap, units, rest: exact - down });
    missing -= units;
  }
  if (missing > 0n && missing <= BigInt(shares.length)) {
    for (const share of [...shares].sort((a, b) => b.rest - a.rest)) {
      if (missing === 0n) break;
      if (share.units >= share.cap) continue;
      share.units += 1n;
      missing -= 1n;
    }
  }
  const left = spread(shares, missing);
  if (left > 0n) shares.push(...fillUnused(model, component, parts, from, to, left));
  return shares;
}

/**
 * Whole units for the parts of every component.
 * @returns units by option, zeros left out; a component whose options cannot hold its need stays short, which the check then says
 */
export function roundParts(model: RouteModel, parts: Float64Array): OptionUnits {
  const units: OptionUnits = new Map();
  for (const [m, component] of model.problem.components.entries()) {
    const shares = roundComponent(model, component, parts, model.starts[m] as number, model.starts[m + 1] as number);
    for (const share of shares) if (share.units > 0n) units.set(share.option, share.units);
  }
  return units;
}

/** Amounts of one class in the proportions of the leading class, adding up to its need: every one its exact part, rounded down or up. */
function followLead(entries: readonly (readonly [option: number, units: bigint])[], need: bigint, units: bigint): bigint[] {
  const amounts = entries.map(([, part]) => (part * need) / units);
  let missing = amounts.reduce((left, amount) => left - amount, need);
  const order = entries.map((_, i) => i).sort((a, b) => Number(restOf(b) - restOf(a)) || a - b);
  function restOf(i: number): bigint {
    const rest = ((entries[i]?.[1] ?? 0n) * need) % units;
    // Compared as numbers: 53 bits of it are plenty for a fair order.
    return (rest << 52n) / units;
  }
  for (const i of order) {
    if (missing === 0n) break;
    if (restOf(i) === 0n && ((entries[i]?.[1] ?? 0n) * need) % units === 0n) continue;
    amounts[i] = (amounts[i] ?? 0n) + 1n;
    missing -= 1n;
  }
  return amounts;
}

/**
 * Legs of whole units, in the order of pool identifiers.
 * @param units by option
 */
export function legsOf(model: RouteModel, units: OptionUnits): RouteAmount[] {
  const legs: RouteAmount[] = [];
  const byComponent = model.problem.components.map((): [option: number, units: bigint][] => []);
  for (const entry of units) byComponent[componentOf(model, entry[0])]?.push(entry);
  for (const [m, component] of model.problem.components.entries()) {
    const entries = byComponent[m] ?? [];
    for (const [i, need] of component.needs.entries()) {
      const amounts = i === component.lead ? entries.map(([, part]) => part) : followLead(entries, need.psi, unitsOf(component));
      for (const [at, [g]] of entries.entries()) {
        const poolId = model.options[g]?.pools[i]?.id ?? "";
        const psi = amounts[at] ?? 0n;
        if (psi > 0n) legs.push({ poolId, psi });
      }
    }
  }
  return legs.sort((a, b) => (a.poolId < b.poolId ? -1 : a.poolId > b.poolId ? 1 : 0));
}

/** Component that an option belongs to. */
function componentOf({ starts }: RouteModel, option: number): number {
  let m = 0;
  while ((starts[m + 1] as number) <= option) m++;
  return m;
}

/** Loads over the bound for every limit, over the common denominator of all components. Positive: the limit is broken. */
function brokenBy({ components, limits }: RouteProblem, model: RouteModel, units: OptionUnits, weights: readonly bigint[]): bigint[] {
  const sums = limits.map(() => 0n);
  const bounds = limits.map(({ bound }) => bound);
  const parts = components.map(() => limits.map(() => 0n));
  for (const [g, part] of units) {
    const own = parts[componentOf(model, g)] ?? [];
    const load = model.options[g]?.load ?? [];
    for (let k = 0; k < bounds.length; k++) own[k] = (own[k] ?? 0n) + ((load[k] ?? 0n) - (bounds[k] ?? 0n)) * part;
  }
  for (const [m, own] of parts.entries()) for (const [k, part] of own.entries()) sums[k] = (sums[k] ?? 0n) + part * (weights[m] ?? 0n);
  return sums;
}

const MAX_MOVES = 200;

/**
 * Mends limits that rounding broke: moves units from loaded options to less loaded ones of the same component, as few as it takes.
 * @param units changed in place
 * @returns whether all limits hold now
 */
export function mendLimits(model: RouteModel, units: OptionUnits): boolean {
  const { problem } = model;
  const needs = problem.components.map(unitsOf);
  const all = needs.reduce((product, need) => product * need, 1n);
  const weights = needs.map((need) => all / need);
  for (let move = 0; move < MAX_MOVES; move++) {
    const broken = brokenBy(problem, model, units, weights);
    const worst = broken.findIndex((sum) => sum > 0n);
    if (worst < 0) return true;
    if (!moveUnits(model, units, weights, broken, worst)) return false;
  }
  return false;
}

/** One move: the pair of options that lowers the broken limit most per unit and breaks no other. */
function moveUnits(model: RouteModel, units: OptionUnits, weights: readonly bigint[], broken: readonly bigint[], worst: number): boolean {
  let best: { from: number; to: number; gain: bigint; room: bigint } | undefined;
  for (const [m, component] of model.problem.components.entries()) {
    const start = model.starts[m] as number;
    const weight = weights[m] ?? 0n;
    for (const [i, source] of component.options.entries()) {
      const have = units.get(start + i) ?? 0n;
      if (have === 0n) continue;
      for (const [j, target] of component.options.entries()) {
        const gain = ((source.load[worst] ?? 0n) - (target.load[worst] ?? 0n)) * weight;
        if (gain <= 0n || (best !== undefined && gain <= best.gain) || (model.caps[start + j] as number) <= 0) continue;
        let room = optionCap(component, target) - (units.get(start + j) ?? 0n);
        for (const [k, sum] of broken.entries()) {
          const cost = ((target.load[k] ?? 0n) - (source.load[k] ?? 0n)) * weight;
          if (k === worst || cost <= 0n) continue;
          const spare = sum < 0n ? -sum / cost : 0n;
          if (spare < room) room = spare;
        }
        if (have < room) room = have;
        if (room > 0n) best = { from: start + i, to: start + j, gain, room };
      }
    }
  }
  if (best === undefined) return false;
  const wanted = ((broken[worst] ?? 0n) + best.gain - 1n) / best.gain;
  const move = wanted < best.room ? wanted : best.room;
  const left = (units.get(best.from) ?? 0n) - move;
  if (left > 0n) units.set(best.from, left);
  else units.delete(best.from);
  units.set(best.to, (units.get(best.to) ?? 0n) + move);
  return true;
}
